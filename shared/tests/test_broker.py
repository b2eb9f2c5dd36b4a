"""A RabbitMQ to use: given, private, or a sentence that says how to get one."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared import broker, debian
from shared.broker import BrokerMissing, Given
from shared.broker_node import BrokerFailed, Node
from shared.rabbit import connect


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broker, "installed", lambda: None)


@pytest.fixture
def own_node(tmp_path: Path) -> Iterator[Node]:
    node = Node(tmp_path, broker.installed() or broker.install())
    node.start()
    with node:
        yield node


def test_a_broker_that_is_given_is_used_as_it_is(tmp_path: Path) -> None:
    with broker.provide(tmp_path, url="amqp://elsewhere/") as given:
        assert isinstance(given, Given)
        assert given.url == "amqp://elsewhere/"
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("nothing_installed")
def test_whoever_may_not_install_is_told_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(BrokerMissing, match=r"Install it.*AMQP_URL.*BUS=local"):
        broker.provide(tmp_path)


@pytest.mark.usefixtures("nothing_installed")
def test_an_installation_that_fails_says_so_and_leaves_no_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "apt-get").write_text("#!/bin/sh\nexit 100\n")
    (tmp_path / "apt-get").chmod(0o755)
    policy = tmp_path / "policy-rc.d"
    monkeypatch.setattr(debian, "_POLICY", policy)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(BrokerMissing, match="apt-get install rabbitmq-server' failed"):
        broker.provide(tmp_path / "state")
    assert not policy.exists()


def test_installing_starts_no_service_of_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy, seen = tmp_path / "policy-rc.d", tmp_path / "seen"
    (tmp_path / "apt-get").write_text(f"#!/bin/sh\n{policy} && exit 1\necho $? > {seen}\n")
    (tmp_path / "apt-get").chmod(0o755)
    monkeypatch.setattr(debian, "_POLICY", policy)
    monkeypatch.setattr(broker, "installed", lambda: Path("rabbitmq-server"))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert broker.install() == Path("rabbitmq-server")
    assert seen.read_text() == "101\n"


def test_a_node_that_cannot_start_says_where_to_look(tmp_path: Path) -> None:
    program = tmp_path / "server"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    with pytest.raises(BrokerFailed, match=f"console.log and log/ in {tmp_path}"):
        Node(tmp_path, program).start()


@pytest.mark.rabbit
def test_a_node_whose_starter_was_killed_is_ended_by_the_next_which_ends_with_all_it_started(
    own_node: Node, tmp_path: Path
) -> None:
    with Node(tmp_path, broker.installed() or broker.install()) as successor:
        successor.start()
        assert all(process.poll() is not None for process in own_node._running)
        assert successor.url != own_node.url
        connect(successor.url).close()
        pids = [int(pid) for pid in (tmp_path / "pids").read_text().split()]
        assert len(pids) == 2
        listening = [address for pid in pids for address in _listens_on(pid)]
        assert len(listening) >= 3
        assert set(listening) <= {"127.0.0.1", "::1"}, "it listens on this machine only"
        successor.stop()
        assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


def _listens_on(pid: int) -> list[str]:
    """Return the addresses on which the process `pid` listens, as the kernel knows them."""
    sockets = {os.readlink(link) for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()}
    found = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in sockets:
                found.append(_address(fields[1].partition(":")[0]))
    return found


def _address(written: str) -> str:
    known = {"0100007F": "127.0.0.1", "00000000000000000000000001000000": "::1"}
    return known.get(written, written)
