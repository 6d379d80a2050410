"""Measure the product against what the machine allows; `./run bench` runs all of it and prints a table."""
