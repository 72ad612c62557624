"""What only some settings ask for, and only an extra of the package brings."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta

from sluice.access.oidc.rights import Rights
from sluice.access.oidc.signing_in import SingleSignOn
from sluice.api.spans import Spans
from sluice.settings import Settings
from sluice.storage.folder import CannotOpen


@dataclass(frozen=True)
class Extras:
    """What is there of the extras.

    Attributes:
        spans: tells a collector of predictions.
        single_sign_on: lets people in whom a provider knows.
    """

    spans: Spans | None
    single_sign_on: SingleSignOn | None


def open_extras(settings: Settings, stack: AsyncExitStack) -> Extras:
    """Return what the settings ask for, which the stack ends.

    Raises:
        CannotOpen: it isn't installed.
    """
    single_sign_on = _single_sign_on(settings)
    if settings.otlp_endpoint is None:
        return Extras(None, single_sign_on)
    spans = Spans(settings.otlp_endpoint)
    stack.push_async_callback(asyncio.to_thread, spans.close)
    return Extras(spans, single_sign_on)


def _single_sign_on(settings: Settings) -> SingleSignOn | None:
    if settings.oidc_issuer is None:
        return None
    assert settings.oidc_client_id is not None
    try:
        from sluice.access.oidc.provider import Provider
    except ImportError as error:
        raise CannotOpen(
            f"SLUICE_OIDC_ISSUER is set, but what signs people in there isn't installed ({error}). "
            "Install it beside Sluice: pip install 'sluice[oidc]'."
        ) from None
    provider = Provider(
        settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret, settings.oidc_scopes
    )
    rights = Rights(settings.oidc_name_claim, settings.oidc_role_claim, settings.oidc_admin, settings.oidc_read)
    return SingleSignOn(settings.oidc_title, provider, rights, timedelta(hours=settings.oidc_session_hours))
