"""What a call on the shortcut leaves: nothing, without anybody looking for rings of objects."""

from __future__ import annotations

import asyncio
import gc
from pathlib import Path
from typing import Any

import onnx_models
import pytest
from apps import App, running

from sluice.access.secret import digest
from sluice.entities import Role
from sluice.heads import Head
from sluice.shortcut import Direct, Shortcut
from sluice.workers.call import Call


class Connection:
    """What a call answers to."""

    def __init__(self) -> None:
        self.headers: list[tuple[bytes, bytes]] = []
        self.transport: Any = self
        self.answered = asyncio.Event()
        self.said = b""

    def write(self, data: bytes) -> None:
        self.said += data

    def is_closing(self) -> bool:
        return False

    def on_response_complete(self) -> None:
        self.answered.set()


async def ask(app: App, secret: str, body: bytes) -> bytes:
    connection = Connection()
    shortcut = Shortcut(app.asgi, "", list, lambda _: True)
    head = Head("model", "m", digest(secret), "", (), len(body), keep_alive=True, browser=False)
    direct = shortcut.begin(connection, head, len(body))
    assert direct is not None
    direct.add(body)
    direct.begin()
    await connection.answered.wait()
    return connection.said


@pytest.mark.any_database
async def test_neither_a_call_nor_its_body_stays_after_the_answer(data_dir: Path) -> None:
    async with running(data_dir, queue_calls=1) as app, await app.caller(Role.ADMIN) as admin:
        await admin.post("/api/v1/models", params={"fileName": "m.onnx"}, content=onnx_models.double_it(4))
        _, secret = await app.access.tokens.create("program", Role.READ)
        gc.collect()
        gc.disable()
        try:
            body = b'{"x": [[1, 2, 3, 4]]}'
            said = await asyncio.gather(*(ask(app, secret, body) for _ in range(2)))  # one waits, one is refused
            said.append(await ask(app, secret, b"no JSON"))
            assert [answer[9:12] for answer in said] == [b"200", b"503", b"422"]
            # Whoever looks after the workers knows the last call of each until he looks again.
            async with asyncio.timeout(10):
                left = True
                while left:
                    await asyncio.sleep(0.02)
                    # By `type`: `isinstance` asks the objects themselves, and other tests left hostile ones.
                    left = any(type(found) in (Call, Direct) for found in gc.get_objects())
        finally:
            gc.enable()
