"""The command line: one clear line for what is wrong, tokens and examples with and without a running server."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from pathlib import Path

import httpx2
import pytest
from apps import Server, served
from commands import Done, sluice

from sluice import __version__

SESSION = "/api/v1/session"


def leave_run_file(data_dir: Path) -> None:
    """Write what a killed server leaves; nobody listens there."""
    data_dir.mkdir(mode=0o700)
    (data_dir / "server.json").write_text('{"url": "http://127.0.0.1:9", "token": "slc_x", "pid": 1}')


async def role_of(url: str, secret: str) -> object:
    async with httpx2.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {secret}"}) as client:
        return (await client.get(SESSION)).json().get("role")


async def test_the_version_without_loading_the_server() -> None:
    assert sluice("--version") == Done(0, f"{__version__}\n", "")
    loaded = await asyncio.create_subprocess_exec(
        *(sys.executable, "-X", "importtime", "-m", "sluice", "--version"), stderr=asyncio.subprocess.PIPE
    )
    _, modules = await loaded.communicate()
    # Typer itself loads pydantic.
    assert not {b"starlette", b"uvicorn", b"tortoise", b"numpy", b"httpx2"} & set(modules.split())


@pytest.mark.parametrize(
    ("arguments", "settings", "key"),
    [
        (["--port", "http"], {}, "SLUICE_PORT"),
        ([], {"SLUICE_PORT": "http"}, "SLUICE_PORT"),
        (["--root-path", "ml"], {}, "SLUICE_ROOT_PATH"),
        (["--log-level", "loud"], {}, "SLUICE_LOG_LEVEL"),
        ([], {"SLUICE_DATADIR": "x"}, "SLUICE_DATADIR"),
        ([], {"SLUICE_ADMIN_TOKEN": "short"}, "SLUICE_ADMIN_TOKEN"),
    ],
)
async def test_a_wrong_setting_is_one_line(arguments: list[str], settings: dict[str, str], key: str) -> None:
    done = sluice("serve", *arguments, **settings)
    assert (done.status, done.out) == (2, "")
    assert done.error.startswith(f"sluice: {key}: ") and done.error.count("\n") == 1


async def test_tokens_of_a_running_server(server: Server, data_dir: Path) -> None:
    folder = ("--data-dir", str(data_dir))
    made = sluice("token", "create", "robot", "--role", "admin", "--days", "1", *folder)
    assert made.status == 0, made.error
    secret = made.out.strip()
    assert await role_of(server.url, secret) == "ADMIN"
    elsewhere = {"SLUICE_URL": server.url, "SLUICE_TOKEN": secret}
    listed = sluice("token", "list", **elsewhere)
    (row,) = listed.out.splitlines()
    token_id, role, _, _, name = row.split()
    assert (role, name) == ("ADMIN", "robot")
    assert sluice("token", "revoke", token_id, **elsewhere) == Done(0, "", "")
    assert await role_of(server.url, secret) is None
    gone = sluice("token", "revoke", token_id, *folder)
    assert gone.status == 1 and gone.error == f"sluice: There is no token with the id '{token_id}'.\n"
    wrong = sluice("token", "create", "x", "--role", "king", *folder)
    assert wrong.status == 1 and wrong.error.startswith("sluice: role: ")


async def test_the_audit_log_tells_who_changed_what(server: Server, data_dir: Path) -> None:
    folder = ("--data-dir", str(data_dir))
    for name in ("first", "second"):
        assert sluice("token", "create", name, *folder).status == 0
    newest = sluice("audit", "--limit", "1", *folder)
    assert newest.status == 0 and newest.out.count("\n") == 1
    assert re.search(r":\d\d\S*  this machine  token  token.add  token second  127.0.0.1\n$", newest.out)
    lines = [json.loads(line) for line in sluice("audit", "--json", "--action", "token", *folder).out.splitlines()]
    assert [line["subject"]["name"] for line in lines] == ["second", "first"]
    assert sluice("audit", "--actor", "nobody there", *folder) == Done(0, "", "")
    elsewhere = {"SLUICE_URL": server.url, "SLUICE_TOKEN": sluice("token", "create", "reader", *folder).out.strip()}
    refused = sluice("audit", **elsewhere)
    assert refused.status == 1 and refused.error.startswith("sluice: This needs the role ADMIN")


async def test_tokens_of_an_idle_folder(data_dir: Path) -> None:
    leave_run_file(data_dir)
    made = sluice("token", "create", "robot", SLUICE_DATA_DIR=str(data_dir))
    assert made.status == 0, made.error
    async with served(data_dir) as server:
        assert await role_of(server.url, made.out.strip()) == "READ"


async def test_the_examples_into_an_idle_folder_and_again_into_a_server(data_dir: Path) -> None:
    first = sluice("demo", "--data-dir", str(data_dir))
    assert first.status == 0, first.error
    assert "The pipeline 'digits' is there now." in first.out and "curl" not in first.out
    async with served(data_dir) as server:
        again = sluice("demo", "--data-dir", str(data_dir))
        assert again.status == 0, again.error
        assert "The pipeline 'digits' was there already." in again.out
        assert f"{server.url}/api/v1/pipelines/digits/predictions" in again.out


@pytest.mark.parametrize(
    ("settings", "status", "told"),
    [
        ({"SLUICE_URL": "http://127.0.0.1:9", "SLUICE_TOKEN": "slc_x"}, 1, "can't be reached"),
        ({"SLUICE_URL": "127.0.0.1:9", "SLUICE_TOKEN": "slc_x"}, 1, "can't be reached"),
        ({"SLUICE_URL": "http://127.0.0.1:9"}, 2, "SLUICE_TOKEN"),
        ({"SLUICE_TOKEN": "slc_x"}, 2, "SLUICE_URL"),
    ],
)
def test_a_server_that_cant_be_reached(settings: dict[str, str], status: int, told: str) -> None:
    done = sluice("token", "list", **settings)
    assert done.status == status and done.error.startswith("sluice: ") and done.error.count("\n") == 1
    assert told in done.error


async def test_a_wrong_token(server: Server) -> None:
    done = sluice("token", "list", SLUICE_URL=server.url, SLUICE_TOKEN="slc_wrong")
    assert done == Done(1, "", "sluice: The API token is unknown, revoked or expired.\n")


@pytest.mark.parametrize("command", ["check", "push", "apply", "serve", "demo"])
def test_help_teaches_by_example(command: str) -> None:
    done = sluice(command, "--help", COLUMNS="100")
    assert (done.status, done.error) == (0, "")
    assert f"  sluice {command}" in done.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["aply"], "sluice: No such command 'aply'."),
        (["apply", "--jops", "3"], "sluice: No such option: --jops"),
        (["apply", "--jobs", "many", "p", "f"], "sluice: Invalid value for '--jobs'"),
        (["check", "not-there.py"], "sluice: Invalid value for 'PRE.py'"),
    ],
)
def test_a_wrong_command_line_is_one_line(arguments: list[str], told: str) -> None:
    done = sluice(*arguments)
    assert (done.status, done.out) == (2, "")
    assert done.error.startswith(told) and done.error.count("\n") == 1
    assert "--help'" in done.error
