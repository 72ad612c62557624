"""The certificate by which the server speaks HTTPS itself, checked before it listens."""

from __future__ import annotations

import ssl

from sluice.settings import Settings

HANDSHAKE_S = 9.0
"""Within which a client must have shaken hands; as long as it has for a request's head."""


class CannotEncrypt(Exception):
    """Certificate or key can't be used; the message names the setting."""


def server_context(settings: Settings) -> ssl.SSLContext | None:
    """Return what the server encrypts by; None for plain HTTP.

    Raises:
        CannotEncrypt: certificate or key can't be read, or they don't belong together.
    """
    if settings.tls_cert is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    key = settings.tls_key or settings.tls_cert
    try:
        context.load_cert_chain(settings.tls_cert, key, password=_no_password)
    except _Encrypted:
        raise CannotEncrypt(f"SLUICE_TLS_KEY: {key} is encrypted; give a key without a password") from None
    except OSError as error:  # also ssl.SSLError
        raise CannotEncrypt(f"SLUICE_TLS_CERT {settings.tls_cert}, SLUICE_TLS_KEY {key}: {_reason(error)}") from None
    return context


def client_context(certificate: str) -> ssl.SSLContext:
    """Return what trusts this certificate of our own server, whatever names it has and whoever signed it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.load_verify_locations(cadata=certificate)
    return context


class _Encrypted(Exception):
    """The key needs a password."""


def _no_password() -> str:
    raise _Encrypted


def _reason(error: OSError) -> str:
    if isinstance(error, ssl.SSLError):
        if error.reason == "KEY_VALUES_MISMATCH":
            return "the key isn't the certificate's"
        return "no certificate and key in PEM format"
    return error.strerror or str(error)
