"""`vpoe`, as it is typed: help, answers, one-line errors, exit codes."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass

import duckdb
import pytest
import typer

from crawler.errors import (
    ClockError,
    ConfigurationError,
    CrawlerError,
    ExitCode,
    LockHeldError,
)
from pipeline import cli
from taxonomy.rows import TaxonomyError
from tests.stores import Ad, Board, make_store
from warehouse.build import build
from warehouse.errors import CheckFailedError, NotPublishedError, StoreVersionError
from warehouse.publish import publish
from warehouse.workspace import Workspace

COMMAND = [sys.executable, "-m", "pipeline.cli"]
ROW = "greenhouse,acme,Acme (invented),JP,,list,2026-01-01,,"
HEADER = "source,board,employer,country_code,url,discovery_reason,added_date,retired_date,note"


@dataclass(frozen=True)
class Ended:
    exit_code: int
    out: str
    err: str


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A published file of one invented board."""
    workspace = Workspace(tmp_path_factory.mktemp("cli"))
    nights = [(Ad("1"), Ad("2", title="CTO", location="Osaka"))] * 3
    make_store(workspace.store, [Board("acme", nights)])
    build(workspace)
    publish(workspace)
    return workspace.root


@pytest.fixture
def vpoe(home, monkeypatch, capsys):
    """Type a command; VPOE_HOME is the published one unless `at` names another."""

    def run(*args, at=home):
        monkeypatch.setenv("VPOE_HOME", str(at))
        monkeypatch.setattr(sys, "argv", ["vpoe", *args])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        return Ended(int(ended.value.code or 0), out, err)

    return run


def commands(group=None, names=()):
    """Every command there is, with the words that are typed for it."""
    group = group or typer.main.get_command(cli.app)
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*names, name))
        elif not command.hidden:
            yield (*names, name), command


COMMANDS = list(commands())
# Of these there is one way to type them.
SELF_EVIDENT = {"extract", "build", "check", "publish", "status", "shell", "demo"}


def test_help_names_every_command(vpoe):
    ended = vpoe("--help")
    assert ended.exit_code == 0
    for names, _ in COMMANDS:
        assert names[0] in ended.out
    assert vpoe().out.strip().startswith("Usage")


@pytest.mark.parametrize(("names", "command"), COMMANDS, ids=[" ".join(c[0]) for c in COMMANDS])
def test_every_command_explains_itself(vpoe, names, command):
    ended = vpoe(*names, "--help")
    assert (ended.exit_code, ended.err) == (0, "")
    assert command.help
    if names[-1] not in SELF_EVIDENT:
        assert "Example" in command.help
        assert f"vpoe {' '.join(names)}" in command.help
    for option in command.params:
        assert getattr(option, "help", None) or option.name == "help", option.name


def error_of(ended, exit_code=1):
    """The one line that an error is."""
    assert ended.exit_code == exit_code, ended.err
    (line,) = ended.err.splitlines()
    assert line.startswith("Error: ")
    assert ended.out == ""
    return line


# ── ask ──────────────────────────────────────────────────────────────────────────────────────────


def test_trend_answers_by_id_label_and_group(vpoe):
    rows = [json.loads(vpoe("trend", name, "--format", "json").out) for name in ("cto", "CTO")]
    assert rows[0] == rows[1]
    assert vpoe("trend", "vpoe_broad", "--by", "day", "--format", "csv").out.startswith("")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("trend", "vp_enginering"), ["vp_enginering", "vp_engineering"]),
        (("trend", "vp_engineering", "--country", "XX"), ["XX"]),
        (("trend", "vp_engineering", "--source", "greenhous"), ["greenhous", "greenhouse"]),
        (("query", "drop table openings"), ["DROP", "read-only"]),
        (("explain", "no/such/posting"), ["no/such/posting"]),
        (("annotate", "no_such_file.csv"), ["no_such_file.csv"]),
    ],
)
def test_a_wrong_question_is_one_line(vpoe, args, words):
    line = error_of(vpoe(*args))
    assert all(word in line for word in words)


@pytest.mark.parametrize(
    "sql", ["select * from read_csv('/etc/passwd')", "from no_such_table", "selec 1"]
)
def test_sql_that_fails_shows_where(vpoe, sql):
    ended = vpoe("query", sql)
    assert (ended.exit_code, ended.out) == (1, "")
    assert ended.err.startswith("Error: ")
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("args", [("trend", "cto"), ("query", "select 1"), ("explain", "1")])
def test_nothing_published_names_the_remedy(vpoe, tmp_path, args):
    assert "vpoe" in error_of(vpoe(*args, at=tmp_path), ExitCode.NOT_PUBLISHED)


def test_query_reads_standard_input_and_writes_csv(vpoe, monkeypatch):
    import io  # noqa: PLC0415

    monkeypatch.setattr(sys, "stdin", io.StringIO("select 1 as one, '=2' as two"))
    assert vpoe("query", "-", "--format", "csv").out.splitlines() == ["one,two", "1,'=2"]


def test_status_shows_the_nights(vpoe):
    rows = json.loads(vpoe("status", "--format", "json").out)
    assert rows
    assert "2026-01-03" in json.dumps(rows)


def test_a_reader_that_has_seen_enough_is_no_error(home):
    sql = "select * from range(2000000)"
    with subprocess.Popen(
        [*COMMAND, "query", sql, "--format", "csv"],
        env={**os.environ, "VPOE_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout.readline().strip() == b"range"
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


# ── annotate ─────────────────────────────────────────────────────────────────────────────────────


def test_annotate_reads_a_file_in_order(vpoe, tmp_path):
    file = tmp_path / "titles.csv"
    file.write_text("id,title\n1,VP of Engineering\n2,Assistant to the CTO\n", encoding="utf-8")
    ended = vpoe("annotate", str(file))
    records = [json.loads(line) for line in ended.out.splitlines()]
    assert [record["id"] for record in records] == ["1", "2"]
    assert [record["roles"] for record in records] == [["vp_engineering"], ["other"]]


def test_annotate_says_which_lines_were_bad():
    lines = '{"id": 1, "title": "VPoE"}\nnot json\n{"id": 3, "title": "CTO"}\n'
    ended = subprocess.run(
        [*COMMAND, "annotate", "-"], input=lines, capture_output=True, text=True, check=False
    )
    records = [json.loads(line) for line in ended.stdout.splitlines()]
    assert ended.returncode == 1
    assert ["error" in record for record in records] == [False, True, False]
    assert "Traceback" not in ended.stderr
    assert "1 " in ended.stderr


# ── the registry ─────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def registry(tmp_path):
    path = tmp_path / "boards.csv"
    path.write_text(f"{HEADER}\n{ROW}\n", encoding="utf-8")
    return path


def test_boards_are_listed_and_added(vpoe, registry):
    args = ("boards", "add", "lever/globex", "--employer", "Globex (invented)", "--country", "US")
    assert "added lever/globex" in vpoe(*args, "--boards", str(registry)).out
    rows = json.loads(vpoe("boards", "list", "--boards", str(registry), "--format", "json").out)
    assert [(row["source"], row["board"]) for row in rows] == [
        ("greenhouse", "acme"),
        ("lever", "globex"),
    ]
    again = vpoe(*args, "--boards", str(registry))
    assert "already has lever/globex" in error_of(again, ExitCode.CONFIGURATION)
    only = vpoe("boards", "list", "--country", "JP", "--boards", str(registry), "--format", "csv")
    assert len(only.out.splitlines()) == 2


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("greenhous,acme,Acme,,,list,2026-01-01,,", ["line 3", "greenhous"]),
        (ROW, ["line 3", "already on line 2"]),
        ("lever,globex,Globex,XX,,list,2026-01-01,,", ["line 3", "XX"]),
        ("lever,globex,Globex,,,list,tomorrow,,", ["line 3", "tomorrow"]),
        ("workday,globex,Globex,,,list,2026-01-01,,", ["workday/globex", "parts"]),
    ],
)
def test_a_wrong_row_is_refused_before_any_request(
    vpoe, registry, monkeypatch, tmp_path, line, words
):
    monkeypatch.setenv("VPOE_CONTACT", "https://crawler.invalid/")
    registry.write_text(f"{registry.read_text()}{line}\n")
    ended = vpoe("crawl", "--boards", str(registry), at=tmp_path / "new")
    message = error_of(ended, ExitCode.CONFIGURATION)
    assert all(word in message for word in words), message
    assert not (tmp_path / "new").exists()


def test_a_crawl_without_contact_is_refused(vpoe, registry, monkeypatch, tmp_path):
    monkeypatch.delenv("VPOE_CONTACT", raising=False)
    for command in ("crawl", "nightly"):
        ended = vpoe(command, "--boards", str(registry), at=tmp_path / "new")
        assert "VPOE_CONTACT" in error_of(ended, ExitCode.CONFIGURATION)
    assert not (tmp_path / "new" / "store.duckdb").exists()


def test_a_time_zone_that_is_none_is_refused(vpoe, registry, monkeypatch):
    monkeypatch.setenv("VPOE_TIMEZONE", "Asia/Tokio")
    assert "Asia/Tokio" in error_of(
        vpoe("crawl", "--boards", str(registry)), ExitCode.CONFIGURATION
    )


# ── exit codes ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("error", "exit_code"),
    [
        (LockHeldError("x"), 75),
        (ConfigurationError("x"), 78),
        (ClockError("x"), 78),
        (StoreVersionError("x"), 78),
        (TaxonomyError("x"), 78),
        (CheckFailedError("x"), 20),
        (NotPublishedError("x"), 20),
        (CrawlerError("x"), 1),
        (OSError(28, "No space left on device"), 74),
        (duckdb.IOException("no space"), 74),
    ],
    ids=lambda value: type(value).__name__,
)
def test_errors_become_exit_codes(vpoe, monkeypatch, error, exit_code):
    def raise_it():
        raise error

    monkeypatch.setattr(cli, "app", raise_it)
    error_of(vpoe("crawl"), exit_code)


def test_a_bug_shows_its_traceback(vpoe, monkeypatch):
    def raise_it():
        raise ZeroDivisionError

    monkeypatch.setattr(cli, "app", raise_it)
    with pytest.raises(ZeroDivisionError):
        cli.main()
