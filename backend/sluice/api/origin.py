"""Tells requests of the page itself from those that another site makes a browser send.

Source: Fetch Metadata Request Headers, section 2; RFC 6454, section 7.
"""

from __future__ import annotations

from starlette.datastructures import Headers

from sluice.errors import NotAllowed

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def refuse_other_sites(headers: Headers, *, proof_needed: bool) -> None:
    """Refuse a changing request that a browser sent for another site.

    Programs send neither of the two headers. With a session's cookie (`proof_needed`) that isn't good enough: then the
    request must prove where it comes from. Browsers send Sec-Fetch-Site except to plain http on another machine;
    there Origin says the same.

    Raises:
        NotAllowed: it comes, or may come, from elsewhere.
    """
    site = headers.get("sec-fetch-site")
    origin = headers.get("origin")
    if site is not None:
        allowed = site == "same-origin"
    elif origin is not None:
        host = headers.get("host", "")
        allowed = bool(host) and origin.partition("://")[2].lower() == host.lower()
    else:
        allowed = not proof_needed
    if not allowed:
        raise NotAllowed(
            "This request doesn't come from Sluice's own page. Programs send an API token instead of the page's "
            "cookie; a proxy must pass the header Host on."
        )
