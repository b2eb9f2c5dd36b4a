"""Every process shows what it counts, and whether it is well."""

import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from shared import backlog, metrics
from shared.health import Health
from shared.ids import new_id
from shared.storage import Database, Scope
from shared.testing import LONG, eventually
from shared.testing.databases import Databases
from shared.tests.probe.service import service
from shared.tests.probe.store import Note, NoteCreated, mapper


class Ground:
    """What a process stands on."""

    database = alive = True


@pytest.fixture
def ground() -> Ground:
    return Ground()


@pytest.fixture
def page(ground: Ground) -> Iterator[str]:
    health = Health({"database": lambda: ground.database}, alive=lambda: ground.alive)
    with metrics.exposed("127.0.0.1:0", health) as port:
        yield f"http://127.0.0.1:{port}"


def get(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=LONG) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_the_page_shows_what_is_counted(page: str) -> None:
    metrics.rpc_timer("probe", "Look", "OK")(0.02)
    status, text = get(f"{page}/metrics")
    assert status == 200
    assert 'millrun_rpc_seconds_count{code="OK",method="Look",service="probe"}' in text
    assert "process_resident_memory_bytes" in text


def test_health_is_asked_for_each_time(page: str, ground: Ground) -> None:
    assert get(f"{page}/healthz") == (200, '{"status": "ok"}')
    ground.database = False
    away = '{"status": "unavailable", "away": ["database"]}'
    assert get(f"{page}/healthz") == (503, away)
    assert get(f"{page}/livez") == (200, '{"status": "ok"}'), "a restart brings nothing back"
    ground.database = True
    assert get(f"{page}/healthz") == (200, '{"status": "ok"}')


def test_only_who_is_stuck_has_to_be_started_again(page: str, ground: Ground) -> None:
    ground.alive = False
    assert get(f"{page}/livez") == (503, '{"status": "stuck"}')


def test_who_gives_up_before_it_is_answered_is_no_news(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    asked, goes_on, over = threading.Event(), threading.Event(), threading.Event()

    def slow() -> bool:
        asked.set()
        return goes_on.wait(LONG)

    shutdown = metrics._Pages.shutdown_request

    def noted(pages: metrics._Pages, request: socket.socket) -> None:
        shutdown(pages, request)
        over.set()

    monkeypatch.setattr(metrics._Pages, "shutdown_request", noted)
    monkeypatch.setattr(metrics, "render", lambda: slow() and b"x" * 4_000_000)
    with metrics.exposed("127.0.0.1:0", Health({})) as port:
        with socket.create_connection(("127.0.0.1", port)) as impatient:
            impatient.sendall(b"GET /metrics HTTP/1.0\r\n\r\n")
            assert asked.wait(LONG)
        goes_on.set()
        assert over.wait(LONG)
    said = capfd.readouterr()
    assert "Traceback" not in said.out + said.err


def test_nothing_else_is_there(page: str) -> None:
    assert get(f"{page}/secrets")[0] == 404


def test_without_an_address_nothing_is_served() -> None:
    with metrics.exposed("", Health({})) as port:
        assert port == 0


def gauge(name: str) -> float | None:
    return metrics.registry.get_sample_value(name, {"service": "probe"})


def test_the_backlog_of_a_service_is_shown(
    probe_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backlog, "PATIENCE", LONG)  # a busy machine does not stand still
    with backlog.watched("probe", probe_database):
        assert gauge("millrun_outbox_size") == 0
        with probe_database.transaction(Scope("acme")) as tx:
            note = Note(id=new_id(), enterprise="acme", text="hello")
            note.record(NoteCreated(note=note.name, text="hello"))
            tx.add(note)
        assert gauge("millrun_outbox_size") == 1
        assert (gauge("millrun_outbox_age_seconds") or 0) >= 0
        assert (gauge("millrun_inbox_waiting"), gauge("millrun_inbox_dead")) == (0, 0)
        assert gauge("millrun_database_up") == 1
    assert gauge("millrun_outbox_size") is None


def test_a_database_that_stands_still_does_not_hide_all_other_figures(
    page: str, probe_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on, asked = threading.Event(), []

    def stands_still(database: Database) -> backlog.Counted:
        asked.append(database)
        goes_on.wait(LONG)
        return 0, 0, 0, 0

    monkeypatch.setattr(backlog, "_count", stands_still)
    monkeypatch.setattr(backlog, "PATIENCE", 0.1)
    metrics.rpc_timer("probe", "Still", "OK")(0.02)
    with backlog.watched("probe", probe_database):
        for _ in range(2):
            text = get(f"{page}/metrics")[1]
            assert 'millrun_database_up{service="probe"} 0.0' in text
            assert 'method="Still"' in text
        assert asked == [probe_database]  # who waits for it already is not joined by others
        goes_on.set()
        eventually(lambda: gauge("millrun_database_up") == 1)


def test_a_database_that_is_away_is_shown_as_such(databases: Databases) -> None:
    url = databases.access("probe", mapper.metadata).app_url.replace("probe_app", "nobody_known")
    away = Database(url, name="probe", events=service.events, settings=service.settings())
    with away, backlog.watched("probe", away):
        assert gauge("millrun_database_up") == 0
        assert gauge("millrun_outbox_size") is None
