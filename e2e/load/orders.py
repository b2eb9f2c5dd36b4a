"""Orders on the rabbitmq profile: submitted, listed, read, and heard of elsewhere."""

import json
from collections.abc import Iterator, Mapping

from deploy.local.world import World
from e2e.load import limits
from e2e.load.clients import apart, over_http
from e2e.load.customer import Customer
from e2e.load.effects import delays
from e2e.load.figures import Figure
from e2e.load.processes import busy, footprints
from e2e.load.rows import Bare
from e2e.load.timing import figures_of, percentile

CLIENTS = (1, 8, 32)
MARKED = 8
SUBMIT_MARKS = {"rate": 250.0, "p99": 80.0}
EFFECT_MARKS = {"p50": 50.0, "p99": 500.0}
STEADY = 50
"""Submissions a second while nothing queues: what an effect takes by itself."""


def submissions(running: World, customer: Customer, count: int) -> Iterator[Figure]:
    """Yield how fast drafts are submitted, beside the bare rows and a bare gRPC call."""
    bare = Bare.of(running, customer.submitted[0])
    for clients in CLIENTS:
        many = count if clients > 1 else count // 3
        wanted = customer.submissions(many)
        before = busy(running.pids)
        taken, answers = apart(over_http, customer.port, wanted, clients)
        # What other services make of it is part of what it costs.
        delays(running, [json.loads(answer)["name"] for answer in answers])
        after = busy(running.pids)
        limit = bare.timing(3 * many, clients)
        marks = SUBMIT_MARKS if clients == MARKED else None
        yield from figures_of(f"submit.{clients}", taken, limit, "orders/s", marks)
        call = limits.echo(answers[0][:1024], 3 * many, clients)
        yield Figure(name=f"limit.grpc.{clients}", value=call.rate, unit="calls/s")
        if clients == MARKED:
            yield from _spent(before, after, many)


def reads(_: World, customer: Customer, count: int) -> Iterator[Figure]:
    """Yield how fast orders are listed and read, beside a page of Starlette's of the same size."""
    paths = {
        "list20": f"/v1/{customer.enterprise}/orders?pageSize=20",
        "detail": f"/v1/{customer.submitted[0]}",
    }
    for name, path in paths.items():
        for clients in CLIENTS:
            wanted = [customer.request("GET", path)] * count
            taken, answers = apart(over_http, customer.port, wanted, clients)
            limit = limits.page(answers[0], 3 * count, clients)
            yield from figures_of(f"{name}.{clients}", taken, limit, "pages/s")


def effects(running: World, customer: Customer, count: int) -> Iterator[Figure]:
    """Yield how long after its commit a submission is in the partners' feed."""
    for name, clients, pace in (("steady", 8, STEADY), ("busy", 8, 0)):
        wanted = customer.submissions(count // 2)
        _, answers = apart(over_http, customer.port, wanted, clients, pace)
        seconds = delays(running, [json.loads(answer)["name"] for answer in answers])
        for label, share in (("p50", 0.5), ("p99", 0.99)):
            yield Figure(
                name=f"effect.{name}.{label}",
                value=percentile(seconds, share),
                unit="ms",
                mark=EFFECT_MARKS[label],
            )


def memory(running: World, _: Customer, __: int) -> Iterator[Figure]:
    """Yield what the processes take, each and together."""
    taken = footprints(running.pids)
    for name, size in taken.items():
        yield Figure(name=f"memory.{name}", value=size, unit="MiB")
    yield Figure(name="memory.split", value=sum(taken.values()), unit="MiB")


def _spent(before: Mapping[str, float], after: Mapping[str, float], count: int) -> Iterator[Figure]:
    """Yield what a submission costs each process, in milliseconds of processor time."""
    used = {name: after[name] - before.get(name, 0.0) for name in after}
    for name, seconds in [*used.items(), ("all", sum(used.values()))]:
        if seconds >= 0.01:
            yield Figure(name=f"cpu.{name}", value=1000 * seconds / count, unit="ms/order")
