"""Which addresses of a provider can be trusted to be its own."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_trustworthy(url: str) -> bool:
    """Tell whether nobody in between can read or answer for it: by https, or without a network."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if not host or parts.username is not None or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
