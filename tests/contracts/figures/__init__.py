"""What can be counted of the house: `./run check --figures`. Each figure is read from the source, nothing is imported.

Some have a bound, and one that passes its bound fails the command. Begin at `__main__`, which lists them.
"""
