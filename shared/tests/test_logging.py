"""Logs say who asked what in which trace, and never a secret."""

import json
import subprocess
import sys

import pytest

from shared import call, logging
from shared.call import Call
from shared.caller import Role
from shared.testing.callers import caller

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

SCRIPT = """
import logging as standard, sys, structlog
from shared import logging
logging.configure("probe", level="warning", format=sys.argv[1])
log = structlog.get_logger()
log.info("not said")
def sign_in(password):
    raise ValueError("broken")
try:
    sign_in("".join(["correct ", "horse"]))
except ValueError:
    log.exception("failed", order="7", session_secret="hunter2")
standard.getLogger("library").warning("a library warns")
"""


def said_by(format: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, format], capture_output=True, text=True, check=True
    )
    return done.stderr


@pytest.mark.parametrize("format", ["json", "console"])
def test_a_traceback_shows_no_local_variables(format: str) -> None:
    """A password may be one."""
    said = said_by(format)
    assert "sign_in" in said
    assert "correct horse" not in said


def test_a_line_is_json_for_machines() -> None:
    first, second = said_by("json").splitlines()
    said = json.loads(first)
    assert (said["event"], said["level"], said["service"]) == ("failed", "error", "probe")
    assert said["exception"][0]["exc_value"] == "broken"
    assert said["session_secret"] == "***"
    library = json.loads(second)
    assert (library["event"], library["level"]) == ("a library warns", "warning")
    assert (library["service"], library["logger"]) == ("probe", "library")


def test_what_was_sent_stays_on_its_line() -> None:
    sent = {"event": "refused", "fact_name": "a\nb\x1b[31m\x00", "fact_title": "插座"}
    said = logging.keep_on_line(None, "info", sent)
    assert said == {
        "event": "refused",
        "fact_name": r"a\nb\x1b[31m\x00",
        "fact_title": "插座",
    }


def test_what_is_logged_in_a_call_says_which() -> None:
    who = caller(Role.BUYER)
    asked = Call(rpc="probe.CreateNote", token="a-token", traceparent=TRACE, caller=who)
    with call.within(asked):
        said = logging.add_call(None, "info", {"event": "created"})
    assert said == {
        "event": "created",
        "rpc": "probe.CreateNote",
        "caller": "accounts/acme-buyer",
        "enterprise": "acme",
        "trace_id": "0af7651916cd43dd8448eb211c80319c",
    }


def test_outside_of_a_call_nothing_is_added() -> None:
    assert logging.add_call(None, "info", {"event": "started"}) == {"event": "started"}


@pytest.mark.parametrize(
    "key", ["token", "access_token", "Password", "session_secret", "authorization", "cookie"]
)
def test_a_secret_is_blotted_out(key: str) -> None:
    assert logging.blot_secrets(None, "info", {key: "hunter2"}) == {key: "***"}
