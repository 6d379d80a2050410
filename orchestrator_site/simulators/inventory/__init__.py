"""An inventory shaped like NetBox for the demo: its own process, port and file; it knows no Django.

Not here: what our workflows ask of it (`demo.clients.inventory`). The rule: it answers as NetBox does; `knobs` alone
make it fail. Begin with `app`, then `objects`.
"""
