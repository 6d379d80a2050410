"""Stand-ins for the external systems that the demo talks to, over real HTTP.

Not here: their clients (`demo.clients`). The rule: each is a process of its own with a port and a file, and knows
nothing of this project. Begin with `inventory`.
"""
