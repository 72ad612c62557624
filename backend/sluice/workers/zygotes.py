"""All zygotes: a base for each environment in use, one more where scripts have network, and one for each model."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from sluice.workers.child.policy import ScriptPolicy
from sluice.workers.child.sandbox import Stage1
from sluice.workers.confinement import CANT_HOLD_PORTS, Confinement
from sluice.workers.messages import Failure
from sluice.workers.room import Room
from sluice.workers.target import Environment
from sluice.workers.zygote import NotStarted, Zygote

_INSTEAD = "Change `network` of the pipeline, or SLUICE_NETWORK where that says nothing."

Prepare = Callable[[Environment], Awaitable[None]]
"""Returns once an environment's folder is there; raises NotStarted if it can't be."""


class ModelKey(NamedTuple):
    """What the workers of a model's zygote have in common.

    Attributes:
        model: path of its file.
        preload: whether the zygote opens it; if not, each worker does.
        environment: what is imported; None means the server's own libraries.
        network: whether any of it is open to the workers; to the zygotes of others it is closed for good.
    """

    model: Path
    preload: bool
    environment: Environment | None = None
    network: bool = False


class _BaseKey(NamedTuple):
    environment: Environment | None = None
    network: bool = False


_ORDINARY = _BaseKey()


@dataclass
class _Shared:
    """A model's zygote with the number of pools that use it."""

    opening: asyncio.Task[Zygote]
    users: int = 0


class Zygotes:
    """Starts them on demand; those that nobody uses any more end, but for the base of what is ordinary.

    Args:
        timeout_s: longest that a model may take to load, and a fork.
        rules: what they and their workers may reach at most.
        folder: where workers have their files.
        found: called when there is room for a worker again.
        uid: user and group that they become; None stays the server's.

    Attributes:
        prepare: makes environments whose folder isn't there.
        room: to be told when there was no process to be had.
    """

    def __init__(
        self, timeout_s: float, rules: Stage1, folder: Path, found: Callable[[], None], uid: int | None = None
    ) -> None:
        self._timeout_s = timeout_s
        self._uid = uid
        self._rules = rules
        self.prepare: Prepare | None = None
        self._bases: dict[_BaseKey, asyncio.Task[Zygote]] = {}
        self._models: dict[ModelKey, _Shared] = {}
        self.room = Room(folder, self._fork_nothing, found)

    def start(self) -> None:
        """Begin to start the base zygote, so that the first pipeline needn't wait for its imports."""
        self._base(_ORDINARY)

    @property
    def hindrance(self) -> str | None:
        """Why no worker can be started now, in a sentence; if there is such a reason, the next attempt has begun."""
        base = self._base(_ORDINARY)
        if self.room.lacking:
            return self.room.lacking
        return None if base.done() else "The process that forks workers is starting, which takes a moment."

    async def close(self) -> None:
        """End them all."""
        await self.room.close()
        for shared in self._models.values():
            await _close(shared.opening)
        self._models.clear()
        for base in self._bases.values():
            await _close(base)
        self._bases.clear()

    def check(self, policy: ScriptPolicy) -> None:
        """Refuse what this machine can't hold scripts to.

        Raises:
            NotStarted: it is a list of ports.
        """
        if policy.ports and not Confinement(self._rules.landlock, self._rules.seccomp).holds_ports:
            raise NotStarted(Failure("input", "ports-not-held", f"{CANT_HOLD_PORTS} {_INSTEAD}"))

    def enlist(self, key: ModelKey) -> None:
        """Note that one more pool uses a model."""
        if key not in self._models:
            self._models[key] = _Shared(self._open(key))
        self._models[key].users += 1

    async def release(self, key: ModelKey) -> None:
        """Note that one fewer does; the last one's leaving ends the zygote."""
        shared = self._models[key]
        shared.users -= 1
        if shared.users:
            return
        del self._models[key]
        base = None
        base_key = _base_of(key)
        if base_key != _ORDINARY and not any(_base_of(other) == base_key for other in self._models):
            base = self._bases.pop(base_key, None)
        await _close(shared.opening)
        if base:
            await _close(base)

    async def get(self, key: ModelKey) -> Zygote:
        """Return the zygote of an enlisted model; one that ended is replaced.

        Raises:
            NotStarted: the model doesn't load.
        """
        shared = self._models[key]
        if _is_lost(shared.opening):
            shared.opening = self._open(key)
        return await asyncio.shield(shared.opening)

    def _open(self, key: ModelKey) -> asyncio.Task[Zygote]:
        return asyncio.get_running_loop().create_task(self._open_model(key))

    async def _open_model(self, key: ModelKey) -> Zygote:
        if key.environment and self.prepare:
            await self.prepare(key.environment)
        base = await asyncio.shield(self._base(_base_of(key)))
        return await base.open_model(key.model, preload=key.preload)

    async def _fork_nothing(self) -> None:
        await (await asyncio.shield(self._base(_ORDINARY))).fork_nothing()

    def _base(self, key: _BaseKey) -> asyncio.Task[Zygote]:
        """Return the base of these, started anew if it was lost."""
        base = self._bases.get(key)
        if base is None or _is_lost(base):
            if base and not base.cancelled() and base.exception():
                self.room.doubt()  # until one comes up
            self._bases[key] = asyncio.get_running_loop().create_task(self._start_base(key))
        return self._bases[key]

    async def _start_base(self, key: _BaseKey) -> Zygote:
        rules = dataclasses.replace(self._rules, network=key.network)
        if key.environment is None:
            return await Zygote.base(rules, self._timeout_s, uid=self._uid)
        rules = dataclasses.replace(rules, packages=str(key.environment.folder / "packages"))
        return await Zygote.base(rules, self._timeout_s, key.environment.folder / "core", uid=self._uid)


def _base_of(key: ModelKey) -> _BaseKey:
    return _BaseKey(key.environment, key.network)


def _is_lost(opening: asyncio.Task[Zygote]) -> bool:
    if not opening.done():
        return False
    return opening.cancelled() or opening.exception() is not None or not opening.result().alive


async def _close(opening: asyncio.Task[Zygote]) -> None:
    opening.cancel()  # harmless if it is open already
    try:
        zygote = await opening
    except (NotStarted, asyncio.CancelledError):
        return
    await zygote.close()
