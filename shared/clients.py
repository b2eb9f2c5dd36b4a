"""Asking other services: every call has a deadline, the caller's token and the trace it belongs to.

`clients.of(CatalogServiceStub).GetProduct(request)` is all there is to it. What the other service
refuses is raised here as a refusal of the same family, with its sentence, reason and facts.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from functools import partial
from typing import Any, TypeVar

import grpc
from google.protobuf import descriptor_pool
from google.protobuf.descriptor_pb2 import MethodOptions
from millrun.operations.v1.operations_pb2 import (
    ListInvalidationsRequest,
    ListInvalidationsResponse,
)
from millrun.operations.v1.operations_pb2_grpc import OperationsServiceStub

from shared import call, tracing
from shared.answers import LEASE, Answers
from shared.call import Call
from shared.pieces import apart
from shared.status import PeerAway, refusal_from

Stub = TypeVar("Stub")

PATIENCE = 5.0
"""Seconds we wait for another service, if whoever asked us does not wait less."""

UPLOAD_PATIENCE = 10.0
"""The same for a file, which takes time to arrive and to be looked at."""

MARGIN = 0.05
"""Seconds kept back for answering when another service took all it was given."""

NETWORK, DEVICE = "millrun-network", "millrun-device"
"""Metadata in which an edge says where a person's request came from, and what sent it."""

LONGEST = 200
"""Characters of what is said about a request's origin."""

MESSAGE_LIMIT = 4 * 1024 * 1024

HARMLESS = (MethodOptions.NO_SIDE_EFFECTS, MethodOptions.IDEMPOTENT)
"""Methods that may be called again when nobody knows whether they were."""

OPTIONS = {
    "grpc.max_receive_message_length": MESSAGE_LIMIT,
    "grpc.max_send_message_length": MESSAGE_LIMIT,
    # A service that was restarted is found again in 0.2 s instead of 5.5 s.
    "grpc.initial_reconnect_backoff_ms": 100,
    "grpc.max_reconnect_backoff_ms": 2000,
    # By its name another pause; in truth what a connection may take until the other end speaks. At
    # 0.1 s a service was away to everybody whenever machine or network were slow for as long.
    "grpc.min_reconnect_backoff_ms": int(PATIENCE * 1000),
    # Else channels to one address share its connection in secret, and whoever meets another server
    # there inherits the failures of the one before.
    "grpc.use_local_subchannel_pool": 1,
}


class Clients:
    """Stubs of the other services, over one connection each."""

    def __init__(self, peers: Mapping[str, str]) -> None:
        """`peers` says where each service is: `{"catalog": "127.0.0.1:50051"}`; it may grow."""
        self._peers = peers
        self._stubs: dict[tuple[type[Any], str], Any] = {}
        self._channels: list[grpc.Channel] = []
        self._answers: dict[str, Answers] = {}
        self._lock = threading.Lock()

    def of(self, stub: type[Stub], *, at: str = "") -> Stub:
        """Return the stub of the service it was generated for.

        `at` names the service that hosts it, for what every service hosts. KeyError if it is not
        known where that service is.
        """
        found: Stub | None = self._stubs.get((stub, at))
        return found or self._connect(stub, at)

    def know(self, peer: str) -> bool:
        """Whether it is known where a service is."""
        return peer in self._peers

    def answers(self, peer: str) -> Answers:
        """Return what another service answered and may be remembered."""
        found = self._answers.get(peer)
        return found or self._answers.setdefault(peer, Answers(peer, partial(self._changes, peer)))

    def close(self) -> None:
        """Close all connections."""
        for answers in tuple(self._answers.values()):
            answers.close()
        with self._lock:
            for channel in self._channels:
                channel.close()
            self._channels, self._stubs = [], {}

    def _changes(self, peer: str, token: str) -> ListInvalidationsResponse:
        """Ask what changed at another service, for nobody."""
        request = ListInvalidationsRequest(page_token=token)
        with call.within(Call(rpc="answers", deadline=time.monotonic() + LEASE)):
            stub = self.of(OperationsServiceStub, at=peer)
            told: ListInvalidationsResponse = stub.ListInvalidations(request)
            return told

    def _connect(self, stub: type[Stub], at: str) -> Stub:
        peer = at or stub.__module__.split(".")[1]
        with self._lock:
            if (stub, at) not in self._stubs:
                address = self._peers[peer]
                channel = grpc.insecure_channel(address, options=_options_for(stub))
                self._channels.append(channel)
                self._stubs[stub, at] = stub(_Asking(channel, peer))  # type: ignore[call-arg]
            known: Stub = self._stubs[stub, at]
            return known


def as_caller(token: str, *, traceparent: str = "", rpc: str = "") -> AbstractContextManager[Call]:
    """Ask on behalf of whoever holds `token`, for a block: how an edge speaks for its visitor."""
    return call.within(
        Call(rpc=rpc, token=token, traceparent=tracing.traceparent_from(traceparent))
    )


def origin_of(network: str, device: str) -> list[tuple[str, str]]:
    """Return where a request comes from as metadata; only an edge knows, and it believes nobody."""
    said = {NETWORK: network, DEVICE: device}
    # Metadata is ASCII, and what a browser says it is may be anything.
    plain = {key: "".join(c for c in value if " " <= c <= "~") for key, value in said.items()}
    return [(key, value[:LONGEST].strip()) for key, value in plain.items() if value.strip()]


def _options_for(stub: type[Any]) -> list[tuple[str, Any]]:
    """Return the channel's settings: retries only of methods that declare themselves harmless."""
    package = ".".join(stub.__module__.split(".")[:-1])
    name = f"{package}.{stub.__name__.removesuffix('Stub')}"
    service = descriptor_pool.Default().FindServiceByName(name)  # type: ignore[no-untyped-call]
    harmless = [
        {"service": name, "method": method.name}
        for method in service.methods
        if method.GetOptions().idempotency_level in HARMLESS
    ]
    policy = {
        "maxAttempts": 4,
        "initialBackoff": "0.1s",
        "maxBackoff": "1s",
        "backoffMultiplier": 2,
        "retryableStatusCodes": ["UNAVAILABLE"],
    }
    config = {"methodConfig": [{"name": harmless, "retryPolicy": policy}] if harmless else []}
    return [*OPTIONS.items(), ("grpc.service_config", json.dumps(config))]


class _Asking(grpc.Channel):
    """A channel whose calls carry deadline, token and trace.

    It is no interceptor because those cost a call object and a future each.
    """

    def __init__(self, channel: grpc.Channel, peer: str) -> None:
        self._channel, self._peer = channel, peer

    def unary_unary(self, method: str, *args: Any, **kwargs: Any) -> Any:
        ask = self._channel.unary_unary(method, *args, **kwargs)
        return _UnaryUnary(ask, self._peer, method)

    def unary_stream(self, method: str, *args: Any, **kwargs: Any) -> Any:
        ask = self._channel.unary_stream(method, *args, **kwargs)
        return _UnaryStream(ask, self._peer, method)

    def stream_unary(self, method: str, *args: Any, **kwargs: Any) -> Any:
        ask = self._channel.stream_unary(method, *args, **kwargs)
        return _StreamUnary(ask, self._peer, method)

    def stream_stream(self, method: str, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError("Millrun's services do not talk both ways at once")

    def subscribe(self, callback: Any, try_to_connect: bool = False) -> None:
        self._channel.subscribe(callback, try_to_connect)

    def unsubscribe(self, callback: Any) -> None:
        self._channel.unsubscribe(callback)

    def close(self) -> None:
        self._channel.close()

    def __enter__(self) -> "_Asking":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Method:
    """One method of another service."""

    patience = PATIENCE

    def __init__(self, ask: Callable[..., Any], peer: str, method: str) -> None:
        self._ask, self._peer = ask, peer
        self._name = f"{peer}.{method.rpartition('/')[2]}"

    def _sent(self, asking: Call, traceparent: str) -> dict[str, Any]:
        """Return what goes with the request; PeerAway if nobody waits any more."""
        remaining = asking.remaining - MARGIN
        if remaining <= 0:
            raise PeerAway(peer=self._peer, cause="nobody waits for it any more")
        metadata = [("traceparent", traceparent or tracing.new_traceparent())]
        if asking.token:
            metadata.append(("authorization", f"Bearer {asking.token}"))
        metadata += origin_of(asking.network, asking.device)
        return {"timeout": min(self.patience, remaining), "metadata": metadata}


class _UnaryUnary(_Method):
    def __call__(self, request: Any, timeout: float | None = None) -> Any:
        asking = call.current()
        with tracing.span(self._name, asking.traceparent, "CLIENT") as traceparent:
            try:
                return self._ask(request, **self._sent(asking, traceparent))
            except grpc.RpcError as error:
                raise refusal_from(error, self._peer) from None


class _UnaryStream(_Method):
    def __call__(self, request: Any) -> Iterator[Any]:
        asking = call.current()
        with tracing.span(self._name, asking.traceparent, "CLIENT") as traceparent:
            try:
                yield from self._ask(request, **self._sent(asking, traceparent))
            except grpc.RpcError as error:
                raise refusal_from(error, self._peer) from None


class _StreamUnary(_Method):
    """Is given one request, with the whole file in it, and sends it in pieces."""

    patience = UPLOAD_PATIENCE

    def __call__(self, request: Any) -> Any:
        asking = call.current()
        with tracing.span(self._name, asking.traceparent, "CLIENT") as traceparent:
            try:
                return self._ask(apart(request), **self._sent(asking, traceparent))
            except grpc.RpcError as error:
                raise refusal_from(error, self._peer) from None
