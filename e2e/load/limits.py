"""What the machine can do at most: the same bytes and rows with nothing of Millrun around them."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial

import grpc

from e2e.load.clients import apart, in_threads, over_http, request
from e2e.load.timing import Timing
from shared.ports import free

ECHO = "/millrun.load.Echo/Echo"
THREADS = 16
"""As many as a service has."""


def echo(body: bytes, count: int, clients: int) -> Timing:
    """Time a gRPC call that answers what it was asked, Python at both ends."""
    (port,) = free(1)
    with _running("echo", port):
        return apart(in_threads, partial(_echo_client, port, body), count, clients)


def page(body: bytes, count: int, clients: int) -> Timing:
    """Time a page of Starlette's that says `body`."""
    (port,) = free(1)
    with _running("page", port, body):
        wanted = [request("GET", "/")] * count
        apart(over_http, port, wanted[:50], clients)
        timing, _ = apart(over_http, port, wanted, clients)
        return timing


def _echo_client(port: int, body: bytes, stack: ExitStack) -> Callable[[], object]:
    channel = stack.enter_context(grpc.insecure_channel(f"127.0.0.1:{port}"))
    call: grpc.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary(ECHO)
    return partial(call, body, timeout=10)


@contextmanager
def _running(what: str, port: int, body: bytes = b"") -> Iterator[None]:
    """Run a server of this module in a process of its own."""
    command = [sys.executable, "-m", "e2e.load.limits", what, str(port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.write(body)
        process.stdin.close()
        try:
            _wait(port)
            yield
        finally:
            process.terminate()


def _wait(port: int) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


def _serve_echo(port: int) -> None:
    answer: grpc.RpcMethodHandler[bytes, bytes] = grpc.unary_unary_rpc_method_handler(_same)
    server = grpc.server(ThreadPoolExecutor(THREADS))
    service, _, method = ECHO[1:].partition("/")
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler(service, {method: answer}),)
    )
    server.add_insecure_port(f"127.0.0.1:{port}")
    server.start()
    server.wait_for_termination()


def _same(asked: bytes, _: grpc.ServicerContext) -> bytes:
    return asked


def _serve_page(port: int, body: bytes) -> None:
    import uvicorn
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    async def answer(_: Request) -> Response:
        return Response(body, media_type="application/json")

    app = Starlette(routes=[Route("/", answer)])
    uvicorn.run(app, host="127.0.0.1", port=port, log_config=None, access_log=False)


if __name__ == "__main__":
    _, asked, where = sys.argv
    if asked == "echo":
        _serve_echo(int(where))
    else:
        _serve_page(int(where), sys.stdin.buffer.read())
