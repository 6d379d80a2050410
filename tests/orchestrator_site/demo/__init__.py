"""The demo's clients and workflows against the simulators."""
