"""Talks to the provider: where to send browsers, and who came back.

The flow is that of an authorization code with PKCE. Authlib writes the requests and checks the claims, joserfc the
signature; both are of the extra `oidc`.

Source: OpenID Connect Core 1.0, sections 3.1 and 3.1.3.7; OpenID Connect Discovery 1.0, section 4; RFC 9207.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Any

import httpx2
from authlib.oauth2.client import OAuth2Client  # type: ignore[import-untyped]
from authlib.oauth2.rfc6749.parameters import prepare_token_request  # type: ignore[import-untyped]
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from sluice.access.oidc.attempt import Attempt
from sluice.access.oidc.origin import is_trustworthy
from sluice.access.oidc.refused import Refused

_ALGORITHMS = [*(f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512)), "EdDSA", "Ed25519"]
"""Signatures that the provider alone can make: neither none, nor by a secret that others know."""

_TIMEOUT_S = 10.0
_KNOWN_S = 600.0
_AT_ONCE = 8
_LEEWAY_S = 60  # between two clocks


class Provider:
    """One provider, at which this server is registered."""

    def __init__(self, issuer: str, client_id: str, client_secret: str | None, scopes: str) -> None:
        self._issuer = issuer
        self._client_id = client_id
        self._client_secret = client_secret
        self._scopes = scopes
        self._metadata: Mapping[str, Any] = {}
        self._read_at = 0.0
        self._gate = asyncio.Semaphore(_AT_ONCE)

    async def address(self, attempt: Attempt, return_to: str) -> str:
        """Return where to send a browser, which will come back to `return_to`.

        Raises:
            Refused: the provider doesn't answer, or not as it should.
        """
        metadata = await self._known()
        client = self._client(metadata, return_to)
        address, _ = client.create_authorization_url(
            metadata["authorization_endpoint"],
            state=attempt.state,
            code_verifier=attempt.verifier,
            nonce=attempt.nonce,
        )
        return str(address)

    async def claims(self, attempt: Attempt, answer: Mapping[str, str], return_to: str) -> Mapping[str, Any]:
        """Return what the provider says of the person who came back.

        Args:
            attempt: with which the browser was sent there.
            answer: the parameters with which it came back.
            return_to: as it was sent there with.

        Raises:
            Refused: it is no answer to that attempt, or says no.
        """
        if not attempt.is_of(answer.get("state", "")):
            raise Refused("expired", "the state isn't that of the browser's attempt")
        metadata = await self._known()
        self._check_issuer(answer, metadata)
        if "error" in answer:
            raise Refused("denied", f"the provider answered {answer['error'][:100]!r}")
        tokens = await self._redeem(answer.get("code", ""), attempt, metadata, return_to)
        keys = await self._json("GET", metadata["jwks_uri"])
        return self._checked(tokens, keys, attempt, metadata)

    def _check_issuer(self, answer: Mapping[str, str], metadata: Mapping[str, Any]) -> None:
        said = answer.get("iss")
        if said is None and metadata.get("authorization_response_iss_parameter_supported") is True:
            raise Refused("failed", "the answer doesn't say which provider it is of")
        if said is not None and said != self._issuer:
            raise Refused("failed", f"the answer is of another provider: {said[:200]!r}")

    async def _redeem(
        self, code: str, attempt: Attempt, metadata: Mapping[str, Any], return_to: str
    ) -> Mapping[str, Any]:
        client = self._client(metadata, return_to)
        body = prepare_token_request(
            "authorization_code", code=code, redirect_uri=return_to, code_verifier=attempt.verifier
        )
        headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
        auth = client.client_auth(client.token_endpoint_auth_method)
        url, headers, body = auth.prepare("POST", metadata["token_endpoint"], headers, body)
        return await self._json("POST", url, headers=headers, content=body)

    def _checked(
        self, tokens: Mapping[str, Any], keys: Mapping[str, Any], attempt: Attempt, metadata: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        supported = metadata.get("id_token_signing_alg_values_supported")
        allowed = [name for name in _ALGORITHMS if not isinstance(supported, list) or name in supported]
        try:
            registry = JWSRegistry(algorithms=allowed, strict_check_header=False)
            token = jwt.decode(tokens["id_token"], KeySet.import_key_set(dict(keys)), registry=registry)  # type: ignore[arg-type]
            claims = CodeIDToken(
                token.claims,
                token.header,
                {
                    "iss": {"essential": True, "value": self._issuer},
                    "aud": {"essential": True, "value": self._client_id},
                    "nonce": {"essential": True, "value": attempt.nonce},
                    "sub": {"essential": True},
                },
                {"nonce": attempt.nonce, "client_id": self._client_id, "access_token": tokens.get("access_token")},
            )
            claims.validate(leeway=_LEEWAY_S)
        except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise Refused("failed", f"the identity isn't good: {type(error).__name__}: {error}"[:300]) from error
        return dict(claims)

    def _client(self, metadata: Mapping[str, Any], return_to: str) -> Any:
        return OAuth2Client(
            None,
            client_id=self._client_id,
            client_secret=self._client_secret,
            token_endpoint_auth_method=self._way_to_prove(metadata),
            scope=self._scopes,
            redirect_uri=return_to,
            code_challenge_method="S256",
        )

    def _way_to_prove(self, metadata: Mapping[str, Any]) -> str:
        if self._client_secret is None:
            return "none"
        ways = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        return "client_secret_post" if "client_secret_basic" not in ways else "client_secret_basic"

    async def _known(self) -> Mapping[str, Any]:
        """Return what the provider says of itself, at most ten minutes old."""
        if not self._metadata or time.monotonic() - self._read_at > _KNOWN_S:
            metadata = await self._json("GET", f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
            if metadata.get("issuer") != self._issuer:
                raise Refused(
                    "failed", f"SLUICE_OIDC_ISSUER is '{self._issuer}', but it says it is '{metadata.get('issuer')}'"
                )
            for key in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                if not is_trustworthy(str(metadata.get(key))):
                    raise Refused("failed", f"the provider's {key} isn't an https address")
            self._metadata, self._read_at = metadata, time.monotonic()
        return self._metadata

    async def _json(self, method: str, url: str, **sent: Any) -> Mapping[str, Any]:
        try:
            async with self._gate, httpx2.AsyncClient(timeout=_TIMEOUT_S) as client:
                answer = await client.request(method, url, **sent)
                body = answer.json() if answer.is_success else None
        except httpx2.HTTPError as error:
            raise Refused("away", f"{method} {url} failed: {type(error).__name__}: {error}"[:300]) from error
        except ValueError:
            raise Refused("failed", f"{method} {url} didn't answer JSON") from None
        if not isinstance(body, dict):
            away = answer.status_code >= 500
            raise Refused("away" if away else "failed", f"{method} {url} answered {answer.status_code}")
        return body
