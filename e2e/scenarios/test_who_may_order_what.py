"""Who may order what: role × purpose × lifecycle × firmware × authorization, as the rules say.

The table below is written from the requirements (§2, §3) and read by nobody but this test. Each
cell is tried twice: the order is asked for, and *Why can't I order this?* must say the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from deploy.local.people import Enterprise, Refused
from deploy.local.people.customer import Buyer, Rnd
from deploy.local.people.enterprise import fresh

PIECES = 20
"""Two packages, above the minimum, below every limit."""

DEVELOPMENT, TRIAL, MASS = "DEVELOPMENT", "TRIAL_PRODUCTION", "MASS_PRODUCTION"
BETA, RELEASED, RETIRED = "BETA", "RELEASED", "RETIRED"
DEBUGGING, SAMPLE = "DEBUGGING", "RND_SAMPLE"
PURPOSES = (DEBUGGING, SAMPLE, TRIAL, MASS)

STAGES = {
    #              DEVELOPMENT                 TRIAL                       MASS
    DEBUGGING: ("", "DEVELOPMENT_COMPLETED", "DEVELOPMENT_COMPLETED"),
    SAMPLE: ("", "DEVELOPMENT_COMPLETED", "DEVELOPMENT_COMPLETED"),
    TRIAL: ("DEVELOPMENT_NOT_COMPLETED", "", ""),
    MASS: ("DEVELOPMENT_NOT_COMPLETED", "PRODUCT_NOT_RELEASED", ""),
}
"""What each purpose says of each lifecycle state; nothing where it is fine (R3, R18-R24)."""

FIRMWARE = {
    #            BETA                    RELEASED  RETIRED
    DEBUGGING: ("", "", "FIRMWARE_NOT_ALLOWED"),
    SAMPLE: ("", "", "FIRMWARE_NOT_ALLOWED"),
    TRIAL: ("", "", "FIRMWARE_NOT_ALLOWED"),
    MASS: ("FIRMWARE_NOT_ALLOWED", "", "FIRMWARE_NOT_ALLOWED"),
}
"""What each purpose says of each firmware state."""

GRANTS = {
    "none": "NOT_AUTHORIZED_FOR_PRODUCT",
    "valid": "",
    "revoked": "NOT_AUTHORIZED_FOR_PRODUCT",
    "expired": "NOT_AUTHORIZED_FOR_PRODUCT",
    "for mass production": "PURPOSE_NOT_AUTHORIZED",
    "of ten pieces": "ABOVE_AUTHORIZED_QUANTITY",
}
"""What each state of an authorization says (R29, R48-R51)."""

BUYERS_NEVER = (DEBUGGING,)
"""Debugging modules are for R&D personnel only (R19, A9)."""

PRODUCTS = [
    (DEVELOPMENT, BETA),
    (DEVELOPMENT, RELEASED),
    (DEVELOPMENT, RETIRED),
    (TRIAL, BETA),
    (TRIAL, RELEASED),
    (TRIAL, RETIRED),
    (MASS, RELEASED),
    (MASS, RETIRED),
]
"""Mass production with beta firmware cannot come about: a release needs released firmware (A11)."""


def expected(role: str, purpose: str, stage: str, firmware: str, grant: str) -> str:
    """Return why an order is refused, nothing if it is not: who may comes before what is there."""
    said = GRANTS[grant]
    if grant == "for mass production" and purpose == MASS:
        said = ""
    if role == "BUYER" and purpose in BUYERS_NEVER and grant in ("valid", "of ten pieces"):
        # An authorization as buyer is for none of it, whatever its cap.
        said = "PURPOSE_NOT_AUTHORIZED"
    return (
        said
        or STAGES[purpose][(DEVELOPMENT, TRIAL, MASS).index(stage)]
        or FIRMWARE[purpose][(BETA, RELEASED, RETIRED).index(firmware)]
    )


@dataclass
class Shop:
    """An enterprise with a product in every state, and somebody with every authorization."""

    enterprise: Enterprise
    products: dict[tuple[str, str], str]
    people: dict[tuple[str, str], Buyer | Rnd]


@pytest.fixture(scope="module")
def shop(one_stage):
    """Return it, made once."""
    enterprise = Enterprise.registers(one_stage.api, **fresh("Table")).is_certified_by(
        one_stage.vendor
    )
    engineer = one_stage.vendor.project_manager
    module = one_stage.firmware.partition("/firmware/")[0]
    products: dict[tuple[str, str], str] = {}
    for stage, state in PRODUCTS:
        # What is built in must be usable when it is, and released before it goes to volume.
        name = f"{enterprise.name.rpartition('-')[2]}-{len(products)}"
        released = state == RELEASED or stage == MASS
        version = engineer.enters_firmware(module, name, released=released)
        products[stage, state] = enterprise.develops(
            name, firmware=version, model=f"M-{len(products)}", until=stage
        )
        if state == RETIRED:
            engineer.retires(version)
    people = {
        (kind.role, grant): somebody(one_stage.api, enterprise, kind, grant, products)
        for kind, grant in product((Buyer, Rnd), GRANTS)
    }
    return Shop(enterprise, products, people)


def somebody(api, enterprise, kind, grant, products):
    """Return a member of the enterprise in one role, authorized for all products in one way."""
    words = f"{kind.role} {grant}".lower().replace(" ", "-")
    domain = enterprise.administrator.email.partition("@")[2]
    made = kind(api, email=f"{words}@{domain}", password="a long enough one", name=words)
    enterprise.administrator.invites(made.registers())
    body = {"email": made.email, "role": kind.role, "products": list(products.values())}
    if grant != "none":
        path = f"{enterprise.name}/authorizations"

        def granted():
            # Anew each time: on a busy machine it may be over before it is asked for.
            soon = (datetime.now(UTC) + timedelta(seconds=1)).isoformat()
            limits: dict[str, dict[str, object]] = {
                "for mass production": {"purposes": [MASS]},
                "of ten pieces": {"quantityCap": 10},
                "expired": {"expireTime": soon},
            }
            return enterprise.administrator.post(path, {**body, **limits.get(grant, {})})

        name = made.sees(granted)["name"]
        if grant == "revoked":
            enterprise.administrator.post(f"{name}:revoke", {})
    made.enters(enterprise.name)
    return made


def ordered(who, space, name, purpose):
    """Ask for an order, to be checked only; return why it is refused, nothing if it is not."""
    body = {"purpose": purpose, "lines": [{"product": name, "quantity": PIECES}]}
    try:
        anew(who, space, lambda: who.post(f"{space}/orders", body, validateOnly=True))
    except Refused as refused:
        return refused.said
    return ""


def explained(who, space, name, purpose):
    """Return what Millrun says of the same."""
    path, asked = f"{name}:explainPurchase", {"purpose": purpose, "quantity": PIECES}
    return anew(who, space, lambda: who.get(path, **asked))


def anew(who, space, ask):
    """Ask; once more with a fresh token if the end of an authorization ended the one there was."""
    try:
        return ask()
    except Refused as refused:
        if refused.said != "TOKEN_REVOKED":
            raise
    who.enters(space)
    return ask()


def test_every_cell_of_the_table_is_as_the_rules_say(shop):
    space, first = shop.enterprise.name, next(iter(shop.products.values()))
    for late in (who for (_, grant), who in shop.people.items() if grant == "expired"):
        late.sees(
            lambda who=late: ordered(who, space, first, SAMPLE) == "NOT_AUTHORIZED_FOR_PRODUCT"
        )
    wrong, cells = [], 0
    for (role, grant), who in shop.people.items():
        for purpose, (stage, firmware) in product(PURPOSES, PRODUCTS):
            name = shop.products[stage, firmware]
            cell = (role, purpose, stage, firmware, grant)
            verdict = ordered(who, shop.enterprise.name, name, purpose)
            told = explained(who, shop.enterprise.name, name, purpose)
            failed = {c["reason"] for c in told["checks"] if c["state"] == "FAILED"}
            cells += 1
            if verdict != expected(*cell):
                wrong.append(f"{cell}: {verdict or 'taken'}, not {expected(*cell) or 'taken'}")
            if told["orderable"] != (not verdict) or (verdict and verdict not in failed):
                wrong.append(f"{cell}: {verdict or 'taken'}, but explained by {failed}")
    assert not wrong, "\n".join(wrong)
    assert cells == 2 * len(GRANTS) * len(PURPOSES) * len(PRODUCTS)
