"""Names that people give: kept as they look, told apart without regard to case."""

from __future__ import annotations

import unicodedata

from sluice.errors import InvalidName, Unprocessable

MAX_CHARACTERS = 200
MAX_FILE_NAME_BYTES = 255
MAX_DESCRIPTION_CHARACTERS = 1000
MODEL_PREFIX = "model."
"""Where pipelines and models share their names, this says that a model is meant (`api.oip`)."""

# Control, invisible and bidirectional characters, half pairs, unassigned ones, and separators other than a space.
_REFUSED = {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}
_SEPARATORS = "/\\"


def can_be_kept(character: str) -> bool:
    """Tell whether a name may have this character: one that can be seen and separates no paths."""
    return character not in _SEPARATORS and not _is_invisible(character)


def checked_name(text: str) -> str:
    """Return a name in the form in which it is kept (NFC).

    Raises:
        InvalidName: it is empty, too long, or has characters that can't be seen or that separate paths.
    """
    name = unicodedata.normalize("NFC", text)
    if not name:
        raise _invalid("Give it a name.")
    if len(name) > MAX_CHARACTERS:
        raise _invalid(f"The name has {len(name)} characters; at most {MAX_CHARACTERS} are possible.")
    for character in name:
        if character in _SEPARATORS:
            raise _invalid(f"The name '{_printable(name)}' contains '{character}'. Leave it out.")
        if _is_invisible(character):
            raise _invalid(
                f"The name '{_printable(name)}' contains the character U+{ord(character):04X}, which can't be seen. "
                "Leave it out."
            )
    if name != name.strip():
        raise _invalid(f"The name '{name}' begins or ends with a space. Leave it out.")
    if name in {".", ".."}:
        raise _invalid(f"'{name}' is no name. Choose another one.")
    return name


def checked_new_name(text: str) -> str:
    """Return the name of a pipeline or model that hasn't had it before.

    Raises:
        InvalidName: as `checked_name`, or it begins like `model.<name>`, which leads to a model.
    """
    name = checked_name(text)
    if name_key(name).startswith(MODEL_PREFIX):
        raise _invalid(
            f"'{name}' begins with '{MODEL_PREFIX}', which is kept for telling a model from a pipeline of the same "
            f"name. Choose another name, such as '{name[len(MODEL_PREFIX) :] or 'model'}'."
        )
    return name


def checked_file_name(text: str) -> str:
    """Return the name of a file that will lie beside others.

    Raises:
        InvalidName: as `checked_name`, or it is too long for a file system.
    """
    name = checked_name(text)
    if len(name.encode()) > MAX_FILE_NAME_BYTES:
        raise _invalid(f"The file name takes {len(name.encode())} bytes; at most {MAX_FILE_NAME_BYTES} are possible.")
    return name


def checked_description(text: str) -> str:
    """Return a description in the form in which it is kept: NFC, lines ended by a line feed, nothing around.

    Raises:
        Unprocessable: it is too long, or has characters that can't be seen.
    """
    description = unicodedata.normalize("NFC", text).replace("\r\n", "\n").strip()
    if len(description) > MAX_DESCRIPTION_CHARACTERS:
        count = f"{len(description)} characters; at most {MAX_DESCRIPTION_CHARACTERS} are possible"
        raise _invalid_description(f"The description has {count}.")
    for character in description:
        if character not in "\n\t" and unicodedata.category(character) in ("Cc", "Cs"):
            raise _invalid_description(
                f"The description contains the character U+{ord(character):04X}, which can't be seen. Leave it out."
            )
    return description


def name_key(text: str) -> str:
    """Return the form by which names are compared: two that differ by case only are the same."""
    if text.isascii():
        return text.lower()  # the same, and every call of a pipeline asks for it
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in _REFUSED or (character.isspace() and character != " ")


def _invalid(message: str) -> InvalidName:
    return InvalidName(message, fields={"name": message})


def _invalid_description(message: str) -> Unprocessable:
    return Unprocessable(message, fields={"description": message})


def _printable(name: str) -> str:
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in name)
