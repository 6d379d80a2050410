"""What the peer is told, and what its migrations do without where pgvector is not installed."""

from pathlib import Path

import pytest

from tests.benchmarks.peer import install


def test_the_peer_gets_its_own_settings_and_none_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://ours")
    monkeypatch.setenv("SECRET_KEY", "ours")

    told = install.environment("postgresql://postgres@127.0.0.1:5432/peer_1")

    assert told["DATABASE_URI"] == "postgresql+psycopg://postgres@127.0.0.1:5432/peer_1"
    assert told["OAUTH2_ACTIVE"] == "False"
    assert {"DATABASE_URL", "SECRET_KEY"} & set(told) == set()


def test_indexes_of_pgvector_become_plain_ones(tmp_path: Path) -> None:
    core = tmp_path / "venv/lib/python3.11/site-packages/orchestrator/core"
    migration = core / "migrations/versions/schema/2026_add_search.py"
    migration.parent.mkdir(parents=True)
    migration.write_text(
        '    conn.execute(text("CREATE EXTENSION IF NOT EXISTS vector;"))\n'
        '    run("CREATE INDEX a ON b USING HNSW (embedding vector_l2_ops) WITH (m = 16, ef_construction = 64);")\n'
    )

    install.leave_out_vector_indexes(tmp_path / "venv/bin/python")

    assert migration.read_text() == '    pass\n    run("CREATE INDEX a ON b (entity_id);")\n'
