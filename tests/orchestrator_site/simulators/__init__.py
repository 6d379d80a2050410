"""The simulators of external systems, over real HTTP."""
