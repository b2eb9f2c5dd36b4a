"""A working vendor to look at: enterprises, products and orders in every state.

Everything is done over the public API, by the people whose sign-ins are kept on this machine, so
it shows nothing that anybody could not have done by hand. What is there already is left alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from deploy.local.demo import goods, orders, shelf
from deploy.local.demo.cast import Cast
from deploy.local.people import Api
from deploy.local.progress import Progress
from deploy.local.signins import SignIns

AT_ONCE = 3
"""Orders told at the same time."""


def fill(api_url: str, sign_ins: SignIns, progress: Progress) -> None:
    """Fill the Millrun at `api_url`; what was told before is not told again.

    Remembers in `sign_ins` who can sign in. Refuses with Refused if Millrun does.
    """
    with Api(api_url, patience=10.0) as api:
        with progress.step("demo: modules, firmware, licences, services and prices"):
            cast = Cast(api, sign_ins)
            shelf.stock(cast.vendor)
        with progress.step("demo: three enterprises and their people"):
            cast.gather()
            shelf.price_for_the_manufacturer(cast.vendor)
        with progress.step("demo: products"):
            goods.develop(cast)
            cast.enroll_partner()
        told = orders.known(cast)
        _tell([each for each in orders.TALES if each.po_no not in told], cast, progress)
        if told:
            progress.say(f"        {len(told)} orders of the demo were there already")


def _tell(tales: Iterable[orders.Tale], cast: Cast, progress: Progress) -> None:
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for under_way in [threads.submit(_one, each, cast, progress) for each in tales]:
            under_way.result()


def _one(tale: orders.Tale, cast: Cast, progress: Progress) -> None:
    with progress.step(f"demo: {tale.po_no} {tale.title}"):
        tale.tell(cast)
