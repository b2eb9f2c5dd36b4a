"""The load: clients in a process of their own, each with a connection it keeps."""

import asyncio
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack
from multiprocessing import get_context
from typing import Any, TypeVar

import uvloop

from e2e.load.timing import Timing

T = TypeVar("T")
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)


class NotAnswered(Exception):
    """A request was answered otherwise than with 200; the message is the answer."""


def apart(work: Callable[..., T], *args: Any) -> T:
    """Return what `work` returns, done in a process that has nothing else to do."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *args).result()


def request(verb: str, path: str, *, token: str = "", body: bytes = b"", key: str = "") -> bytes:
    """Return an HTTP request as it goes over the wire; `key` is its idempotency key."""
    lines = [f"{verb} {path} HTTP/1.1", "host: localhost", f"content-length: {len(body)}"]
    lines += [f"authorization: Bearer {token}"] if token else []
    lines += [f"idempotency-key: {key}"] if key else []
    lines += ["content-type: application/json"] if body else []
    return "\r\n".join([*lines, "", ""]).encode() + body


def over_http(
    port: int, requests: Sequence[bytes], clients: int, pace: float = 0
) -> tuple[Timing, list[bytes]]:
    """Send `requests` over `clients` connections; return how long each took, and the answers.

    With a `pace` (requests a second) they start by the clock instead of one after another.
    """
    return uvloop.run(_over_http(port, requests, clients, pace))


async def _over_http(
    port: int, requests: Sequence[bytes], clients: int, pace: float
) -> tuple[Timing, list[bytes]]:
    connections = [await asyncio.open_connection("127.0.0.1", port) for _ in range(clients)]
    began = time.perf_counter()
    starts = ((began + number / pace if pace else 0.0) for number in range(len(requests)))
    todo = iter(zip(starts, requests, strict=True))
    seconds: list[float] = []
    answers: list[bytes] = []
    await asyncio.gather(*(_client(*each, todo, seconds, answers) for each in connections))
    elapsed = time.perf_counter() - began
    for _, writer in connections:
        writer.close()
    return Timing(elapsed, seconds), answers


async def _client(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    todo: Iterator[tuple[float, bytes]],
    seconds: list[float],
    answers: list[bytes],
) -> None:
    for start, wanted in todo:
        await asyncio.sleep(max(0, start - time.perf_counter())) if start else None
        began = time.perf_counter()
        writer.write(wanted)
        head = await reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        body = await reader.readexactly(int(length[1])) if length else b""
        seconds.append(time.perf_counter() - began)
        if b" 200 " not in head[:16]:
            raise NotAnswered((head + body).decode())
        answers.append(body)


def in_threads(
    connect: Callable[[ExitStack], Callable[[], object]], count: int, clients: int
) -> Timing:
    """Do what `connect` returns `count` times, in `clients` threads with a connection each."""
    seconds: list[float] = []
    ready = threading.Barrier(clients + 1, timeout=60)

    def client(calls: int) -> None:
        with ExitStack() as stack:
            work = connect(stack)
            work()
            ready.wait()
            for _ in range(calls):
                began = time.perf_counter()
                work()
                seconds.append(time.perf_counter() - began)

    with ThreadPoolExecutor(clients) as pool:
        done = [pool.submit(client, count // clients) for _ in range(clients)]
        ready.wait()
        began = time.perf_counter()
        for each in done:
            each.result()
        return Timing(time.perf_counter() - began, seconds)
