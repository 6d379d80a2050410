"""Who uses the site that is measured: one operator, made with each database."""

NAME = "bench"
PASSWORD = "a password of the benchmarks"
