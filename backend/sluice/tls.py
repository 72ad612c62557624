"""The certificate by which the server speaks HTTPS itself: checked before it listens, followed when it is renewed."""

from __future__ import annotations

import hashlib
import logging
import re
import ssl
from pathlib import Path

from sluice.settings import Settings

log = logging.getLogger(__name__)

HANDSHAKE_S = 9.0
"""Within which a client must have shaken hands; as long as it has for a request's head."""

LOOK_EVERY_S = 60.0
"""After which it is looked whether the files were renewed."""

_NO_CHECK_TIME = ssl.VerifyFlags(0x200000)
"""OpenSSL's X509_V_FLAG_NO_CHECK_TIME, which Python has no name for."""

_FIRST_CERTIFICATE = re.compile(rb"-----BEGIN ([A-Z0-9 ]*CERTIFICATE)-----.*?-----END \1-----", re.DOTALL)


class CannotEncrypt(Exception):
    """Certificate or key can't be used; the message names the setting."""


def encryption_of(settings: Settings) -> Encryption | None:
    """Return what the server encrypts by; None for plain HTTP.

    Raises:
        CannotEncrypt: certificate or key can't be read, or they don't belong together.
    """
    if settings.tls_cert is None:
        return None
    return Encryption(settings.tls_cert, settings.tls_key or settings.tls_cert)


class Encryption:
    """A certificate and its key, as they lie in files that are renewed while the server runs.

    Args:
        cert: with its chain.
        key: of it; may be the same file.

    Attributes:
        context: to listen with. Who shakes hands gets the pair that was loaded last.

    Raises:
        CannotEncrypt: certificate or key can't be read, or they don't belong together.
    """

    def __init__(self, cert: Path, key: Path) -> None:
        self._cert, self._key = cert, key
        self._in_use = self._read()
        self._refused: tuple[bytes, bytes] | None = None
        self.context = self._current = self._load()
        # A context of its own for each pair: in one that has an RSA certificate, a new one by elliptic curves would
        # only come beside that. Called for each client, whether it says a name or not.
        self.context.sni_callback = self._use_current

    @property
    def certificate(self) -> str:
        """The certificate that new connections get, without its chain."""
        found = _FIRST_CERTIFICATE.search(self._in_use[0])
        return found[0].decode("ascii", "ignore") if found else ""

    def renew(self) -> None:
        """Have new connections use what lies in the files now; what can't be used is told once, and not used."""
        files = self._read()
        if files == self._in_use:
            return
        try:
            self._current = self._load()
        except CannotEncrypt as error:
            if files != self._refused:
                log.warning("%s; the certificate that was read before stays in use", error)
                self._refused = files
            return
        self._in_use = files
        log.info("new connections use the renewed certificate (SLUICE_TLS_CERT %s)", self._cert)

    def _use_current(self, connection: ssl.SSLObject, _name: str | None, _context: ssl.SSLContext) -> None:
        connection.context = self._current

    def _read(self) -> tuple[bytes, bytes]:
        """Return the certificate and what differs for each key."""
        return _content(self._cert), hashlib.sha256(_content(self._key)).digest()

    def _load(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_alpn_protocols(["http/1.1"])
        cert, key = self._cert, self._key
        try:
            context.load_cert_chain(cert, key, password=_no_password)
        except _Encrypted:
            raise CannotEncrypt(f"SLUICE_TLS_KEY: {key} is encrypted; give a key without a password") from None
        except OSError as error:  # also ssl.SSLError
            raise CannotEncrypt(f"SLUICE_TLS_CERT {cert}, SLUICE_TLS_KEY {key}: {_reason(error)}") from None
        return context


def client_context(certificate: str) -> ssl.SSLContext:
    """Return what trusts this certificate of our own server and no other, whatever it says of names and times."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN | _NO_CHECK_TIME
    context.load_verify_locations(cadata=certificate)
    return context


class _Encrypted(Exception):
    """The key needs a password."""


def _no_password() -> str:
    raise _Encrypted


def _content(path: Path) -> bytes:
    """Return a file's content; nothing where it can't be read, which loading it tells."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _reason(error: OSError) -> str:
    if isinstance(error, ssl.SSLError):
        if error.reason in ("KEY_VALUES_MISMATCH", "NO_CERTIFICATE_ASSIGNED"):  # of the key's kind
            return "the key isn't the certificate's"
        return "no certificate and key in PEM format"
    return error.strerror or str(error)
