"""The simulators of outside systems, over real HTTP."""
