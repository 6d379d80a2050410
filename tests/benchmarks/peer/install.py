"""orchestrator-core from PyPI, in an environment of its own below a folder, and its tables in a database."""

import os
import subprocess
import sys
from pathlib import Path
from shutil import copy, which
from urllib.parse import urlsplit

import psycopg

VERSION = "5.5.0"
APP = Path(__file__).parent / "app"
EXTENSIONS = ("uuid-ossp", "ltree", "unaccent", "pg_trgm")
_HNSW = "USING HNSW (embedding vector_l2_ops) WITH (m = 16, ef_construction = 64)"
_VECTOR = 'conn.execute(text("CREATE EXTENSION IF NOT EXISTS vector;"))'


class NoUv(Exception):
    """uv, which installs the peer, is not on the path."""


def install(folder: Path) -> Path:
    """The Python of an environment with the peer in it. Raises NoUv."""
    uv = which("uv")
    if uv is None:
        raise NoUv
    environment = folder / "venv"
    python = environment / "bin" / "python"
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, environment], check=True)
    package = f"orchestrator-core=={VERSION}"
    subprocess.run([uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", python, package], check=True)
    return python


def environment(address: str) -> dict[str, str]:
    """What its programs are told: the documented settings, no sign-in, and no way out to the internet for litellm."""
    parts = urlsplit(address)
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "SECRET_KEY"}}
    return {
        **kept,
        "DATABASE_URI": parts._replace(scheme="postgresql+psycopg").geturl(),
        "LOG_LEVEL": "WARNING",
        "OAUTH2_ACTIVE": "False",
        "OAUTH2_AUTHORIZATION_ACTIVE": "False",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    }


def make_tables(python: Path, folder: Path, address: str) -> None:
    """Its extensions, its migrations, and the rows of the benchmarks."""
    with psycopg.connect(address, autocommit=True) as raw:
        for name in EXTENSIONS:
            raw.execute(f'CREATE EXTENSION "{name}"'.encode())
        if raw.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'vector'").fetchone() is None:
            raw.execute((APP / "vector.sql").read_bytes())
            leave_out_vector_indexes(python)
    copy(APP / "main.py", folder)
    for command in (["db", "init"], ["db", "upgrade", "heads"]):
        told = [str(python), "main.py", *command]
        subprocess.run(told, cwd=folder, env=environment(address), check=True, capture_output=True)
    with psycopg.connect(address, autocommit=True) as raw:
        raw.execute((APP / "fill.sql").read_bytes())
        raw.execute("VACUUM ANALYZE")


def leave_out_vector_indexes(python: Path) -> None:
    """Let the migrations of this environment do without pgvector: a plain index in place of each of its own."""
    site = next((python.parents[1] / "lib").glob("python*/site-packages/orchestrator/core"))
    for file in (site / "migrations" / "versions" / "schema").glob("*.py"):
        text = file.read_text()
        file.write_text(text.replace(_VECTOR, "pass").replace(_HNSW, "(entity_id)"))
