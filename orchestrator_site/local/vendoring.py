"""Fetch the front-end files of the site: `python -m orchestrator_site.local.vendoring` when the manifest changed.

The manifest (static/vendor/manifest.json) names packages, versions, licences, files and icons. npm is needed for this
step only; the result is committed, and nothing of it runs at build or run time.
"""

import json
import re
import subprocess
import sys
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

VENDOR = Path(__file__).parents[1] / "static" / "vendor"
SOURCE_MAP = re.compile(rb"\s*(/\*# sourceMappingURL=\S+ \*/|//# sourceMappingURL=\S+)\s*$")
SHAPE = re.compile(r"<(?!svg|/svg)[^>]+>")
FRAME = '<path stroke="none" d="M0 0h24v24H0z" fill="none" />'


def main(vendor: Path = VENDOR) -> None:
    """Write every file that the manifest names."""
    manifest = json.loads((vendor / "manifest.json").read_text())
    for package in manifest["packages"]:
        with TemporaryDirectory() as folder, unpacked(package, Path(folder)) as tar:
            write(vendor, package, tar)
        sys.stdout.write(f"{package['name']} {package['version']}\n")


def unpacked(package: Mapping[str, Any], folder: Path) -> tarfile.TarFile:
    """The package as npm publishes it, opened; npm checks its hash."""
    name = f"{package['name']}@{package['version']}"
    packed = subprocess.run(  # noqa: S603 - the name comes from our own manifest
        ["npm", "pack", "--silent", name],  # noqa: S607 - npm of the person who runs this
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    return tarfile.open(folder / packed.stdout.strip())


def write(vendor: Path, package: Mapping[str, Any], tar: tarfile.TarFile) -> None:
    """Copy named files (without links to source maps, which hashed static files would miss) and build the sprite."""
    for source, target in package.get("files", {}).items():
        path = vendor / target
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(SOURCE_MAP.sub(b"\n", read(tar, source)))
    if "sprite" in package:
        drawings = {name: read(tar, f"icons/outline/{name}.svg").decode() for name in package["icons"]}
        (vendor / package["sprite"]).write_text(sprite(drawings))
        (vendor / "tabler" / "LICENCE-icons.txt").write_bytes(read(tar, "LICENSE"))


def read(tar: tarfile.TarFile, name: str) -> bytes:
    """A file of the package."""
    file = tar.extractfile(f"package/{name}")
    if file is None:
        raise FileNotFoundError(name)
    return file.read()


def sprite(drawings: Mapping[str, str]) -> str:
    """One SVG with a symbol per icon; strokes are inherited from the place of use."""
    symbols = "\n".join(symbol(name, shapes(svg)) for name, svg in sorted(drawings.items()))
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'


def symbol(name: str, inner: Sequence[str]) -> str:
    return f'<symbol id="{name}" viewBox="0 0 24 24">{"".join(inner)}</symbol>'


def shapes(svg: str) -> list[str]:
    """What an icon draws, without its invisible frame."""
    return [shape for shape in SHAPE.findall(svg) if shape != FRAME]


if __name__ == "__main__":
    main()
