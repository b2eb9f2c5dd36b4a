"""Kills processes while an order is on its way."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from deploy.local.people import Journey
from deploy.local.world import World

A_STEP = 0.12
"""Seconds in which most steps are over: a kill comes at any moment of them."""

DEAD_FOR = 0.3
"""Seconds a process stays dead at most."""


@dataclass(frozen=True)
class Killer:
    """Kills `victims`, each during another step of a journey that chance picks."""

    world: World
    victims: Sequence[str]
    chance: random.Random

    def drives(self, journey: Journey) -> None:
        """Take an order from its submission to its end, killing on the way."""
        steps = journey.steps
        moments = self.chance.sample(range(len(steps)), len(self.victims))
        deaths = dict(zip(moments, self.victims, strict=True))
        with ThreadPoolExecutor(1) as beside:
            for number, (_, after, step) in enumerate(steps):
                under_way = beside.submit(_take, journey, step, after)
                # Here and not beside: a process ends with the thread that started it.
                if victim := deaths.get(number):
                    self._kill(victim)
                under_way.result()

    def _kill(self, victim: str) -> None:
        pause = threading.Event()
        pause.wait(self.chance.uniform(0, A_STEP))
        before = self.world.pids[victim]
        self.world.kill(victim)
        pause.wait(self.chance.uniform(0, DEAD_FOR))
        self.world.start(victim)
        assert self.world.pids[victim] != before, f"{victim} was not killed"


def _take(journey: Journey, step: Callable[[], Any], after: str) -> None:
    step()
    journey.buyer.sees_order(journey.order, after)
