"""Whatever the route: the same mistake gets the same answer, and changes nothing."""

import pytest

from e2e.bad_input.problems import what_is_wrong
from e2e.bad_input.routes import UNKNOWN

pytestmark = pytest.mark.usefixtures("nothing_stored")

FILES = (
    "/certifications/{certification}:attach",
    "/contracts/{contract}:uploadSigned",
    "/orders/{order}:attachFile",
)
FIVE_MIB = b'{"reason": "' + b"x" * (5 * 1024 * 1024) + b'"}'


def insist(wrong):
    """Insist that nothing is wrong with any route; say what is with which."""
    assert {where: what for where, what in wrong.items() if what} == {}


def test_who_did_not_sign_in_is_asked_to(target, every_route):
    closed = [route for route in every_route if not route.public]
    assert len(closed) > 70
    insist(
        {
            f"{route}": what_is_wrong(target.knocks(route, None, body=route.example), 401)
            for route in closed
        }
    )
    forged = target.enterprise.buyer.token[:-8] + "AAAAAAAA"
    insist(
        {
            f"{route}": what_is_wrong(
                target.knocks(route, None, body=route.example, authorization=f"Bearer {forged}"),
                401,
            )
            for route in closed
        }
    )


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b'{"reason": "half a', 400),
        (b"[1, 2]", 400),
        (b'"text"', 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b'{"reason": NaN}', 400),
        (b'{"noSuchField": 1}', 400),
        (FIVE_MIB, 413),
    ],
    ids=["half", "a list", "text", "no UTF-8", "deep", "NaN", "an unknown field", "5 MiB"],
)
def test_a_body_that_cannot_be_read_is_refused(target, every_route, content, status):
    buyer = target.enterprise.buyer
    insist(
        {
            f"{route}": what_is_wrong(
                target.knocks(route, buyer, content=content),
                # Where files are sent, so much is not too much; it is no such message all the same.
                400 if route.path.endswith(FILES) else status,
            )
            for route in every_route
            if route.verb == "POST"
        }
    )


def test_a_command_without_an_idempotency_key_is_refused(target, every_route):
    keyed = [route for route in every_route if route.needs_key]
    assert len(keyed) > 40
    buyer = target.enterprise.buyer
    for route in keyed:
        answer = target.knocks(route, buyer, body=route.example, **{"idempotency-key": ""})
        assert not what_is_wrong(answer, 400), route
        assert answer.json()["reason"] == "KEY_MISSING"


def test_a_missing_field_is_named(target, every_route):
    wrong, tried = {}, 0
    for route in every_route:
        for field in route.required if route.verb == "POST" else ():
            body = {name: value for name, value in route.example.items() if name != field}
            everybody = [None] if route.public else [*target.own, *target.staff]
            answers = [target.knocks(route, who, body=body) for who in everybody]
            tried += 1
            named = [each for each in answers if each.status_code == 400]
            wrong[f"{route} without {field}"] = (
                _first(what_is_wrong(each, 400, 403, 404) for each in answers)
                or ("" if named else "nobody was told what is missing")
                or ("" if any(_plain(field) in _plain(each.text) for each in named) else "?")
            )
    assert tried > 30
    insist(wrong)


def test_what_is_not_there_is_not_found_by_anybody(target, every_route):
    named = [route for route in every_route if len(route.variables) > 0]
    everybody = [*target.own, *target.staff]
    wrong = {}
    for route in named:
        *outer, last = route.variables
        names = {name: target.names[name] for name in outer} | {last: _nobodys(last)}
        answers = [target.knocks(route, who, names=names, body=route.example) for who in everybody]
        if route.verb == "GET" and not any(each.status_code == 404 for each in answers):
            wrong[f"{route}"] = f"nobody got a 404: {answers[0].text}"
        if _is_list(route):
            answers = [each for each in answers if not _is_empty(each)]
        # An example may be malformed for its rules, and a role may be wrong: both are said first.
        wrong.setdefault(
            f"{route}", _first(what_is_wrong(each, 400, 403, 404, 409) for each in answers)
        )
    insist(wrong)


def test_nothing_of_another_enterprise_is_there_for_anybody(target, every_route):
    wrong = {}
    for route in every_route:
        if "enterprise" not in route.variables:
            continue
        for who in target.strangers:
            answer = target.knocks(route, who, body=route.example)
            right = (404, 403) if route.verb == "GET" else (400, 403, 404)
            wrong[f"{route} as {who.role}"] = what_is_wrong(answer, *right)
    insist(wrong)


def test_an_id_that_is_none_is_refused(target, every_route):
    wrong = {}
    for route in every_route:
        for variable in route.variables:
            for odd in ("%00", "'--", "%F0%9F%92%A9", "x" * 3000):
                names = target.names | {variable: odd}
                answer = target.knocks(
                    route, target.vendor.business_manager, names=names, body=route.example
                )
                if answer.is_success and variable == "enterprise" and _is_list(route):
                    continue
                if answer.status_code >= 500 or answer.is_success:
                    wrong[f"{route} {variable}={odd[:12]}"] = answer.text[:200]
    insist(wrong)


def _first(complaints):
    return next(filter(None, complaints), "")


def _nobodys(variable):
    return "no-such-thing" if variable in ("enterprise", "module") else UNKNOWN


def _plain(text):
    return text.replace("_", "").lower()


def _is_list(route):
    """Whether staff may ask it of any enterprise: what is not there has nothing in it."""
    return route.verb == "GET" and route.path.count("/") == 4 and route.variables == ["enterprise"]


def _is_empty(answer):
    if answer.headers["content-type"].startswith("text/csv"):
        return answer.is_success and answer.text.count("\n") <= 1
    told = answer.json()
    return answer.is_success and not any(told[each] for each in told if each != "nextPageToken")
