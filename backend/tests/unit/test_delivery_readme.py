"""The README says what the code does."""

import re
from pathlib import Path

from pydantic import ByteSize

from sluice.settings import SECRETS, Settings

ROOT = Path(__file__).parents[3]
README = (ROOT / "README.md").read_text("utf-8")


def shown(default: object) -> str:
    """Return a default as the README writes it."""
    if isinstance(default, ByteSize):
        return f"`{default.human_readable().replace('.0', '')}`"
    if isinstance(default, float):
        return f"`{default:g}`"
    return f"`{default}`" if default not in (None, "", ()) else ""


def test_the_table_of_settings_is_that_of_the_code():
    table = [
        f"| `SLUICE_{name.upper()}` | {shown(field.default)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    assert re.findall(r"^\| `SLUICE_.*$", README, re.MULTILINE) == table, "The table should be:\n" + "\n".join(table)


def test_the_secrets_that_a_file_may_hold_are_named():
    assert set(re.findall(r"`SLUICE_(\w+)_FILE`", README)) == {name.upper() for name in SECRETS}


def test_what_the_readme_points_to_exists():
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", README):
        assert (ROOT / target).exists(), target


def test_every_make_command_that_documents_name_exists():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    documents = README + (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    for command in re.findall(r"\bmake ([a-z][a-z-]+)\b", documents):
        assert re.search(rf"^{command}:", makefile, re.MULTILINE), command
