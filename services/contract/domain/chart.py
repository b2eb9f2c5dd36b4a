"""The state chart of a contract: what may be done where, and where it leads."""

from enum import Enum


class State(Enum):
    """Where a contract stands: that is, its current edition."""

    PREPARING = "preparing"
    GENERATED = "generated"
    BUYER_SIGNED = "signed by the buyer"
    SIGNED = "signed"
    VOID = "void"


class Move(Enum):
    """What can be done with a contract, as a refusal says it."""

    GENERATE = "get its document"
    SIGN = "be signed by the buyer"
    RETURN = "be returned to the buyer"
    COUNTERSIGN = "be countersigned"
    AMEND = "be amended"
    VOID_ADDENDUM = "lose its addendum"
    VOID = "be void"


CHART: dict[Move, dict[State, State]] = {
    Move.GENERATE: {State.PREPARING: State.GENERATED},
    Move.SIGN: {State.GENERATED: State.BUYER_SIGNED},
    Move.RETURN: {State.BUYER_SIGNED: State.GENERATED},
    Move.COUNTERSIGN: {State.BUYER_SIGNED: State.SIGNED},
    Move.AMEND: {
        State.PREPARING: State.PREPARING,
        State.GENERATED: State.PREPARING,
        State.BUYER_SIGNED: State.PREPARING,
        State.SIGNED: State.PREPARING,
    },
    Move.VOID_ADDENDUM: {
        State.PREPARING: State.SIGNED,
        State.GENERATED: State.SIGNED,
        State.BUYER_SIGNED: State.SIGNED,
    },
    Move.VOID: {
        State.PREPARING: State.VOID,
        State.GENERATED: State.VOID,
        State.BUYER_SIGNED: State.VOID,
        State.SIGNED: State.VOID,
    },
}
"""A signed contract stays as long as its order does; only an amendment opens it again."""
