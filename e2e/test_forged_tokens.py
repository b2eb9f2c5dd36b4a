"""No service believes a token that was not given out: each forgery, at each RPC that wants one.

Made over the services there are, each served as it is, over a real channel. A new service or RPC is
in it by itself.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.message_factory import GetMessageClass

from deploy.local.house import manifest, services
from shared.caller import Role
from shared.keys import Keys
from shared.servicer import ANYBODY
from shared.testing import LONG
from shared.testing.callers import Token, caller
from shared.testing.databases import Databases
from shared.testing.forgeries import FORGERIES, Mint
from shared.testing.serving import Serving

LEAST = 40
REASONS = (b"BAD_TOKEN", b"TOKEN_EXPIRED", b"NOT_SIGNED_IN")

Ask = Callable[[str], grpc.RpcError | None]


@pytest.fixture
def channel(
    request: pytest.FixtureRequest, databases: Databases, serving: Serving
) -> Iterator[grpc.Channel]:
    """Return a plain channel to the service named: nothing of ours adds to what is sent."""
    service = manifest(request.param)
    with grpc.insecure_channel(serving(service, databases(service)).address) as found:
        yield found


def asking(channel: grpc.Channel, service: str) -> Iterator[tuple[str, Ask]]:
    """Yield every RPC of a service that is not for anybody, and what asks it with a token."""
    contract = import_module(f"millrun.{service}.v1.{service}_pb2").DESCRIPTOR
    (described,) = contract.services_by_name.values()
    servicer = _servicer(service, described.name)
    for method in described.methods:
        if getattr(servicer, method.name).allow is not ANYBODY:
            yield method.name, _ask(channel, method)


def _servicer(service: str, name: str) -> Any:
    """Return the class that answers: it says who may call each RPC."""
    stubs = import_module(f"millrun.{service}.v1.{service}_pb2_grpc")
    generated = getattr(stubs, f"{name}Servicer")
    found = vars(import_module(manifest(service).api)).values()
    return next(kind for kind in found if isinstance(kind, type) and issubclass(kind, generated))


def _ask(channel: grpc.Channel, method: Any) -> Ask:
    kind = f"{'stream' if method.client_streaming else 'unary'}_"
    kind += "stream" if method.server_streaming else "unary"
    call = getattr(channel, kind)(
        f"/{method.containing_service.full_name}/{method.name}",
        request_serializer=lambda message: message.SerializeToString(),
        response_deserializer=GetMessageClass(method.output_type).FromString,
    )
    empty = GetMessageClass(method.input_type)()

    def ask(token: str) -> grpc.RpcError | None:
        metadata = [("authorization", f"Bearer {token}")]
        sent = iter([empty]) if method.client_streaming else empty
        try:
            answer = call(sent, metadata=metadata, timeout=LONG)
            list(answer) if method.server_streaming else None
        except grpc.RpcError as error:
            return error
        return None

    return ask


def test_there_are_forty_forgeries_at_least() -> None:
    assert len(FORGERIES) >= LEAST


@pytest.mark.parametrize(
    ("channel", "service"),
    [(each, each) for each in services()],
    indirect=["channel"],
    ids=services(),
)
def test_no_forged_token_is_believed(
    channel: grpc.Channel, service: str, keys: Keys, keys_folder: Path, token: Token
) -> None:
    mint = Mint(keys, keys_folder)
    made = {name: forge(mint) for name, forge in FORGERIES.items()}
    # What is not printable cannot even be sent.
    forged = {name: each for name, each in made.items() if each.isprintable()}
    rpcs = dict(asking(channel, service))
    tried = list(product(rpcs, forged))
    with ThreadPoolExecutor(8) as several:
        refused = several.map(lambda each: _refused(rpcs[each[0]](forged[each[1]])), tried)
        believed = [each for each, is_refused in zip(tried, refused, strict=True) if not is_refused]

    assert rpcs
    assert len(forged) >= LEAST
    assert believed == []
    # The same question with a token that was given out is refused for other reasons, or answered.
    given_out = token(caller(Role.ADMINISTRATOR))
    assert not [rpc for rpc, ask in rpcs.items() if _refused(ask(given_out))]


def _refused(error: grpc.RpcError | None) -> bool:
    """Whether a call was refused for its token; one too large is not even taken in."""
    if error is None:
        return False
    if error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED:
        return "metadata size" in (error.details() or "")
    if error.code() is not grpc.StatusCode.UNAUTHENTICATED:
        return False
    trailing: Any = error.trailing_metadata()
    details = dict(trailing)["grpc-status-details-bin"]
    return any(reason in details for reason in REASONS)
