"""Which names can be kept, and which are the same."""

import unicodedata

import pytest

from sluice.catalog.names import checked_file_name, checked_name, name_key
from sluice.errors import InvalidName


@pytest.mark.parametrize(
    "name", ["digits", "Ziffern für Müller", "数字", "a b.c-d_(e)", "x" * 200, "...", "👍", "%2F?#"]
)
def test_ordinary_names_are_kept_as_they_are(name: str) -> None:
    assert checked_name(name) == name


def test_a_name_is_kept_composed() -> None:
    assert checked_name(unicodedata.normalize("NFD", "für")) == "für"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "Give it a name"),
        ("x" * 201, "has 201 characters; at most 200"),
        ("a/b", "contains '/'"),
        ("a\\b", r"contains '\\'"),
        (".", "is no name"),
        ("..", "is no name"),
        (" a", "begins or ends with a space"),
        ("a ", "begins or ends with a space"),
        ("   ", "begins or ends with a space"),
        ("a\nb", r"U\+000A, which can't be seen"),
        ("a\0b", r"U\+0000"),
        ("a\x7fb", r"U\+007F"),
        ("evil\u202egnp.py", r"U\+202E"),
        ("a\u200bb", r"U\+200B"),
        ("a\u00a0b", r"U\+00A0"),
        ("a\u2028b", r"U\+2028"),
        ("a\ud800b", r"U\+D800"),
        ("a\uffffb", r"U\+FFFF"),
    ],
)
def test_other_names_are_refused_with_the_reason(name: str, reason: str) -> None:
    with pytest.raises(InvalidName, match=reason) as refused:
        checked_name(name)
    assert refused.value.fields == {"name": refused.value.message}
    assert refused.value.message.replace(" ", "").isprintable()


def test_a_file_name_fits_a_file_system() -> None:
    assert checked_file_name("數" * 85) == "數" * 85
    with pytest.raises(InvalidName, match="takes 258 bytes; at most 255"):
        checked_file_name("數" * 86)


@pytest.mark.parametrize(
    ("one", "other"), [("Digits", "dIGITS"), ("STRASSE", "straße"), (unicodedata.normalize("NFD", "É"), "é")]
)
def test_names_that_differ_by_case_only_are_the_same(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)
