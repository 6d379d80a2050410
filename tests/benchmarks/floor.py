"""The floor: what one Python connection can make durable, one statement a step, with no engine around it."""

import time

import psycopg

TABLES = """
DROP TABLE IF EXISTS floor_step;
DROP TABLE IF EXISTS floor_process;
CREATE TABLE floor_process (id uuid PRIMARY KEY, position integer NOT NULL, status text NOT NULL,
  fence bigint NOT NULL, modified_at timestamptz NOT NULL);
CREATE TABLE floor_step (id bigserial PRIMARY KEY, process_id uuid NOT NULL REFERENCES floor_process,
  position integer NOT NULL, status text NOT NULL, patch jsonb NOT NULL, completed_at timestamptz NOT NULL,
  UNIQUE (process_id, position));
"""
PROCESS = "INSERT INTO floor_process VALUES (gen_random_uuid(), 0, 'running', 1, now()) RETURNING id"
STEP = """
WITH moved AS (
  UPDATE floor_process SET position = position + 1, modified_at = now()
  WHERE id = %s AND fence = 1 AND position = %s RETURNING id, position)
INSERT INTO floor_step (process_id, position, status, patch, completed_at)
SELECT id, position, 'success', %s::jsonb, now() FROM moved
"""


def measure(address: str, processes: int, steps: int) -> float:
    """Steps per second."""
    with psycopg.connect(address, autocommit=True) as raw:
        raw.execute(TABLES)
        began = time.perf_counter()
        for _ in range(processes):
            row = raw.execute(PROCESS).fetchone()
            assert row
            for position in range(steps):
                raw.execute(STEP, [row[0], position, "{}"])
        return processes * steps / (time.perf_counter() - began)
