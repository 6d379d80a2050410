"""orchestrator-core itself, installed and run beside ours: `./run bench peer`. Not part of a run without parts.

`install` brings it from PyPI into a folder, `server` finds a PostgreSQL that has what it needs, `beside` asks both in
turn. `app/` is what a customer of it would write, and runs in its own environment; ours never imports it.
"""

from tests.benchmarks.peer.beside import measure

__all__ = ["measure"]
