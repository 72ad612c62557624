"""A small OpenID Connect provider on loopback: real HTTP and real keys, and whatever lies a test tells it to tell."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID, CLIENT_SECRET = "sluice", "a secret of the provider's"


@dataclass
class Provider:
    """What it does, and how a test changes that.

    Attributes:
        claims: of the person who signs in there.
        lies: claims of the identity that aren't as they should be; None leaves one out.
        metadata: what it says of itself otherwise than it is.
        header: of the identity.
        signing: the key that signs; the published one unless a test says otherwise.
        answer: parameters with which it sends browsers back, beside the right ones.
    """

    issuer: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    claims: dict[str, Any] = field(default_factory=lambda: {"sub": "u-1", "preferred_username": "ada"})
    lies: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=lambda: {"alg": "RS256", "kid": "one"})
    signing: Any = None
    answer: dict[str, str] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    redeemed: list[str] = field(default_factory=list)

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            **self.metadata,
        }

    def authorize(self, asked: dict[str, str]) -> str:
        """Let the person in at once, and return where the browser goes."""
        assert asked["response_type"] == "code" and asked["code_challenge_method"] == "S256"
        assert asked["client_id"] == CLIENT_ID and "openid" in asked["scope"].split()
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        given = {"code": code, "state": asked["state"], "session_state": "of no interest", **self.answer}
        return f"{asked['redirect_uri']}?{urlencode(given)}"

    def token(self, authorization: str, sent: dict[str, str]) -> dict[str, Any] | None:
        """Give the identity for a code, once."""
        user = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        asked = self.codes.get(sent.get("code", ""))
        if asked is None or unquote(user) != f"{CLIENT_ID}:{CLIENT_SECRET}" or sent["code"] in self.redeemed:
            return None
        challenge = hashlib.sha256(sent["code_verifier"].encode()).digest()
        if _coded(challenge).decode() != asked["code_challenge"]:
            return None
        if sent["redirect_uri"] != asked["redirect_uri"]:
            return None
        self.redeemed.append(sent["code"])
        return {"access_token": "of no interest", "token_type": "Bearer", "id_token": self.identity(asked["nonce"])}

    def identity(self, nonce: str) -> str:
        now = int(time.time())
        right = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": nonce, **self.claims}
        claims = {key: value for key, value in {**right, **self.lies}.items() if value is not None}
        if self.header["alg"] in ("none", "HS256"):
            signed = b".".join(_coded(json.dumps(part).encode()) for part in (self.header, claims))
            # By the published key, which everybody has: a library that takes it for a secret would be taken in.
            made = (
                hmac.digest(self.key.as_pem(private=False), signed, "sha256") if self.header["alg"] == "HS256" else b""
            )
            return b".".join([signed, _coded(made)]).decode()
        return jwt.encode(self.header, claims, self.signing or self.key, algorithms=[self.header["alg"]])


def _coded(content: bytes) -> bytes:
    return base64.urlsafe_b64encode(content).rstrip(b"=")


@contextmanager
def provided() -> Iterator[Provider]:
    """Run one."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *arguments: object) -> None:
            pass

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            if url.path == "/authorize":
                asked = {name: values[0] for name, values in parse_qs(url.query).items()}
                self.send_response(302)
                self.send_header("Location", provider.authorize(asked))
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif url.path == "/keys":
                self._send(200, {"keys": [provider.key.as_dict(private=False)]})
            else:
                self._send(200, provider.configuration())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            sent = {name: values[0] for name, values in parse_qs(body).items()}
            tokens = provider.token(self.headers.get("Authorization", ""), sent)
            self._send(200, tokens) if tokens else self._send(400, {"error": "invalid_grant"})

        def _send(self, status: int, body: dict[str, Any]) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
