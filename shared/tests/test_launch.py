"""A process is started by one word, and ends when it is told to."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest

from shared.caller import Role
from shared.launch import launch
from shared.storage import Database
from shared.testing import LONG, eventually
from shared.testing.callers import Token, caller
from shared.testing.databases import Databases
from shared.testing.serving import Served
from shared.tests.probe.contract import pb, pb_grpc
from shared.tests.probe.store import mapper

PROBE = "shared.tests.probe"


@pytest.fixture
def environ(databases: Databases, probe_database: Database, keys_folder: Path) -> dict[str, str]:
    return {
        "PYTHONPATH": ".:gen",
        "PATH": os.environ["PATH"],
        "PROBE_DATABASE_URL": databases.access("probe", mapper.metadata).app_url,
        "PROBE_GRPC_ADDRESS": "127.0.0.1:0",
        "PROBE_METRICS_ADDRESS": "127.0.0.1:0",
        # Nobody listens there: a service answers all the same, and its events wait.
        "AMQP_URL": "amqp://127.0.0.1:9",
        "MILLRUN_KEYS": str(keys_folder),
        "LOG_FORMAT": "json",
    }


class Process:
    """A service that runs by itself."""

    def __init__(self, environ: dict[str, str], log: Path) -> None:
        self.log = log
        self.process = subprocess.Popen(
            [sys.executable, "-m", PROBE, "serve"], env=environ, stderr=log.open("w")
        )
        self.port = int(eventually(lambda: self.said(r'"port": (\d+)')))

    def said(self, pattern: str) -> str:
        found = re.search(pattern, self.log.read_text())
        return found.group(found.re.groups) if found else ""


@pytest.fixture
def process(environ: dict[str, str], tmp_path: Path) -> Iterator[Process]:
    running = Process(environ, tmp_path / "log")
    yield running
    if running.process.poll() is None:
        running.process.kill()
    running.process.wait()


def create(process: Process, token: str, text: str) -> Any:
    with grpc.insecure_channel(f"127.0.0.1:{process.port}") as channel:
        return pb_grpc.ProbeServiceStub(channel).CreateNote(
            pb.CreateNoteRequest(parent="enterprises/acme", note=pb.Note(text=text)),
            metadata=[("authorization", f"Bearer {token}")],
            timeout=LONG,
        )


def test_it_serves_until_it_is_told_to_stop(process: Process, token: Token) -> None:
    """Without a broker it answers all the same; its events wait in the outbox."""
    assert create(process, token(caller(Role.BUYER)), "hello").text == "hello"
    process.process.send_signal(signal.SIGTERM)
    assert process.process.wait(LONG) == 0
    assert process.said("(stopping)")


def test_a_stop_that_hangs_does_not_keep_the_process() -> None:
    """A database that stands still answers neither the relay nor whoever is being answered."""
    hangs = """
import threading
from shared.server import end_within
threading.Thread(target=threading.Event().wait).start()
end_within(0.1)
"""
    assert subprocess.run([sys.executable, "-c", hangs], timeout=LONG).returncode == 1


def test_it_shows_its_metrics_and_its_health(process: Process, token: Token) -> None:
    create(process, token(caller(Role.BUYER)), "hello")
    port = process.said(r'"metrics_port": (\d+)')
    address = f"http://127.0.0.1:{port}"
    with urllib.request.urlopen(f"{address}/healthz", timeout=LONG) as answer:
        assert answer.status == 200

    def shown() -> str:
        with urllib.request.urlopen(f"{address}/metrics", timeout=LONG) as answer:
            return str(answer.read().decode())

    # It gives the database two seconds to say so, which a busy machine may use up.
    eventually(lambda: 'millrun_outbox_size{service="probe"} 1.0' in shown())


def test_a_chore_is_run_and_done(environ: dict[str, str], probe: Served) -> None:
    done = subprocess.run(
        [sys.executable, "-m", PROBE, "note", "by", "hand"],
        env=environ,
        capture_output=True,
        text=True,
        timeout=LONG,
    )
    assert (done.returncode, done.stdout) == (0, "noted\n"), done.stderr
    notes = probe.stub(pb_grpc.ProbeServiceStub, as_=caller(Role.BUYER))
    assert [note.text for note in notes.ListNotes(pb.ListNotesRequest()).notes] == ["by hand"]


def test_a_word_it_does_not_know_is_answered_with_those_it_does() -> None:
    with pytest.raises(SystemExit, match=r"serve\|work\|migrate\|note$"):
        launch(PROBE, ["dance"])


def test_a_setting_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PROBE_DATABASE_URL", raising=False)
    with pytest.raises(SystemExit, match="PROBE_DATABASE_URL"):
        launch(PROBE, ["serve"])


@pytest.mark.parametrize(
    ("setting", "value", "why"),
    [
        ("PROBE_THREADS", "many", "PROBE_THREADS is wrong: it should be a valid integer"),
        ("LOG_FORMAT", "xml", "LOG_FORMAT is wrong: it should be 'console' or 'json'"),
        ("LOG_LEVEL", "loud", "LOG_LEVEL is wrong: it should be 'debug', 'info'"),
        ("PROBE_LOG_LEVEL", "loud", "PROBE_LOG_LEVEL is wrong"),
        ("PROBE_DATABASE_URL", "hunter2", "it should begin with postgresql.psycopg://"),
        ("AMQP_URL", "hunter2", "AMQP_URL is wrong: it should begin with amqp://"),
        ("PROBE_GRPC_ADDRESS", "hunter2", "PROBE_GRPC_ADDRESS is wrong: it should be host:port"),
        ("PROBE_METRICS_ADDRESS", "hunter2", "it should be host:port, as 0.0.0.0:9090"),
        ("MILLRUN_KEYS", "/nowhere", "There are no public keys at /nowhere"),
    ],
)
def test_a_setting_that_is_wrong_is_named_in_a_sentence_and_not_shown(
    environ: dict[str, str], setting: str, value: str, why: str
) -> None:
    ended = _end_of(environ | {setting: value}, "serve")
    assert re.search(why, ended)
    assert len(ended.splitlines()) == 1
    assert "hunter2" not in ended


def test_an_address_that_is_taken_is_named(environ: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        for setting in ("PROBE_GRPC_ADDRESS", "PROBE_METRICS_ADDRESS"):
            ended = _end_of(environ | {setting: address}, "serve")
            assert f"Nothing can be served on {address}" in ended.splitlines()[-1]
            assert "Traceback" not in ended


def test_whoever_cannot_wait_for_a_database_says_that_it_is_away(environ: dict[str, str]) -> None:
    away = "postgresql+psycopg://probe:hunter2@127.0.0.1:9/probe"
    for verb, setting in {
        "note": "PROBE_DATABASE_URL",
        "migrate": "PROBE_OWNER_DATABASE_URL",
    }.items():
        ended = _end_of(environ | {setting: away}, verb)
        assert "probe cannot reach its database" in ended
        assert 'connection to server at "127.0.0.1", port 9 failed' in ended
        assert "Traceback" not in ended
        assert "hunter2" not in ended


def _end_of(environ: dict[str, str], verb: str) -> str:
    """What a process says that ends by itself, and not well."""
    done = subprocess.run(
        [sys.executable, "-m", PROBE, verb, "by hand"],
        env=environ,
        capture_output=True,
        text=True,
        timeout=LONG,
    )
    assert done.returncode == 1
    return done.stderr
