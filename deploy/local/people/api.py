"""The public REST API as a client sees it: JSON in, JSON out, and refusals as exceptions."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import httpx

from shared.errors import Refusal

AWAY = frozenset({502, 503, 504})
"""Answers that say that something does not run at the moment."""

PAUSE = 0.1
"""Seconds between two attempts."""


class Refused(Refusal):
    """{verb} {path} was answered with {status} {reason}: {detail} {what_helps}"""

    def __init__(self, verb: str, path: str, answer: httpx.Response) -> None:
        self.answer = answer
        self.problem: dict[str, Any] = _problem(answer)
        self.status = answer.status_code
        super().__init__(
            verb=verb,
            path=path,
            status=self.status,
            reason=self.said,
            detail=self.problem.get("detail", answer.text[:200]),
            what_helps=self.problem.get("fix", ""),
        )

    @property
    def said(self) -> str:
        """The reason Millrun gave, as `ORDER_CANNOT_BE`."""
        return str(self.problem.get("reason", ""))


class Api:
    """Calls the API at `url`.

    With `patience`, in seconds, a call is made again, with the same Idempotency-Key, for as long
    as nobody answers: what a careful partner system does too.
    """

    def __init__(self, url: str, *, patience: float = 0.0) -> None:
        self.url, self.patience = url, patience
        self.client = httpx.Client(base_url=url, timeout=30)
        """What sends a request as it is, for who wants to send a bad one."""

    def __enter__(self) -> Api:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self.client.close()

    def ask(
        self,
        verb: str,
        path: str,
        *,
        token: str = "",
        key: str = "",
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> httpx.Response:
        """Return the answer; Refused if it is not a good one.

        A POST without a `key` of its own gets a fresh one, for all of its attempts.
        """
        headers = {"authorization": f"Bearer {token}"} if token else {}
        if verb == "POST":
            headers["idempotency-key"] = key or str(uuid4())
        until = time.monotonic() + self.patience
        while True:
            answer = self._once(
                verb, f"/v1/{path}", until, headers=headers, params=query, json=body
            )
            if answer is not None and answer.is_success:
                return answer
            if answer is not None and (answer.status_code not in AWAY or time.monotonic() > until):
                raise Refused(verb, path, answer)
            time.sleep(PAUSE)

    def _once(self, verb: str, path: str, until: float, **what: Any) -> httpx.Response | None:
        try:
            return self.client.request(verb, path, **what)
        except httpx.TransportError:
            if time.monotonic() > until:
                raise
            return None


def _problem(answer: httpx.Response) -> dict[str, Any]:
    try:
        problem = answer.json()
    except ValueError:
        return {}
    return problem if isinstance(problem, dict) else {}
