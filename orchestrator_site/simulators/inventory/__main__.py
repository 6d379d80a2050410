"""`python -m orchestrator_site.simulators.inventory --port N --file F` serves until SIGTERM or Ctrl-C."""

import argparse
import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

from orchestrator_site.simulators.inventory.app import InventoryApp
from orchestrator_site.simulators.inventory.server import LOOPBACK, open_server


def main() -> None:
    """Binds to loopback only; the token of the API comes from the environment, where other users cannot read it."""
    parser = argparse.ArgumentParser(prog="inventory", description="An inventory shaped like NetBox, for the demo.")
    parser.add_argument("--port", type=int, default=8124)
    parser.add_argument("--file", type=Path, default=Path("inventory.sqlite3"))
    options = parser.parse_args()
    server = open_server(InventoryApp(options.file, token=os.environ.get("INVENTORY_TOKEN", "")), options.port)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        threading.Thread(target=server.shutdown).start()  # shutdown waits for the loop that this handler interrupts

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    sys.stdout.write(f"Inventory on http://{LOOPBACK}:{server.server_port}/\n")
    sys.stdout.flush()
    server.serve_forever(poll_interval=0.1)
    server.server_close()


if __name__ == "__main__":
    main()
