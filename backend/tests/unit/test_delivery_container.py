"""No container engine runs here: what image and compose file name must exist, and `make` proves the steps."""

import re
import shlex
from pathlib import Path

import pytest
import yaml

from sluice.settings import Settings

ROOT = Path(__file__).parents[3]
SETTINGS = {f"SLUICE_{name.upper()}" for name in Settings.model_fields}
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))


def instructions() -> list[tuple[str, str]]:
    """Return the Dockerfile's instructions with their arguments, continued lines joined."""
    text = (ROOT / "backend/Dockerfile").read_text("utf-8").replace("\\\n", " ")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return [(word, rest) for word, _, rest in (line.strip().partition(" ") for line in lines)]


def test_the_compose_file_builds_from_files_that_exist():
    build = COMPOSE["services"]["sluice"]["build"]
    assert (ROOT / build["context"] / build["dockerfile"]).is_file()


def test_every_setting_that_is_passed_on_exists():
    passed = {entry.partition("=")[0] for entry in COMPOSE["services"]["sluice"]["environment"]}
    baked = {name for word, rest in instructions() if word == "ENV" for name in re.findall(r"\bSLUICE_\w+", rest)}
    assert passed <= SETTINGS
    assert baked <= SETTINGS
    assert baked


def test_volumes_are_declared_and_the_data_folder_is_one():
    mounted = {entry.partition(":")[0] for service in COMPOSE["services"].values() for entry in service["volumes"]}
    assert mounted == set(COMPOSE["volumes"])
    assert ("VOLUME", "/data") in instructions()
    assert "data:/data" in COMPOSE["services"]["sluice"]["volumes"]


def test_postgresql_starts_only_when_asked_for():
    profiles = {name: service.get("profiles", []) for name, service in COMPOSE["services"].items()}
    assert profiles == {"sluice": [], "database": ["postgresql"]}
    assert COMPOSE["services"]["sluice"]["depends_on"]["database"]["required"] is False


def test_the_image_runs_as_an_ordinary_user_and_says_whether_it_lives():
    words = dict(instructions())
    assert words["USER"] == "sluice"
    assert "/health/live" in words["HEALTHCHECK"]
    assert words["CMD"] == '["sluice", "serve"]'


def test_the_image_copies_what_exists_and_ignores_no_part_of_it():
    copies = [shlex.split(rest) for word, rest in instructions() if word == "COPY"]
    assert copies == [[".", "."], ["--from=build", "/opt/sluice", "/opt/sluice"]]
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split()
    needed = ("Makefile", "pyproject.toml", "README.md", "LICENSE", "backend", "frontend", "frontend/package-lock.json")
    for path in needed:
        assert (ROOT / path).exists()
        assert path not in ignored


@pytest.mark.parametrize(
    "command", [rest for word, rest in instructions() if word == "RUN" and "make" in rest.split()[:1]]
)
def test_the_image_is_built_by_a_command_of_the_makefile(command: str):
    target = command.split()[1]
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
