"""`sluice user`: makes, lists and removes users, and gives them passwords."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sluice.cli.options import ROLES, DataDir, Pipelines, Secret, Url
from sluice.cli.running import FAILED, USAGE, call, fail
from sluice.cli.teaching import taught

if TYPE_CHECKING:
    import httpx2

app = typer.Typer(no_args_is_help=True, help="Make, list and remove users, and give them passwords.")

Name = Annotated[str, typer.Argument(help="The user's name.", metavar="NAME", show_default=False)]
_PASSWORD = "The password is asked for, or read from the standard input; it never stands on the command line."


@app.command(
    "create",
    help=taught(
        f"Make a user. {_PASSWORD}",
        "sluice user create Ada --role ADMIN",
        "sluice user create camera --role PREDICT --pipeline digits < password.txt",
    ),
)
def create_user(
    name: Name,
    role: Annotated[str, typer.Option(help=ROLES)] = "READ",
    pipeline: Pipelines = None,
    data_dir: DataDir = None,
    url: Url = None,
    token: Secret = None,
) -> None:
    """Make a user."""
    from sluice.client import checked

    password = read_password()

    async def create(client: httpx2.AsyncClient) -> None:
        new: dict[str, Any] = {"name": name, "role": role.upper(), "password": password}
        if pipeline:
            new["pipelines"] = pipeline
        print(checked(await client.post("/api/v1/users", json=new)).json()["id"])

    call(create, data_dir, url, token)


@app.command("list", help=taught("List the users: id, role, last use, name.", "sluice user list"))
def list_users(data_dir: DataDir = None, url: Url = None, token: Secret = None) -> None:
    """List the users."""
    from sluice.cli.printing import may, table
    from sluice.client import listed

    async def show(client: httpx2.AsyncClient) -> None:
        found = await listed(client, "users")
        rows = [(item["id"], may(item), item["lastUsedAt"] or "never", item["name"]) for item in found]
        table(("id", "role", "last use", "name"), rows)

    call(show, data_dir, url, token)


@app.command(
    "password",
    help=taught(f"Give a user another password, which ends its sessions. {_PASSWORD}", "sluice user password Ada"),
)
def set_password(name: Name, data_dir: DataDir = None, url: Url = None, token: Secret = None) -> None:
    """Give a user another password."""
    from sluice.client import address, checked

    password = read_password()

    async def change(client: httpx2.AsyncClient) -> None:
        user = address("users", await _id_of(client, name))
        checked(await client.patch(user, json={"password": password}, headers={"If-Match": "*"}))

    call(change, data_dir, url, token)


@app.command("remove", help=taught("Remove a user, and end the user's sessions.", "sluice user remove Ada"))
def remove_user(name: Name, data_dir: DataDir = None, url: Url = None, token: Secret = None) -> None:
    """Remove a user."""
    from sluice.client import address, checked

    async def remove(client: httpx2.AsyncClient) -> None:
        checked(await client.delete(address("users", await _id_of(client, name))))

    call(remove, data_dir, url, token)


def read_password() -> str:
    """Return what is typed twice at a terminal, else the first line of the standard input."""
    if sys.stdin.isatty():
        password: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        return password
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        fail("The standard input has no password.", USAGE)
    return line


async def _id_of(client: httpx2.AsyncClient, name: str) -> str:
    """Return the id of the user of this name; there being none ends the command."""
    from sluice.access.names import user_key
    from sluice.client import listed

    for user in await listed(client, "users"):
        if user_key(user["name"]) == user_key(name):
            return str(user["id"])
    fail(f"There is no user named '{name}'.", FAILED)
