"""The API over a service of the tests' own, which has every shape a proto can have.

What it is asked it remembers, and answers with what the test put there.
"""

import sysconfig
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import httpx
import pytest
from google.protobuf.message_factory import GetMessageClass
from grpc_status import rpc_status
from grpc_tools import protoc  # type: ignore[import-untyped]
from starlette.applications import Starlette
from starlette.routing import Route

from services.gateway.calling import Calls
from services.gateway.contract import Contract, Method
from services.gateway.rest import Api
from services.gateway.tests.house import away, chen, furnished, house, portals, stranger
from shared.errors import Refusal
from shared.pieces import together
from shared.status import status_of
from shared.testing.pages import listening

__all__ = ["away", "chen", "furnished", "house", "portals", "stranger"]
"""Fixtures of the portal's tests; what is imported here is known to all of them."""

HERE = Path(__file__).parent / "sample"


@pytest.fixture(scope="session")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    """Return the sample proto as the gateway reads it."""
    written = tmp_path_factory.mktemp("sample") / "sample.binpb"
    site = sysconfig.get_path("purelib")
    options = [f"-I{HERE}", f"-I{site}", f"-I{site}/grpc_tools/_proto", "--include_imports"]
    options += ["--include_source_info", f"--descriptor_set_out={written}", "things.proto"]
    assert protoc.main(["protoc", *options]) == 0
    return Contract.load(written)


class Sample:
    """Answers in place of a service."""

    def __init__(self, contract: Contract) -> None:
        self.methods = {method.name: method for method in contract.methods}
        self.asked: list[Any] = []
        self.metadata: dict[str, str] = {}
        self.deadline = 0.0
        self.answers: Callable[[str, Any], Any] = self._same

    def message(self, method: str, /, **fields: Any) -> Any:
        """Return a message of the sample proto, taken from a method's answer."""
        return GetMessageClass(self.methods[method].answer)(**fields)

    def refuse(self, refusal: Refusal) -> None:
        """Refuse everything from now on."""

        def refused(_: str, __: Any) -> Any:
            raise refusal

        self.answers = refused

    def serve(self) -> grpc.Server:
        """Start to answer on a free port, kept as `address`."""
        server = grpc.server(ThreadPoolExecutor(4))
        handlers = {name: self._handler(method) for name, method in self.methods.items()}
        name = next(iter(self.methods.values())).path.split("/")[1]
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(name, handlers),))
        self.address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
        server.start()
        return server

    def _handler(self, method: Method) -> Any:
        make = (
            grpc.unary_stream_rpc_method_handler
            if method.streams
            else grpc.unary_unary_rpc_method_handler
        )
        if method.in_pieces:
            make = grpc.stream_unary_rpc_method_handler

        def answer(request: Any, context: Any) -> Any:
            request = together(request) if method.in_pieces else request
            self.asked.append(request)
            self.metadata = dict(context.invocation_metadata())
            self.deadline = context.time_remaining()
            try:
                return self.answers(method.name, request)
            except Refusal as refusal:
                status = status_of(refusal, "sample.millrun")
                context.abort_with_status(rpc_status.to_status(status))

        def stream(request: Any, context: Any) -> Iterator[Any]:
            yield from answer(request, context)

        return make(
            stream if method.streams else answer,
            request_deserializer=GetMessageClass(method.request).FromString,
            response_serializer=lambda message: message.SerializeToString(),
        )

    def _same(self, name: str, request: Any) -> Any:
        """Answer a thing that says what was asked."""
        answer = self.message(name)
        if "name" in answer.DESCRIPTOR.fields_by_name:
            answer.name = getattr(request, "name", "")
        return answer


@pytest.fixture
def sample(contract: Contract) -> Iterator[Sample]:
    """Return the service behind the API."""
    found = Sample(contract)
    server = found.serve()
    yield found
    server.stop(None).wait()


@pytest.fixture
def api(contract: Contract, sample: Sample) -> Iterator[httpx.Client]:
    """Return a client of the API."""
    calls = Calls({"sample": sample.address})
    app = Starlette(routes=[Route("/v1/{path:path}", Api(contract, calls))])
    with listening(app) as origin, httpx.Client(base_url=origin, timeout=30) as client:
        yield client
    calls.close()
