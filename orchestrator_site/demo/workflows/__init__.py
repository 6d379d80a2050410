"""The demo's workflows: what a customer of ours writes. Only the doors for authors are used."""
