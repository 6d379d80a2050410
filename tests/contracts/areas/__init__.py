"""The stops of the tour, a file for each area."""
