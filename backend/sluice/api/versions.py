"""Which revision a caller saw, and which one a change is made to: `ETag` and `If-Match`.

A tag names a revision, not the bytes of an answer: how a pipeline is doing may differ under the same tag.

Source: RFC 9110, section 8.8.3 and 13.1.1; RFC 6585, section 3.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sluice.errors import BadRequest, PreconditionRequired

_TAG = re.compile(r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
TAGS_PATTERN = r'^(\*|(W/)?"[!#-+\--~]*"(, (W/)?"[!#-+\--~]*")*)$'
"""What a document may say of `If-Match`: `*`, or tags; more than it are understood, such as other spaces."""


def etag(version: str) -> str:
    """Return a version as the header's value."""
    return f'"{version}"'


def expected_versions(values: Sequence[str]) -> frozenset[str] | None:
    """Return the versions of which one must be the current one; None where the request doesn't say or takes any.

    Args:
        values: of each header `If-Match`.

    Raises:
        BadRequest: it is malformed.
    """
    # Several lines of a list are one list.
    text = ", ".join(values).strip()
    if not values or text == "*":
        return None
    tags = [part.strip() for part in text.split(",") if part.strip()]
    matches = [_TAG.fullmatch(tag) for tag in tags]
    if not all(matches) or not matches:
        raise BadRequest('If-Match must hold tags as ETag has them, such as "3f2a-1", or a single *.')
    return frozenset(match[2] for match in matches if match and not match[1])  # a weak one never matches


def needed_versions(values: Sequence[str]) -> frozenset[str] | None:
    """Return the same of a request that must say it.

    Raises:
        PreconditionRequired: there is no `If-Match`.
        BadRequest: it is malformed.
    """
    if not "".join(values).strip():
        raise PreconditionRequired(
            "Send If-Match with the ETag of what you looked at, so that nobody's change is lost."
        )
    return expected_versions(values)
