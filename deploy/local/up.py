"""`make up`: everything in order, what is going on in sight, and everything ended at the end."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import asdict

from deploy.local import house
from deploy.local.first import first_start
from deploy.local.ground import Ground, ground
from deploy.local.plan import Plan, Running
from deploy.local.ports import insist_free
from deploy.local.progress import Progress
from deploy.local.signins import SignIns
from deploy.local.stranded import end_stranded
from deploy.local.welcome import what_now
from shared.signals import hearing


def up(plan: Plan, progress: Progress) -> None:
    """Run Millrun until somebody stops it; return when all of it has ended.

    Refuses, with a Refusal that says what to do, if it cannot start.
    """
    with _one_interrupt() as told, ExitStack() as stack:
        try:
            _start(stack, plan, progress)
            told()
        except KeyboardInterrupt:
            progress.say("stopping")
    progress.say("stopped; what is stored is there at the next start")


def _start(stack: ExitStack, plan: Plan, progress: Progress) -> None:
    began = time.monotonic()
    told = {"profile": plan.profile, "portal": plan.portal.url, "console": plan.console.url}
    stack.enter_context(plan.state.held(told))
    insist_free(plan.portal, setting="MILLRUN_PORTAL_ADDRESS")
    insist_free(plan.console, setting="MILLRUN_CONSOLE_ADDRESS")
    SignIns(plan.state.sign_ins)  # one that is damaged is refused before anything is started
    if stranded := end_stranded(plan.state):
        progress.say(f"ended {stranded} processes of a run that had been killed")
    stands_on = stack.enter_context(_ground(plan, progress))
    running = stack.enter_context(_running(stands_on, plan, progress))
    plan.state.tell(asdict(running))
    progress.say(f"        {plan.portal.url} after {time.monotonic() - began:.1f} s")
    first_start(plan, stands_on, progress)
    progress.box(what_now(plan.state, portal=plan.portal.url, console=plan.console.url))
    plan.state.tell({"ready": True})


def _ground(plan: Plan, progress: Progress) -> AbstractContextManager[Ground]:
    services = house.services()
    if plan.bus == "local":
        # What takes the processor goes on beside what mostly waits.
        threading.Thread(target=_import, args=(services,), name="import", daemon=True).start()
    return ground(services, bus=plan.bus, state=plan.state, progress=progress)


def _running(stands_on: Ground, plan: Plan, progress: Progress) -> AbstractContextManager[Running]:
    # Only one of the two is needed, and each brings much with it.
    if plan.bus == "rabbitmq":
        from deploy.local.split import split

        return split(stands_on, plan, progress)
    from deploy.local.embedded import embedded

    return embedded(stands_on, plan, progress)


def _import(services: list[str]) -> None:
    with suppress(Exception):  # whoever needs it imports it again, and says what is wrong
        for name in services:
            house.manifest(name)


@contextmanager
def _one_interrupt() -> Iterator[Callable[[], signal.Signals]]:
    """Let the first Ctrl-C or SIGTERM raise KeyboardInterrupt, and later ones change nothing.

    Lends a function that waits for it.
    """
    stopping = threading.Event()

    def stop(number: int, frame: object) -> None:
        if not stopping.is_set():
            stopping.set()
            raise KeyboardInterrupt

    with hearing(signal.SIGINT, signal.SIGTERM, then=stop) as told:
        yield told
