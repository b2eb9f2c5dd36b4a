"""The embedded profile: all services and both edges in this process, events over a local bus."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr

from deploy.local.edge import serving
from deploy.local.ground import Ground
from deploy.local.house import edges, manifest
from deploy.local.journal import Journal
from deploy.local.plan import Plan, Running
from deploy.local.progress import Progress
from shared import garbage, logging
from shared.embedded import running
from shared.settings import ServiceSettings, load
from shared.starting import in_a_sentence


@contextmanager
def embedded(ground: Ground, plan: Plan, progress: Progress) -> Iterator[Running]:
    """Run everything in this process while the block runs; it logs to `logs/millrun.log`."""
    journal = Journal(plan.state.logs / "millrun.log", progress)
    with ExitStack() as stack:
        stack.enter_context(redirect_stderr(journal))
        settings = _told("millrun", ServiceSettings)
        logging.configure("millrun", level=settings.log_level, format=settings.log_format)
        # Settings come the same way in every profile: this process's own environment is the one.
        os.environ.update(ground.common)
        for own in ground.own.values():
            os.environ.update(own)
        with progress.step(f"{len(ground.own)} services"):
            services = [manifest(name) for name in ground.own]
            settings_of = {each.name: _told(each.name, each.settings) for each in services}
            addresses = stack.enter_context(running(services, settings_of.__getitem__))
        os.environ.update({f"{name.upper()}_ADDRESS": where for name, where in addresses.items()})
        os.environ.update(plan.edges)
        for name in edges():
            with progress.step(name):
                stack.enter_context(serving(name, plan.edge(name)))
        garbage.settle()
        health = {name: f"{plan.edge(name).url}/healthz" for name in edges()}
        yield Running(services=addresses, health=health)


def _told(name: str, cls: type[ServiceSettings]) -> ServiceSettings:
    with in_a_sentence(name):
        return load(name, cls)
