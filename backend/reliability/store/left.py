"""What is left in a data folder after a fault, seen by the next start."""

from __future__ import annotations

import asyncio
import hashlib
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]

from reliability.store.deeds import DEEDS
from sluice.catalog.opening import open_catalog
from sluice.storage.blobs import named_blobs
from sluice.storage.database import opened
from sluice.storage.files import FileStore

_OWN = "relnamespace = 'public'::regnamespace"
_BROKEN_TABLES = f"""
    SELECT relname, found.msg FROM pg_class, verify_heapam(pg_class.oid) AS found WHERE relkind = 'r' AND {_OWN}
"""
_CHECK_INDEXES = f"""
    SELECT bt_index_check(pg_class.oid, true) FROM pg_class JOIN pg_am ON pg_am.oid = relam
    WHERE relkind = 'i' AND amname = 'btree' AND {_OWN}
"""

Contents = dict[str, set[str | None]]
"""By a resource's name: the hashes that its content may have; None where it may be gone."""


def possible(told: list[str]) -> Contents:
    """Return what may be there after so many deeds were told; the next one may have been done or not."""
    contents: Contents = {deed.name: {None} for deed in DEEDS}
    for number, deed in enumerate(DEEDS):
        after = hashlib.sha256(deed.content).hexdigest() if deed.content else None
        if number < len(told) and told[number] == "done":
            contents[deed.name] = {after}
        elif number <= len(told):
            contents[deed.name] = contents[deed.name] | {after}
    return contents


async def violations(data: Path, contents: Contents) -> list[str]:
    """Start on a data folder, and return everything in it that mustn't be."""
    wrongs = sqlite_faults(data / "sluice.db")
    try:
        async with opened(data):
            files = FileStore(data)
            value = (await open_catalog(files)).value
            named = await named_blobs()
    except Exception as error:
        return [*wrongs, f"the next start failed: {type(error).__name__}: {error}"]
    there = {resource.name: resource.sha256 for resource in value.resources}
    for name, hashes in contents.items():
        if (found := there.get(name)) not in hashes:
            wrongs.append(f"an acknowledged change is lost: {name} is {(found and found[:8]) or 'gone'}")
    return [*wrongs, *file_faults(data, named)]


def database_faults(data: Path, url: str | None) -> list[str]:
    """Return what is wrong inside a database, also while a server has it open."""
    return asyncio.run(_postgres_faults(url)) if url else sqlite_faults(data / "sluice.db")


def sqlite_faults(file: Path) -> list[str]:
    """Return what is wrong inside a SQLite database."""
    with closing(sqlite3.connect(file)) as database:
        told = [row[0] for row in database.execute("PRAGMA integrity_check")]
        orphans = database.execute("PRAGMA foreign_key_check").fetchall()
    wrongs = [f"the database is broken: {line}" for line in told if line != "ok"]
    return wrongs + [f"a row refers to nothing: {row}" for row in orphans]


async def _postgres_faults(url: str) -> list[str]:
    """Look at every page of tables and indexes; that rows refer to rows, PostgreSQL sees to by itself."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("CREATE EXTENSION IF NOT EXISTS amcheck")
        told = await connection.fetch(_BROKEN_TABLES)
        await connection.execute(_CHECK_INDEXES)
    except asyncpg.InternalServerError as error:
        return [f"the database is broken: {error}"]
    finally:
        await connection.close()
    return [f"the database is broken: {relation}: {line}" for relation, line in told]


def file_faults(data: Path, named: set[str]) -> list[str]:
    """Return rows without a whole file, and files without a row."""
    kept = set(os.listdir(data / "blobs"))
    wrongs = [f"a row's file is missing: {sha256[:8]}" for sha256 in named - kept]
    wrongs += [f"a file is left over: {sha256[:8]}" for sha256 in kept - named]
    wrongs += [f"a received file is left over: {name}" for name in os.listdir(data / "incoming")]
    for sha256 in named & kept:
        if hashlib.sha256((data / "blobs" / sha256).read_bytes()).hexdigest() != sha256:
            wrongs.append(f"a row's file isn't what was uploaded: {sha256[:8]}")
    return wrongs
