"""The swap: whole or not at all, and nobody who reads is disturbed."""

import json
import subprocess
import sys
import textwrap

import duckdb
import pytest

from tests.stores import TAXONOMY, Ad, Board, make_store
from warehouse.build import build
from warehouse.dictionary import load_tables
from warehouse.errors import CheckFailedError, NotPublishedError, WarehouseError
from warehouse.publish import publish
from warehouse.workspace import Workspace

NIGHTS = [(Ad("1"), Ad("2", title="CTO"))] * 3
READER = textwrap.dedent(
    """
    import sys, duckdb
    path, hold = sys.argv[1], sys.argv[2] == "hold"
    sql = "select count(*), max(as_of_date) from postings, about"
    held = duckdb.connect(path, read_only=True) if hold else None
    answers = 0
    print("ready", flush=True)
    while True:
        if held:
            rows = held.execute(sql).fetchall()
        else:
            with duckdb.connect(path, read_only=True) as connection:
                rows = connection.execute(sql).fetchall()
        assert rows[0][0] == 2, rows
        answers += 1
        if answers == 5:
            print("reading", flush=True)
        import select
        if select.select([sys.stdin], [], [], 0)[0]:
            print(answers, flush=True)
            break
    """
)


@pytest.fixture
def workspace(tmp_path):
    workspace = Workspace(tmp_path)
    make_store(workspace.store, [Board("x", NIGHTS)])
    build(workspace, taxonomy=TAXONOMY)
    return workspace


def rebuild(workspace):
    build(workspace, taxonomy=TAXONOMY)
    return publish(workspace)


def test_publish_swaps_the_file_and_writes_parquet_beside_it(workspace):
    report = publish(workspace)
    assert report.path == workspace.warehouse
    assert not workspace.new_warehouse.exists()
    with duckdb.connect(str(workspace.warehouse), read_only=True) as published:
        expected = published.execute("select * from role_demand_daily").fetchall()
    with duckdb.connect() as anywhere:
        file = workspace.parquet / "role_demand_daily.parquet"
        assert anywhere.execute("select * from read_parquet(?)", [str(file)]).fetchall() == expected
    package = json.loads((workspace.parquet / "datapackage.json").read_text())
    assert [one["name"] for one in package["resources"]] == list(load_tables())
    assert all((workspace.parquet / one["path"]).exists() for one in package["resources"])
    assert package["version"] == "2026-01-03"


def test_parquet_is_swapped_whole(workspace):
    publish(workspace)
    before = workspace.parquet.resolve()
    rebuild(workspace)
    after = workspace.parquet.resolve()
    assert before != after
    assert before.exists()  # who reads it may finish
    rebuild(workspace)
    assert workspace.parquet.resolve() == before


def test_a_failed_check_publishes_nothing(workspace):
    publish(workspace)
    published = workspace.warehouse.read_bytes()
    build(workspace, taxonomy=TAXONOMY)
    with duckdb.connect(str(workspace.new_warehouse)) as connection:
        connection.execute("update about set unextracted_contents = 1")
    with pytest.raises(CheckFailedError):
        publish(workspace)
    assert workspace.warehouse.read_bytes() == published


def test_nothing_built_names_the_remedy(tmp_path):
    with pytest.raises(NotPublishedError, match="vpoe build"):
        publish(Workspace(tmp_path))


def test_a_build_leaves_the_published_file_alone(workspace):
    publish(workspace)
    published = workspace.warehouse.read_bytes()
    build(workspace, taxonomy=TAXONOMY)
    assert workspace.warehouse.read_bytes() == published


def test_a_store_larger_than_the_memory_is_named_and_nothing_is_lost(workspace, monkeypatch):
    publish(workspace)
    before = workspace.warehouse.read_bytes()
    monkeypatch.setattr("warehouse.build.MEMORY_LIMIT", "1MB")
    with pytest.raises(WarehouseError, match=r"store\.duckdb.*memory"):
        build(workspace, taxonomy=TAXONOMY)
    assert workspace.warehouse.read_bytes() == before
    assert not workspace.new_warehouse.exists()


@pytest.mark.parametrize("habit", ["hold", "reopen"])
def test_a_reader_is_undisturbed_by_20_publishes(workspace, habit):
    """One process holds the file that it opened, one opens it anew for every question."""
    publish(workspace)
    build(workspace, taxonomy=TAXONOMY)
    spare = workspace.root / "spare.duckdb"
    spare.write_bytes(workspace.new_warehouse.read_bytes())
    command = [sys.executable, "-c", READER, str(workspace.warehouse), habit]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as reader:
        assert reader.stdout.readline() == "ready\n"
        assert reader.stdout.readline() == "reading\n"
        for _ in range(20):
            workspace.new_warehouse.write_bytes(spare.read_bytes())
            publish(workspace)
        answers, _ = reader.communicate("stop\n", timeout=60)
    assert reader.returncode == 0
    assert int(answers) > 5


def test_the_file_is_written_for_older_clients(workspace):
    """The header names storage version 65, which is v1.2.0: DuckDB 1.5 and older open it."""
    publish(workspace)
    header = workspace.warehouse.read_bytes()[:20]
    assert header[8:12] == b"DUCK"
    assert int.from_bytes(header[12:20], "little") == 65
