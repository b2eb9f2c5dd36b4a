"""All services behind an edge, answered by doubles over real channels."""

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import Any

from google.protobuf.message_factory import GetMessageClass
from grpc_status import rpc_status

from shared.errors import Refusal
from shared.pieces import together
from shared.status import status_of


class Answering:
    """What each RPC answers: a message, a refusal, or a function of the request.

    What nobody set answers an empty message. Everything that was asked is kept.
    """

    def __init__(self, services: Iterable[str]) -> None:
        self._services = services
        self.answers: dict[str, Any] = {}
        self.asked: list[tuple[str, Any]] = []

    def request(self, method: str) -> Any:
        """Return what `method` was asked last; IndexError if it never was."""
        return self.requests(method)[-1]

    def requests(self, method: str) -> list[Any]:
        """Return everything `method` was asked."""
        return [request for asked, request in self.asked if asked == method]

    def doubles(self) -> Iterator[object]:
        """Yield who answers in place of each service, for the fixture `peer`."""
        for name in self._services:
            contract = import_module(f"millrun.{name}.v1.{name}_pb2").DESCRIPTOR
            stubs = import_module(f"millrun.{name}.v1.{name}_pb2_grpc")
            (service,) = contract.services_by_name.values()
            servicer = getattr(stubs, f"{service.name}Servicer")
            methods = {each.name: self._answering(each) for each in service.methods}
            yield type(service.name, (servicer,), methods)()

    def _answering(self, method: Any) -> Callable[..., Any]:
        def answer(_: object, request: Any, context: Any) -> Any:
            self.asked.append((method.name, request))
            found = self.answers.get(method.name, GetMessageClass(method.output_type)())
            try:
                found = found(request) if callable(found) else found
                if isinstance(found, Refusal):
                    raise found
            except Refusal as refusal:
                context.abort_with_status(rpc_status.to_status(status_of(refusal, "a.millrun")))
            return found

        def gather(self: object, messages: Any, context: Any) -> Any:
            return answer(self, together(messages), context)

        def stream(self: object, request: Any, context: Any) -> Any:
            yield from answer(self, request, context)

        if method.client_streaming:
            return gather
        return stream if method.server_streaming else answer
