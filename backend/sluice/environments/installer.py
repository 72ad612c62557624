"""Runs uv: with a clean environment, wheels only, no Python of its own, and nothing read of this machine's settings."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import uv

from sluice.environments.mending import is_unreachable, mended, without_paths

NO_INDEX = "none"
_TIED = (sys.executable, "-I", "-B", "-m", "sluice.workers.child.tied")


class BuildFailed(Exception):
    """The environment can't be made; the message says why and what mends it, for people.

    Attributes:
        unreachable: whether the index is to blame, and the same may work later.
    """

    def __init__(self, message: str, *, unreachable: bool = False) -> None:
        super().__init__(message)
        self.unreachable = unreachable


@dataclass(frozen=True)
class PackageSource:
    """Where packages come from.

    Attributes:
        index: URL instead of PyPI's; `none` takes them from `wheels` alone.
        wheels: folder of wheels, looked at first.
        certificates: PEM file that the index's certificate is checked by, instead of the system's.
        proxy: URL.
    """

    index: str | None = None
    wheels: Path | None = None
    certificates: Path | None = None
    proxy: str | None = None

    @property
    def options(self) -> list[str]:
        """What uv is told of it by its arguments, which every user of the machine can read: no secrets."""
        options = ["--find-links", str(self.wheels)] if self.wheels else []
        return [*options, "--no-index"] if self.index == NO_INDEX else options

    @property
    def variables(self) -> dict[str, str]:
        """What uv finds of it in its environment."""
        found = {"SSL_CERT_FILE": str(self.certificates)} if self.certificates else {}
        if self.index and self.index != NO_INDEX:
            found["UV_DEFAULT_INDEX"] = self.index
        if self.proxy:
            found |= {"HTTP_PROXY": self.proxy, "HTTPS_PROXY": self.proxy}
        return found

    def without_secrets(self, text: str) -> str:
        """Return a text without the passwords that these URLs hold."""
        for url in (self.index, self.proxy):
            if url and (secret := urlsplit(url).netloc.rpartition("@")[0]):
                text = text.replace(secret, "****")
        return text


class Uv:
    """The program, for builds that share one cache.

    Args:
        source: of packages.
        cache: folder; on the file system of the environments, so that files are linked and not copied.
        timeout_s: longest that one run may take.
    """

    def __init__(self, source: PackageSource, cache: Path, timeout_s: float) -> None:
        self._source = source
        self._cache = cache
        self._timeout_s = timeout_s

    async def resolve(self, folder: Path, wanted: str, lock: str, log: Path, constraints: str | None = None) -> None:
        """Write into the file `lock` which versions, with hashes, meet the requirements in the file `wanted`.

        Versions that stand in `lock` already are taken where they fit. All three files lie in `folder`.

        Raises:
            BuildFailed: nothing meets them, or the index can't be reached.
        """
        constrained = ["--constraints", constraints] if constraints else []
        options = ["--generate-hashes", "--no-annotate", "--no-header", *self._source.options]
        await self._run(folder, log, "pip", "compile", wanted, "--output-file", lock, *constrained, *options)

    async def install(self, folder: Path, lock: str, target: str, log: Path, *, compiled: bool) -> None:
        """Install what the file `lock` names, and nothing else, into a folder.

        Args:
            folder: in which file and target lie.
            lock: the file.
            target: the folder.
            log: file that tells what was done.
            compiled: whether to compile the sources now, for workers can't keep what they compile.

        Raises:
            BuildFailed: the index has other files than were locked, or the disk is full.
        """
        options = ["--require-hashes", "--no-deps", "--link-mode", "hardlink", *self._source.options]
        more = ["--compile-bytecode"] if compiled else []
        await self._run(folder, log, "pip", "install", "--requirements", lock, "--target", target, *more, *options)

    async def clear_cache(self, log: Path) -> None:
        """Remove all that was downloaded; what is installed stays."""
        with contextlib.suppress(BuildFailed):
            await asyncio.to_thread(log.unlink, missing_ok=True)  # what it said the last time
            await self._run(self._cache.parent, log, "cache", "clean")

    async def _run(self, folder: Path, log: Path, *arguments: str) -> None:
        options = ["--no-config", "--no-python-downloads", "--no-progress", "--color", "never"]
        if arguments[0] == "pip":
            options += ["--python", sys.executable, "--only-binary", ":all:", "--keyring-provider", "disabled"]
            options += [] if self._source.certificates else ["--system-certs"]
        environment = {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "HOME": str(folder),
            "TMPDIR": str(folder),
            "UV_CACHE_DIR": str(self._cache),
            "UV_LINK_MODE": "hardlink",
            **self._source.variables,
        }
        with log.open("ab") as output:
            begun = output.tell()
            output.write(f"$ uv {' '.join(arguments[:4])}\n".encode())
            output.flush()
            process = await asyncio.create_subprocess_exec(
                *_TIED, str(os.getpid()), _program(), *arguments, *options,
                stdin=asyncio.subprocess.DEVNULL, stdout=output, stderr=output, cwd=folder, env=environment,
                start_new_session=True,
            )  # fmt: skip
            try:
                status = await asyncio.wait_for(process.wait(), self._timeout_s)
            except TimeoutError:
                raise BuildFailed(f"It took longer than {self._timeout_s:g} s.") from None
            finally:
                if process.returncode is None:
                    os.killpg(process.pid, signal.SIGKILL)  # with those that it started itself
                    await process.wait()
        if status:
            reason = without_paths(self._source.without_secrets(_reason(log, begun, folder)))
            raise BuildFailed(mended(reason), unreachable=is_unreachable(reason))


def _program() -> str:
    """Return the path of uv, which is installed with the server.

    Raises:
        BuildFailed: it isn't.
    """
    try:
        return uv.find_uv_bin()
    except FileNotFoundError as error:
        raise BuildFailed(f"The program uv isn't installed with the server: {error}") from None


def _reason(log: Path, begun: int, folder: Path) -> str:
    """Return what uv said last, without our own paths."""
    with log.open("rb") as file:
        file.seek(begun)
        said = file.read(1 << 20).decode(errors="replace").replace(f"{folder}/", "")
    _, found, rest = said.rpartition("\nerror: ")
    lines = (rest if found else said).replace("\n  cause: ", ": ").split("\n")
    return " ".join(line.strip() for line in lines if line.strip())[:4000]
