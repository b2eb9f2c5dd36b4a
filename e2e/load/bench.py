"""`make bench`: measures Millrun beside what this machine can do at most.

Every figure stands next to its limit, measured in the same run on the same machine: where others
work on it too, what counts is the ratio.
"""

import argparse
import os
from collections.abc import Collection, Iterator
from pathlib import Path

from deploy.local.house import ROOT
from deploy.local.world import world
from e2e.load import catalogue, contracts, embedded, order_lists, orders
from e2e.load.customer import Customer
from e2e.load.effects import date_commits
from e2e.load.figures import LEGEND, Figure, heading, keep, line
from shared import garbage

PARTS = """parts, each a step of its own:
  contracts  a contract is printed and sealed
  embedded   `make up` starts first and again, and the memory it takes
  catalogue  10,000 products are listed and searched at the database
  lists      a million orders are made at the database, and a page of them is asked for in every way
and on every process with RabbitMQ:
  submit     drafts are submitted by 1, 8 and 32 clients, and what one costs each process
  read       lists and orders are read by as many
  effect     how long after its commit a submission is in the partners' feed
  memory     what each process takes"""

CONTRACTS, EMBEDDED, CATALOGUE, LISTS = "contracts", "embedded", "catalogue", "lists"
ALONE = (CONTRACTS, EMBEDDED, CATALOGUE, LISTS)
ON_RABBITMQ = {
    "submit": orders.submissions,
    "read": orders.reads,
    "effect": orders.effects,
    "memory": orders.memory,
}


def main() -> None:
    """Measure what was asked for, print it and keep it."""
    asked = _asked()
    # As every server does: what is measured in this process would wait for the collector, which
    # without it looks through all of them every twentieth page.
    garbage.settle()
    print(LEGEND, heading(), sep="\n", flush=True)
    found = []
    for figure in measured(asked.only or [*ALONE, *ON_RABBITMQ], asked.orders):
        found.append(figure)
        print(line(figure), flush=True)
    print(f"{os.cpu_count()} processors, load average {os.getloadavg()[0]:.1f}")
    keep(found, asked.into)


def measured(names: Collection[str], count: int) -> Iterator[Figure]:
    """Yield the figures that belong to `names`, with `count` orders a measurement."""
    if CONTRACTS in names:
        yield from contracts.figures()
    if EMBEDDED in names:
        yield from embedded.figures(count)
    if CATALOGUE in names:
        yield from catalogue.figures()
    if LISTS in names:
        yield from order_lists.figures()
    parts = [part for name, part in ON_RABBITMQ.items() if name in names]
    if parts:
        with world("rabbitmq") as running:
            date_commits(running)
            with Customer.of(running) as customer:
                customer.warm_up()
                for part in parts:
                    yield from part(running, customer, count)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make bench ARGS=…",
        description=__doc__,
        epilog=PARTS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    names = [*ALONE, *ON_RABBITMQ]
    parser.add_argument(
        "--only",
        nargs="+",
        choices=names,
        metavar="PART",
        help="what to measure; else everything: allow it the machine for long",
    )
    parser.add_argument(
        "--orders", type=int, default=1000, metavar="N", help="orders a measurement submits (1000)"
    )
    parser.add_argument(
        "--into",
        type=Path,
        default=ROOT / ".state" / "bench.json",
        metavar="FILE",
        help="where the figures are kept (.state/bench.json)",
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
