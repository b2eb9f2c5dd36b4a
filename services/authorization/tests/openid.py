"""An OpenID Connect provider as small as can be, on loopback; it can be told to go wrong."""

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from shared.clock import now

CLIENT, SECRET = "millrun", "a client secret of some length"


class OpenId(ThreadingHTTPServer):
    """Signs everybody in who comes, as `person`; `changed` claims replace what is true."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.issuer = f"http://127.0.0.1:{self.server_address[1]}"
        self.told_issuer = self.issuer
        self.person: dict[str, Any] = {
            "sub": "248289761001",
            "email": "Kim@Acme.example",
            "email_verified": True,
            "name": "Kim Vale",
        }
        self.changed: dict[str, Any] = {}
        self.algorithm = "RS256"
        self.down = False
        self.codes: dict[str, dict[str, str]] = {}
        self.asked_for_keys = 0
        self.rotate()

    def rotate(self) -> None:
        """Sign with another key from now on; the one before is known no more."""
        self.key = RSAKey.generate_key(2048, private=True)
        self.key.ensure_kid()

    def visit(self, url: str) -> dict[str, str]:
        """Sign in as a browser does at `url`; return what it comes back with."""
        asked = {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def token(self, asked: dict[str, str]) -> str:
        """Return the id token for what was asked."""
        at = int(now().timestamp())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": at,
            "exp": at + 300,
            "nonce": asked["nonce"],
            **self.person,
            **self.changed,
        }
        said = {key: value for key, value in claims.items() if value is not None}
        if self.algorithm == "none":
            parts = ({"alg": "none"}, said)
            return ".".join((*map(_part, parts), ""))
        key: Any = self.key
        if self.algorithm == "HS256":
            key = OctKey.import_key(SECRET)
        header = {"alg": self.algorithm, "kid": self.key.kid}
        return jwt.encode(header, said, key, [self.algorithm])


class _Answering(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        idp = cast(OpenId, self.server)
        if self.path == "/.well-known/openid-configuration":
            self._say(
                {
                    "issuer": idp.told_issuer,
                    "authorization_endpoint": f"{idp.issuer}/authorize",
                    "token_endpoint": f"{idp.issuer}/token",
                    "jwks_uri": f"{idp.issuer}/keys",
                }
            )
        else:
            idp.asked_for_keys += 1
            self._say({"keys": [idp.key.as_dict(private=False)]})

    def do_POST(self) -> None:
        idp = cast(OpenId, self.server)
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        sent = {key: values[0] for key, values in parse_qs(body).items()}
        expected = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        asked = idp.codes.pop(sent["code"], None)
        challenge = hashlib.sha256(sent["code_verifier"].encode()).digest()
        right = (
            asked
            and self.headers["authorization"] == f"Basic {expected}"
            and sent["redirect_uri"] == asked["redirect_uri"]
            and asked["code_challenge"] == _part(challenge)
        )
        if not right or asked is None:
            self._say({"error": "invalid_grant"}, 400)
        else:
            self._say({"id_token": idp.token(asked), "access_token": "x", "token_type": "Bearer"})

    def _say(self, content: dict[str, Any], status: int = 200) -> None:
        if cast(OpenId, self.server).down:
            status = 503
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _part(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@contextmanager
def openid() -> Iterator[OpenId]:
    """Be there for a block."""
    with OpenId() as idp:
        thread = threading.Thread(target=idp.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield idp
        idp.shutdown()
        thread.join()
