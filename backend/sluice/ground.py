"""Opens what the services of a server stand on: the data folder, and the processes that work on its files."""

from __future__ import annotations

import asyncio
import logging
import os
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from sluice.extras import Extras, open_extras
from sluice.settings import Settings
from sluice.storage.files import FileStore
from sluice.storage.folder import CannotOpen, DataFolder, owned
from sluice.storage.vault import Vault, vault_of
from sluice.workers.child.policy import ScriptPolicy
from sluice.workers.confinement import CANT_HOLD_PORTS, CONFINED, UNCONFINED, Confinement
from sluice.workers.inspection import Inspector
from sluice.workers.limits import Limits
from sluice.workers.probes import SandboxReport, probe
from sluice.workers.supervisor import Supervisor
from sluice.workers.user import WorkerUser, worker_user

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ground:
    """What the services stand on: a folder with files, and the processes that work on them.

    Attributes:
        extras: that the settings ask for.
        folder: the data folder, owned.
        user: whose processes the workers are.
        vault: seals secrets, and opens them for workers.
        probing: finds out what the sandbox holds.
    """

    extras: Extras
    folder: DataFolder
    files: FileStore
    user: WorkerUser
    vault: Vault
    supervisor: Supervisor
    inspector: Inspector
    probing: asyncio.Task[SandboxReport]


async def open_ground(settings: Settings, stack: AsyncExitStack) -> Ground:
    """Own the data folder and start what takes longest; it is all ended by the stack."""
    extras = open_extras(settings, stack)  # first: what isn't installed is told before there is a trace of a start
    folder = stack.enter_context(owned(settings.data_dir))
    files = FileStore(settings.data_dir)
    await files.prepare()
    confinement = UNCONFINED if settings.sandbox == "off" else CONFINED
    user = WorkerUser(None, "SLUICE_SANDBOX is off")
    if settings.sandbox != "off":
        user = await asyncio.to_thread(worker_user, settings.worker_uid, settings.data_dir)
    confinement = replace(confinement, uid=user.uid)
    if isinstance(settings.network, tuple) and not confinement.holds_ports:
        raise CannotOpen(f"SLUICE_NETWORK: {CANT_HOLD_PORTS}")
    run_folder = settings.data_dir / "run"
    vault = vault_of(settings.data_dir, settings.secret_keys)
    supervisor = Supervisor(_limits(settings), run_folder, files.kept, confinement)
    stack.push_async_callback(supervisor.close)
    await supervisor.start()
    probing = asyncio.create_task(_probe_sandbox(settings, confinement, run_folder, user))
    stack.push_async_callback(_over, probing)
    inspector = Inspector(settings.inspect_timeout_s, settings.inspect_memory_mb, files.folders, confinement)
    stack.push_async_callback(inspector.close)
    await asyncio.sleep(0)  # the base zygote starts in this turn: its imports take as long as all that comes now
    return Ground(extras, folder, files, user, vault, supervisor, inspector, probing)


async def _over(task: asyncio.Task[SandboxReport]) -> None:
    await asyncio.gather(task, return_exceptions=True)


def _limits(settings: Settings) -> Limits:
    return Limits(
        workers=settings.workers,
        intra_op_threads=settings.intra_op_threads,
        deadline_s=settings.deadline_s,
        queue_calls=settings.queue_calls,
        queue_bytes=settings.queue_bytes,
        start_timeout_s=settings.start_timeout_s,
        idle_s=settings.idle_s,
        recycle_calls=settings.recycle_calls,
        recycle_growth_mb=settings.recycle_growth_mb,
        max_answer_bytes=settings.max_answer_bytes,
        scripts=ScriptPolicy(
            memory_mb=settings.memory_mb,
            scratch_mb=settings.scratch_mb,
            network=settings.network,
            threads=settings.threads,
        ),
    )


async def _probe_sandbox(settings: Settings, confinement: Confinement, folder: Path, user: WorkerUser) -> SandboxReport:
    """Return what the sandbox really holds here.

    Raises:
        CannotOpen: less than everything, while `SLUICE_SANDBOX` is `require`.
    """
    report = await probe(folder, landlock=confinement.landlock, seccomp=confinement.seccomp, user=user)
    if report.missing and settings.sandbox == "require":
        raise CannotOpen(f"SLUICE_SANDBOX is 'require', but the sandbox is {report.level}: {' '.join(report.missing)}")
    if user.uid is None:
        log.log(
            logging.INFO if os.geteuid() else logging.WARNING, "workers run as user %d: %s", report.uid, user.reason
        )
    if not report.tried:
        log.warning("sandbox: nobody has run its filters on %s; they were compared with headers only", report.machine)
    for sentence in report.missing:
        log.warning("sandbox %s: %s", report.level, sentence)
    return report
