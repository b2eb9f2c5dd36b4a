"""Before and after the body of an RPC: who asks, may they, until when, and what to answer."""

import time
from enum import Enum

import grpc
import structlog
from google.rpc import status_pb2

from shared import tracing
from shared.call import Call
from shared.caller import NOBODY, Caller, Role
from shared.clients import DEVICE, NETWORK, Clients
from shared.errors import Forbidden, Unauthenticated, Unavailable
from shared.faults import refusal_of
from shared.service import Runtime
from shared.status import OUR_FAULT, status_of
from shared.tokens import verifier

log = structlog.get_logger()

OWN_DEADLINE = 10.0
"""Seconds a call may take when whoever asks did not say how long they wait."""


class Allow(Enum):
    """Who may call an RPC, where it is not a matter of roles."""

    ANYBODY = "anybody"
    SIGNED_IN = "signed in"


ANYBODY = Allow.ANYBODY
"""Nobody has to be signed in: registering, signing in, verifying a passport."""

SIGNED_IN = Allow.SIGNED_IN
"""Whoever is signed in, with or without a role yet."""


Permission = frozenset[Role] | Allow
"""Who may call an RPC: those with one of these roles, or as `Allow` says."""


class NotYourRole(Forbidden):
    """This may only be done by: {allowed}. You act as: {roles}."""

    fix = "Ask somebody in one of these roles, or switch to a space in which you have one."


class Servicer:
    """A gRPC servicer over one service's runtime."""

    def __init__(self, runtime: Runtime) -> None:
        """Refuse to exist, with TypeError, while an RPC does not say who may call it."""
        if open_questions := undecided(type(self)):
            raise TypeError(f"{type(self).__name__}: who may call {', '.join(open_questions)}?")
        self.runtime, self.database = runtime, runtime.database
        self.settings = runtime.settings
        # Whoever asks nobody has no peers; a servicer that asks all the same fails by their name.
        self.clients = runtime.clients or Clients({})
        self.service, self.domain = runtime.service.name, runtime.service.domain
        self.verifier = verifier(runtime.settings.keys)


def undecided(servicer: type) -> list[str]:
    """Return the RPCs of a servicer that do not declare who may call them."""
    generated = [kind for kind in servicer.__mro__ if kind.__module__.endswith("_pb2_grpc")]
    rpcs = {name for kind in generated for name in vars(kind) if not name.startswith("_")}
    return sorted(name for name in rpcs if not hasattr(getattr(servicer, name), "allow"))


def call_of(context: grpc.ServicerContext, rpc: str) -> Call:
    """Read token, trace and deadline of a call; whoever set no deadline gets ours."""
    sent = {key: value for key, value in context.invocation_metadata() if key in _READ}
    kind, _, token = str(sent.get("authorization", "")).partition(" ")
    remaining = context.time_remaining()
    patience = min(remaining, OWN_DEADLINE) if remaining else OWN_DEADLINE
    return Call(
        rpc=rpc,
        token=token if kind.lower() == "bearer" else "",
        traceparent=tracing.traceparent_from(str(sent.get("traceparent", ""))),
        network=str(sent.get(NETWORK, "")),
        device=str(sent.get(DEVICE, "")),
        deadline=time.monotonic() + patience,
    )


_READ = {"authorization", "traceparent", NETWORK, DEVICE}


def admit(self: Servicer, token: str, allow: Permission) -> Caller:
    """Return who is calling, if they may."""
    if allow is ANYBODY:
        try:
            return self.verifier.caller(token)
        except Unauthenticated:
            return NOBODY
    caller = self.verifier.caller(token)
    if not isinstance(allow, Allow) and caller.roles.isdisjoint(allow):
        raise NotYourRole(allowed=_spoken(allow), roles=_spoken(caller.roles) or "nobody")
    return caller


def _spoken(roles: frozenset[Role]) -> str:
    return ", ".join(sorted(role.value.replace("_", " ") for role in roles))


def answer_to(error: Exception, domain: str) -> status_pb2.Status:
    """Return what to answer to what was raised, and write down what somebody should know."""
    refusal = refusal_of(error)
    if refusal is None:
        log.error("failed", exc_info=error)
        return OUR_FAULT
    say = log.warning if isinstance(refusal, Unavailable) else log.info
    facts = {f"fact_{name}": fact for name, fact in refusal.facts.items()}
    if error is not refusal:
        facts["cause"] = f"{type(error).__name__}: {error}".partition("\n")[0]
    elif isinstance(refusal, Unavailable) and refusal.cause:
        facts["cause"] = refusal.cause
    say("refused", reason=refusal.reason, **facts)
    return status_of(refusal, domain)
