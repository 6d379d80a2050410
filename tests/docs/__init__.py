"""The documents say what is true: their code is run."""
