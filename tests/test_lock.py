"""One run at a time, whoever died before."""

import logging
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.errors import LockHeldError
from crawler.lock import run_lock
from crawler.run import crawl
from tests.servers import FIRST, board
from warehouse.workspace import Workspace

HOLDER = """
import sys, time
from pathlib import Path
from crawler.lock import run_lock
with run_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def hold(path: Path) -> "subprocess.Popen[str]":
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    return holder


def end(holder: "subprocess.Popen[str]", by: signal.Signals) -> None:
    holder.send_signal(by)
    holder.communicate(timeout=10)


def test_a_second_run_is_told_who_holds_the_lock_and_touches_nothing(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    holder = hold(workspace.lock)
    try:
        with pytest.raises(LockHeldError, match=rf'"pid":{holder.pid}\b'):
            crawl(workspace, FIRST, [board("acme")], base_urls={"greenhouse": "http://127.0.0.1:9"})
        assert [file.name for file in tmp_path.iterdir()] == [workspace.lock.name]
    finally:
        end(holder, signal.SIGKILL)


def test_the_lock_of_a_dead_run_is_taken_over_and_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "lock"
    holder = hold(path)
    end(holder, signal.SIGKILL)
    with caplog.at_level(logging.WARNING), run_lock(path):
        assert f'"pid":{os.getpid()}' in path.read_text()
    assert f'left behind by {{"pid":{holder.pid}' in caplog.text


def test_the_lock_of_another_boot_is_taken_over(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "lock"
    path.write_text('{"pid":1,"boot":"another"}')  # pid 1 lives, but never held this lock
    with run_lock(path):
        pass
    assert '"boot":"another"' in caplog.text


def test_a_run_that_ends_leaves_no_trace_and_no_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "lock"
    for _ in range(2):
        with run_lock(path):
            pass
    assert (path.read_bytes(), caplog.text) == (b"", "")


def test_the_steps_of_one_run_share_its_lock(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with run_lock(path):
        with run_lock(path):
            pass
        assert path.read_text()  # the inner step's end isn't the run's
