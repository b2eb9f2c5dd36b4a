"""Somebody with a browser, or a partner's program: an account, a session, a space to act in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Self, TypeVar
from uuid import uuid4

from deploy.local.people.api import Api, Refused
from shared.testing.waits import LONG, eventually

T = TypeVar("T")

SOON = timedelta(seconds=30)
"""A token that ends sooner than this is exchanged for a fresh one."""

ATTEMPTS = 5
"""How often somebody repeats what met another's change."""

PATIENCE = LONG
"""Seconds a person waits until something that was announced shows."""


class Person:
    """A person who signs in with an address and a password."""

    role: ClassVar[str] = ""
    """What they become in an enterprise, as the API spells it; empty for the vendor's people."""

    def __init__(self, api: Api, *, email: str, password: str, name: str) -> None:
        self.api = api
        self.email, self.password, self.name = email, password, name
        self.space = ""
        self._session: dict[str, Any] = {}
        self._secret = ""

    @property
    def account(self) -> str:
        """`accounts/{account}`."""
        self._insist_signed_in()
        return str(self._session["account"]["name"])

    @property
    def token(self) -> str:
        """An access token that is good for a while."""
        self._insist_signed_in()
        if datetime.fromisoformat(self._session["expireTime"]) - datetime.now(UTC) < SOON:
            self.enters(self.space)
        return str(self._session["accessToken"])

    def registers(self) -> Self:
        """Open an account; nothing happens if the address has one already."""
        about = {"email": self.email, "displayName": self.name}
        try:
            self.api.ask(
                "POST",
                "accounts:register",
                body={"account": about, "password": self.password},
            )
        except Refused as refused:
            if refused.said != "EMAIL_TAKEN":
                raise
        return self

    def signs_in(self, space: str = "") -> Self:
        """Prove who they are, and act in `space`, as `enterprises/acme`, from now on."""
        body = {"email": self.email, "password": self.password, "space": space}
        self._session = self.api.ask("POST", "sessions:signIn", body=body).json()
        self._secret = self._session["sessionSecret"]
        self.space = self._session.get("space", {}).get("enterprise", "")
        return self

    def enters(self, space: str) -> Self:
        """Act in another space, or in the same with the roles they hold there now."""
        if not self._session:
            return self.signs_in(space)
        body = {"sessionSecret": self._secret, "space": space}
        self._session = self.api.ask("POST", "sessions:exchange", body=body).json()
        # No new one comes with it for who asked for the same a moment ago.
        self._secret = self._session.get("sessionSecret") or self._secret
        self.space = space
        return self

    def get(self, path: str, **query: Any) -> Any:
        """Read something; `query` in the API's spelling."""
        return self._asks("GET", path, query=query).json()

    def post(self, path: str, body: Mapping[str, Any], *, key: str = "", **query: Any) -> Any:
        """Do something; the same `key` again is the same deed.

        What met somebody else's change at the same moment was not stored: read it again and repeat,
        says Millrun, and so does whoever sends no etag.
        """
        key = key or str(uuid4())
        for left in reversed(range(ATTEMPTS)):
            try:
                return self._sends(path, body, key, query)
            except Refused as refused:
                if refused.said != "CHANGED_MEANWHILE" or not left:
                    raise
        raise AssertionError("the last attempt returns or raises")

    def _sends(self, path: str, body: Mapping[str, Any], key: str, query: Any) -> Any:
        return self._asks("POST", path, key=key, query=query, body=body).json()

    def _asks(self, verb: str, path: str, **more: Any) -> Any:
        """Ask with a token; one that ended early, as rights changed, is exchanged for another."""
        try:
            return self.api.ask(verb, path, token=self.token, **more)
        except Refused as refused:
            if refused.said != "TOKEN_REVOKED":
                raise
        self.enters(self.space)
        return self.api.ask(verb, path, token=self.token, **more)

    def downloads(self, path: str, **query: Any) -> bytes:
        """Return a file."""
        return bytes(self._asks("GET", path, query=query).content)

    def all(self, path: str, field: str, **query: Any) -> Iterator[Any]:
        """Walk a list to its end, page by page."""
        page = ""
        while True:
            found = self.get(path, pageToken=page, **query)
            yield from found.get(field, ())
            page = found.get("nextPageToken", "")
            if not page:
                return

    def sees(self, what: Callable[[], T], within: float = PATIENCE) -> T:
        """Look until `what` is there, and return it: events take a moment."""
        return eventually(what, within)

    def order(self, name: str) -> Any:
        """Read an order."""
        return self.get(name)

    def sees_order(self, name: str, state: str) -> Any:
        """Look at an order until it is in `state`, and return it; AssertionError if it gets not."""

        def there() -> Any:
            order = self.order(name)
            assert order["state"] == state, f"{name} is {order['state']}, not {state}"
            return order

        return self.sees(there)

    def messages(self) -> list[Any]:
        """Return what Millrun told them."""
        return list(self.all("accounts/me/messages", "messages"))

    def _insist_signed_in(self) -> None:
        if not self._session:
            self.signs_in(self.space)
