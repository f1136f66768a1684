"""A small OpenID Connect provider on 127.0.0.1, as strict as a real one where it matters, for who `user` says is signed in there."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from zhiheng.foundation import clock, entropy

CLIENT, SECRET = "zhiheng", "s3cret-of-the-client"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Provider:
    """What it knows: who is signed in there, which codes it gave, and what it was asked."""

    user: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    down: bool = False
    address: str = ""

    def configuration(self) -> dict[str, Any]:
        """What a client finds out first."""
        paths = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "userinfo_endpoint": "/userinfo", "jwks_uri": "/jwks"}
        given = {name: self.address + path for name, path in paths.items()}
        return given | {"issuer": self.address, "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"]}

    def authorize(self, query: dict[str, str]) -> str:
        """Where the browser goes on, with a code."""
        assert query["client_id"] == CLIENT
        assert query["response_type"] == "code"
        assert "openid" in query["scope"].split()
        assert query["code_challenge_method"] == "S256"
        code = entropy.token()
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form: dict[str, str], credentials: tuple[str, str]) -> dict[str, Any] | None:
        """Tokens for a code, once, to who has the secret and the verifier."""
        query = self.codes.pop(form["code"], None)
        sent = credentials if credentials[0] else (form.get("client_id", ""), form.get("client_secret", ""))
        verifier = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest()).decode().rstrip("=")
        if (
            query is None
            or sent != (CLIENT, SECRET)
            or form["redirect_uri"] != query["redirect_uri"]
            or verifier != query["code_challenge"]
        ):
            return None
        token = entropy.token()
        self.tokens.add(token)
        now = int(clock.real().timestamp())
        claims = self.user | {"iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 300}
        signed = jwt.encode(claims, KEY, algorithm="RS256", headers={"kid": "k1"})
        return {"access_token": token, "token_type": "Bearer", "expires_in": 300, "id_token": signed}


class Handler(BaseHTTPRequestHandler):
    """The provider's four addresses."""

    known: Provider

    def log_message(self, *args: Any) -> None:
        """Silent."""

    def answer(self, data: Any, status: int = 200) -> None:
        body = json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.known.asked.append(parts.path)
        if self.known.down:
            self.answer({}, 503)
        elif parts.path == "/.well-known/openid-configuration":
            self.answer(self.known.configuration())
        elif parts.path == "/authorize":
            self.send_response(302)
            self.send_header("Location", self.known.authorize({k: v[0] for k, v in parse_qs(parts.query).items()}))
            self.end_headers()
        elif parts.path == "/jwks":
            self.answer({"keys": [json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key())) | {"kid": "k1", "use": "sig"}]})
        elif parts.path == "/userinfo" and self.headers.get("Authorization", "").removeprefix("Bearer ") in self.known.tokens:
            self.answer(self.known.user)
        else:
            self.answer({"error": "invalid_token"}, 401)

    def do_POST(self) -> None:
        self.known.asked.append(self.path)
        form = {k: v[0] for k, v in parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()).items()}
        basic = base64.b64decode(self.headers.get("Authorization", "").removeprefix("Basic ") or b"").decode().partition(":")
        given = self.known.token(form, (basic[0], basic[2])) if self.path == "/token" and not self.known.down else None
        self.answer(given or {"error": "invalid_grant"}, 200 if given else 400)


@contextmanager
def serving() -> Iterator[Provider]:
    """Within the block the provider answers."""
    known = Provider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Known", (Handler,), {"known": known}))
    known.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield known
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
