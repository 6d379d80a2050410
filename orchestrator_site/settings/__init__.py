"""Settings: base reads the environment; demo and test fill it."""
