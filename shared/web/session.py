"""Who is looking at the page, and how the browser remembers them.

The browser holds an opaque session secret and the space chosen; the secret is exchanged for an
access token of a few minutes, which this process keeps until shortly before it expires, and for the
secret the browser holds from then on.
"""

import hashlib
import hmac
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from shared.caller import Role
from shared.clock import now
from shared.revoked import digest_of

EARLY = timedelta(seconds=30)
"""How long before it expires a token is exchanged again."""

MOST = 10_000
"""How many tokens a process keeps; the longest unused one makes room."""


@dataclass(frozen=True, kw_only=True)
class Space:
    """A space somebody may act in."""

    name: str
    """As `enterprises/acme`; empty for the vendor's own."""

    display_name: str
    roles: frozenset[Role]
    certified: bool = False
    deputy_of: frozenset[str] = frozenset()
    """Absent colleagues whose work one of the vendor's people does meanwhile."""


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Somebody who is signed in."""

    account: str
    display_name: str
    email: str = ""
    space: Space | None
    """The space acted in; None until one is chosen."""

    spaces: tuple[Space, ...] = ()
    access_token: str
    expires: datetime

    staff: bool = False
    """Whether this is one of the vendor's own people, also while they may not act yet."""

    needs: frozenset[str] = frozenset()
    """What the account has to do before it can act everywhere: `VERIFY_ADDRESS`, `TWO_STEP`."""

    session: str = ""
    """The session's name, which is no secret: `accounts/…/sessions/…`."""

    secret: str = field(default="", repr=False)
    """What the browser has to hold from now on; empty if that is what it holds."""

    @property
    def roles(self) -> frozenset[Role]:
        """The roles held in the space acted in."""
        return self.space.roles if self.space else frozenset()

    def has(self, *roles: Role) -> bool:
        """Whether the visitor holds at least one of `roles` here."""
        return not self.roles.isdisjoint(roles)

    def acts_for(self, account: str) -> bool:
        """Whether what is in the hands of `account` is in the visitor's: own, or as a deputy."""
        absent = self.space.deputy_of if self.space else frozenset()
        return account == self.account or account in absent


class Cookies:
    """Names and attributes of the cookies an edge sets.

    They carry the edge's name: browsers keep cookies by host, whatever the port, and whoever signs
    in to the console must stay signed in to the portal beside it.
    """

    def __init__(self, secure: bool, edge: str) -> None:
        self.secure = secure
        prefix = f"__Host-{edge}-" if secure else f"{edge}-"
        self.session, self.space = f"{prefix}session", f"{prefix}space"
        self.csrf, self.flash = f"{prefix}csrf", f"{prefix}flash"
        self.challenge, self.state = f"{prefix}challenge", f"{prefix}state"

    def put(self, response: Response, name: str, value: str, *, age: int | None = None) -> None:
        """Set a cookie that scripts cannot read and other sites cannot send along with a POST."""
        response.set_cookie(
            name, value, max_age=age, httponly=True, secure=self.secure, samesite="lax", path="/"
        )

    def drop(self, response: Response, name: str) -> None:
        """Make the browser forget a cookie."""
        response.delete_cookie(name, httponly=True, secure=self.secure, samesite="lax", path="/")

    def csrf_token(self, request: Request) -> str:
        """Return what forms of this browser and this session must send back.

        A value the browser holds signs the session, so neither alone lets anybody forge it. The
        session is named, as its secret is another one every few minutes and forms stay open longer.
        """
        visitor = request.state.visitor
        held, session = request.state.csrf, visitor.session if visitor else ""
        return hmac.new(held.encode(), session.encode(), hashlib.sha256).hexdigest()

    def csrf_value(self, request: Request) -> str:
        """Return the browser's own value, or a new one for a browser without."""
        return request.cookies.get(self.csrf) or secrets.token_urlsafe(32)


class Visitors:
    """Access tokens by session and space, kept until shortly before they expire."""

    def __init__(self, exchange: Callable[[str, str], Visitor]) -> None:
        self._exchange = exchange
        self._known: OrderedDict[tuple[str, str], Visitor] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, secret: str, space: str) -> Visitor:
        """Return who that session is, acting in `space`; refuses as authorization does."""
        with self._lock:
            visitor = self._known.get((secret, space))
            if visitor and visitor.expires - EARLY > now():
                self._known.move_to_end((secret, space))
                return visitor
        return self.renew(secret, space)

    def renew(self, secret: str, space: str) -> Visitor:
        """Return the same with a fresh token; refuses as authorization does."""
        visitor = self._exchange(secret, space)
        with self._lock:
            # Other requests of the same browser are under way with the secret it holds still.
            for each in {secret, visitor.secret} - {""}:
                self._known[each, space] = replace(visitor, secret="")
            while len(self._known) > MOST:
                self._known.popitem(last=False)
        return visitor

    def forget(self, account: str) -> None:
        """Drop what is kept for an account, in every space, to learn it anew."""
        with self._lock:
            for key, known in list(self._known.items()):
                if known.account == account:
                    del self._known[key]

    def forget_ended(self, digest: bytes) -> None:
        """Drop what is kept for whose tokens ended, as `shared.revoked` says it."""
        with self._lock:
            for key, known in list(self._known.items()):
                there = known.space.name.rpartition("/")[2] if known.space else ""
                if digest in (digest_of(known.account, ""), digest_of(known.account, there)):
                    del self._known[key]
