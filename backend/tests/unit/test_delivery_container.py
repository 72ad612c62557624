"""No container engine runs here: what image and compose file name must exist, and `make` proves the steps."""

import re
import shlex
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from image import ROOT, instructions

from sluice.server import GRACE_S
from sluice.settings import Settings

SETTINGS = {f"SLUICE_{name.upper()}" for name in Settings.model_fields}
COMPOSE_TEXT = (ROOT / "docker-compose.yml").read_text("utf-8")
COMPOSE = yaml.safe_load(COMPOSE_TEXT)


def of_compose(text: str, env: Mapping[str, str]) -> str:
    """Return a text of the compose file as it is with this `.env`."""
    return re.sub(r"\$\{(\w+):-([^}]*)\}", lambda found: env.get(found[1]) or found[2], text)


def test_the_compose_file_builds_from_files_that_exist():
    build = COMPOSE["services"]["sluice"]["build"]
    assert (ROOT / build["context"] / build["dockerfile"]).is_file()


def test_every_setting_comes_from_a_file_that_is_never_built_in_or_committed():
    assert COMPOSE["services"]["sluice"]["env_file"] == [{"path": ".env", "required": False}]
    for ignoring in (".dockerignore", ".gitignore"):
        assert ".env" in (ROOT / ignoring).read_text("utf-8").split()


def test_only_what_ports_and_volumes_rely_on_is_fixed():
    service = COMPOSE["services"]["sluice"]
    fixed = {name: str(value) for name, value in service["environment"].items()}
    baked = {name for word, rest in instructions() if word == "ENV" for name in re.findall(r"\bSLUICE_\w+", rest)}
    assert fixed.keys() == baked <= SETTINGS
    assert {of_compose(port, {}) for port in service["ports"]} == {f"127.0.0.1:8000:{fixed['SLUICE_PORT']}"}
    assert f"data:{fixed['SLUICE_DATA_DIR']}" in service["volumes"]


def test_the_settings_that_the_compose_file_shows_can_be_used(tmp_path: Path):
    shown = dict(re.findall(r"^#     (SLUICE_\w+)=(\S+)", COMPOSE_TEXT, re.MULTILINE))
    for value in shown.values():
        if value.startswith("/files/"):
            (tmp_path / value.removeprefix("/files/")).write_text("k" * 40)
    Settings.load({name: value.replace("/files", str(tmp_path)) for name, value in shown.items()})
    assert {"SLUICE_TLS_CERT", "SLUICE_TLS_KEY"} <= shown.keys()


@pytest.mark.parametrize(("env", "files"), [({}, "files"), ({"FILES": "/etc/sluice"}, "/etc/sluice")])
def test_volumes_are_declared_and_a_folder_can_be_one(env: dict[str, str], files: str):
    services = COMPOSE["services"].values()
    mounted = [of_compose(entry, env).partition(":")[0] for service in services for entry in service["volumes"]]
    assert set(mounted) == {"data", "database", files}
    assert set(COMPOSE["volumes"]) == {"data", "database", "files"}
    assert ("VOLUME", "/data") in instructions()


def test_a_stop_is_given_the_time_that_the_server_takes():
    assert int(COMPOSE["services"]["sluice"]["stop_grace_period"].removesuffix("s")) > GRACE_S


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
