"""How long it takes to make a contract: printed, with its codes, and sealed."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from e2e.load.figures import Figure
from e2e.load.timing import Timing, percentile
from services.contract.document import Printer, facts, sealed
from services.contract.domain.contract import Contract
from services.contract.seal_keys import generate
from services.contract.settings import ContractSettings
from services.contract.tests.builders import a_contract

DOCUMENTS = 60
LINES = 5
MARK = 100.0
"""Milliseconds a sealed contract may take (issue: the order and its contract)."""


def figures() -> Iterator[Figure]:
    """Yield what a sealed contract takes, beside printing alone."""
    with TemporaryDirectory() as folder:
        generate(Path(folder), "Sample Modules Co., Ltd.")
        settings = ContractSettings(seal=Path(folder))
        printer = Printer(settings.template, settings.fonts)
        bare = _timed(lambda each: printer.print(facts(each, "en"), 0))
        whole = _timed(lambda each: sealed(each, settings))
    for label, share in (("p50", 0.5), ("p99", 0.99)):
        yield Figure(
            name=f"contract.sealed.{label}",
            value=percentile(whole.seconds, share),
            unit="ms",
            limit=percentile(bare.seconds, share),
            mark=MARK,
        )


def _timed(make: Callable[[Contract], object]) -> Timing:
    """Time `make` on contracts that all differ, once everything is loaded."""
    contracts = [a_contract(lines=LINES, quantity=100 + number) for number in range(DOCUMENTS + 3)]
    for each in contracts[:3]:
        make(each)
    seconds = []
    for each in contracts[3:]:
        began = time.perf_counter()
        make(each)
        seconds.append(time.perf_counter() - began)
    return Timing(sum(seconds), seconds)
