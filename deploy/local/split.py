"""The rabbitmq profile: a serve and a work process for each service, the edges, all supervised."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from deploy.local.ground import Environment, Ground
from deploy.local.house import edges
from deploy.local.plan import Plan, Running
from deploy.local.progress import Progress
from deploy.local.supervisor import Process, Supervised
from shared.ports import free

START_WITHIN = 120.0
"""Seconds a process may take until it answers, on a slow machine with all the others beside it."""

STOP_WITHIN = 15.0
"""Seconds until asking nicely is over."""


@contextmanager
def split(ground: Ground, plan: Plan, progress: Progress) -> Iterator[Running]:
    """Run everything, each in a process of its own, while the block runs.

    They are started together and stopped in order: who asks before who is asked.
    """
    # All at once: what is chosen later could be what was chosen before and nobody listens on yet.
    ports = iter(free(3 * len(ground.own)))
    addresses = {name: f"127.0.0.1:{next(ports)}" for name in ground.own}
    wanted = processes(ground, addresses, plan, ports)
    running = [Supervised(each, plan.state, progress) for each in wanted]
    try:
        with progress.step(f"{len(running)} processes"):
            for each in running:
                each.start()
            for each in running:
                each.wait_ready(START_WITHIN)
        yield Running(services=addresses, health={each.name: each.health for each in wanted})
    finally:
        for group in ("edge", "work", "serve"):
            _stop([each for each in running if _group(each) == group])


def processes(
    ground: Ground, addresses: Mapping[str, str], plan: Plan, ports: Iterator[int]
) -> list[Process]:
    """Return what has to run, each with its own environment and nobody else's.

    `ports` are for their health and figures: two a service.
    """
    peers = {f"{name.upper()}_ADDRESS": address for name, address in addresses.items()}
    found = [
        _service(name, verb, next(ports), {**peers, **ground.of(name)})
        for name in ground.own
        for verb in ("serve", "work")
    ]
    return found + [_edge(name, plan, {**peers, **ground.common}) for name in edges()]


def _service(name: str, verb: str, port: int, environment: Environment) -> Process:
    prefix = name.upper()
    own = {
        f"{prefix}_GRPC_ADDRESS": environment[f"{prefix}_ADDRESS"],
        f"{prefix}_METRICS_ADDRESS": f"127.0.0.1:{port}",
    }
    return Process(
        name=f"{name}-{verb}",
        command=(f"services.{name}", verb),
        health=f"http://127.0.0.1:{port}/healthz",
        environment={**environment, **own, "PYTHONUNBUFFERED": "1"},
    )


def _edge(name: str, plan: Plan, environment: Environment) -> Process:
    return Process(
        name=name,
        command=(f"services.{name}", "serve"),
        health=f"{plan.edge(name).url}/healthz",
        environment={**environment, **plan.edges, "PYTHONUNBUFFERED": "1"},
    )


def _group(supervised: Supervised) -> str:
    return supervised.process.name.partition("-")[2] or "edge"


def _stop(running: Iterable[Supervised]) -> None:
    running = list(running)
    for each in running:
        each.ask_to_stop()
    for each in running:
        each.stopped(STOP_WITHIN)
