"""Opens everything a running server stands on, in order, and closes it in reverse."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from starlette.applications import Starlette

from sluice.access.attempts import Attempts
from sluice.access.links import Links
from sluice.access.passwords import Passwords
from sluice.access.secret import TOKEN_PREFIX, new_secret
from sluice.access.service import Access
from sluice.access.sessions import Sessions
from sluice.access.tokens import Tokens
from sluice.access.users import Users
from sluice.access.verified import Verified
from sluice.api.disk import Disk
from sluice.api.events import Events
from sluice.api.idempotency import Idempotency
from sluice.api.looking import Looking
from sluice.api.native.problems import problem_body
from sluice.api.refusals import Refusals
from sluice.api.services import Services
from sluice.api.upload_counts import UploadCounts
from sluice.catalog.changes import Changes
from sluice.catalog.checking import Checking
from sluice.catalog.environments import install_needed, needed_environments, preparing
from sluice.catalog.examples import Examples
from sluice.catalog.healing import heal
from sluice.catalog.kept_files import KeptFiles
from sluice.catalog.models import Models
from sluice.catalog.opening import open_catalog
from sluice.catalog.pipelines import Pipelines
from sluice.catalog.resources import Resources
from sluice.catalog.secrets import open_secrets, unsealing
from sluice.catalog.snapshot import Current
from sluice.entities import Role
from sluice.environments.installer import PackageSource
from sluice.environments.service import Environments
from sluice.extras import Extras, open_extras
from sluice.prediction.ledger import Ledger
from sluice.prediction.rates import Rates
from sluice.prediction.records import Records
from sluice.prediction.retention import Retention
from sluice.prediction.service import Predictions
from sluice.settings import Settings
from sluice.storage import database
from sluice.storage import tokens as stored
from sluice.storage import users as stored_users
from sluice.storage.files import FileStore
from sluice.storage.folder import CannotOpen, DataFolder, owned
from sluice.storage.upkeep import Upkeep
from sluice.storage.vault import Vault, vault_of
from sluice.workers.child.policy import ScriptPolicy
from sluice.workers.confinement import CANT_HOLD_PORTS, CONFINED, UNCONFINED, Confinement
from sluice.workers.inspection import Inspector
from sluice.workers.limits import Limits
from sluice.workers.probes import SandboxReport, probe
from sluice.workers.supervisor import CLOSE_GRACE_S, Supervisor
from sluice.workers.user import WorkerUser, close_files, worker_user

log = logging.getLogger(__name__)

_BUILD_WAIT_S = 60.0
_KEEP_USES_EVERY_S = 60.0


def lifespan(settings: Settings) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    """Return the context that an app lives in: inside it `app.state.services` is there."""

    @asynccontextmanager
    async def open_services(app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            extras = open_extras(settings, stack)  # first: what isn't installed is told before any process starts
            ground = await open_ground(settings, stack)
            app.state.services = await open_on(ground, extras, settings, stack)
            try:
                yield
            finally:
                del app.state.services

    return open_services


@dataclass(frozen=True)
class Ground:
    """What the services stand on: a folder with files, and the processes that work on them.

    Attributes:
        folder: the data folder, owned.
        user: whose processes the workers are.
        vault: seals secrets, and opens them for workers.
        probing: finds out what the sandbox holds.
    """

    folder: DataFolder
    files: FileStore
    user: WorkerUser
    vault: Vault
    supervisor: Supervisor
    inspector: Inspector
    probing: asyncio.Task[SandboxReport]


async def open_ground(settings: Settings, stack: AsyncExitStack) -> Ground:
    """Own the data folder and start what takes longest; it is all ended by the stack."""
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
    supervisor = Supervisor(_limits(settings), run_folder, files.kept, confinement, unsealing(vault))
    stack.push_async_callback(supervisor.close)
    await supervisor.start()  # the imports of its base zygote take as long as all that comes now
    probing = asyncio.create_task(_probe_sandbox(settings, confinement, run_folder, user))
    stack.push_async_callback(asyncio.wait, [probing])
    inspector = Inspector(settings.inspect_timeout_s, settings.inspect_memory_mb, files.folders, confinement)
    stack.push_async_callback(inspector.close)
    return Ground(folder, files, user, vault, supervisor, inspector, probing)


async def open_on(ground: Ground, extras: Extras, settings: Settings, stack: AsyncExitStack) -> Services:
    """Return the services of the database, which the stack ends with all that they have under way."""
    files, vault, supervisor, inspector = ground.files, ground.vault, ground.supervisor, ground.inspector
    await stack.enter_async_context(database.opened(ground.folder, settings.database_url))
    if ground.user.uid is not None:
        close_files(settings.data_dir)
    upkeep = asyncio.create_task(Upkeep(settings.data_dir, settings.audit_days, settings.audit_entries).run())
    stack.push_async_callback(_ended, upkeep)
    current = await open_catalog(files)
    kept_files = KeptFiles(current, files)
    await kept_files.look()
    reading = asyncio.create_task(kept_files.read_all())
    stack.callback(reading.cancel)
    await open_secrets(vault, current)
    records = Records(current, _retention(settings), problem_body)
    await records.open()
    stack.push_async_callback(records.close)
    environments = _environments(settings, files, current)
    await environments.open()
    stack.push_async_callback(environments.close)
    install_needed(environments, current.value)
    supervisor.prepare_by(preparing(environments))
    environments.on_ready = lambda key: heal(current, files, supervisor, key)
    changes = Changes(files, current)
    stack.push_async_callback(changes.cleaned)
    stack.push_async_callback(supervisor.finish, CLOSE_GRACE_S)  # no worker may be left when its files are closed
    stack.push_async_callback(changes.settle)
    models = Models(current, changes, files, inspector, supervisor)
    resources = Resources(current, changes, files, inspector, supervisor)
    pipelines = Pipelines(current, changes, files, supervisor, vault)
    warming = asyncio.create_task(pipelines.warm_pinned())
    stack.callback(warming.cancel)
    events = Events(lambda: Looking(current, supervisor, environments, records))
    stack.callback(events.close)
    access, link_code, run_token = await _open_access(settings, stack)
    return Services(
        settings=settings,
        access=access,
        current=current,
        files=files,
        kept_files=kept_files,
        changes=changes,
        models=models,
        resources=resources,
        pipelines=pipelines,
        checking=Checking(current, files, resources, supervisor, vault),
        examples=Examples(current, files, models, resources, pipelines),
        predictions=Predictions(current, supervisor, files, kept_files, records, Rates(settings.rate_limit)),
        records=records,
        supervisor=supervisor,
        environments=environments,
        events=events,
        ledger=Ledger(current, records, supervisor),
        upload_counts=UploadCounts(),
        spans=extras.spans,
        disk=Disk(settings.data_dir),
        idempotency=Idempotency(),
        refusals=Refusals(),
        single_sign_on=extras.single_sign_on,
        started_at=datetime.now(UTC),
        sandbox=await ground.probing,
        link_code=link_code,
        run_token=run_token,
    )


async def _open_access(settings: Settings, stack: AsyncExitStack) -> tuple[Access, str, str]:
    tokens = Tokens(stored.Tokens())
    await tokens.load()
    if settings.admin_token is not None:
        tokens.admit("SLUICE_ADMIN_TOKEN", Role.ADMIN, settings.admin_token)
    if settings.metrics_token is not None:
        tokens.admit("SLUICE_METRICS_TOKEN", Role.METRICS, settings.metrics_token)
    run_token = new_secret(TOKEN_PREFIX)
    tokens.admit("this machine", Role.ADMIN, run_token)
    users = Users(stored_users.Users(), may_lack_administrators=bool(settings.oidc_issuer and settings.oidc_admin))
    await users.load()
    sessions = Sessions(stored.Sessions(), tokens, users)
    await sessions.load()
    links = Links(stored.Links())
    link_code = await links.renew(claimed=settings.admin_token is not None or await stored.claimed())
    passwords = Passwords()
    stack.callback(passwords.close)
    access = Access(tokens, users, sessions, links, passwords, Attempts(), Verified())
    keeping = asyncio.create_task(_keep_uses(access))
    stack.push_async_callback(_end_keeping, keeping, access)
    return access, link_code, run_token


async def _keep_uses(access: Access) -> None:
    """Store each minute when tokens and users last called."""
    while True:
        await asyncio.sleep(_KEEP_USES_EVERY_S)
        await _store_uses(access)


async def _end_keeping(keeping: asyncio.Task[None], access: Access) -> None:
    await _ended(keeping)
    await _store_uses(access)


async def _store_uses(access: Access) -> None:
    try:
        await access.store_uses()
    except Exception:
        log.warning("couldn't store when tokens and users last called", exc_info=True)


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])


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


def _retention(settings: Settings) -> Retention:
    return Retention(
        days=settings.statistics_days,
        input_bytes=settings.kept_input_bytes,
        inputs_bytes=settings.kept_inputs_bytes,
        inputs_days=settings.kept_inputs_days,
    )


def _environments(settings: Settings, files: FileStore, current: Current) -> Environments:
    source = PackageSource(settings.package_index, settings.package_folder, settings.package_ca, settings.package_proxy)
    return Environments(
        files.environments,
        source,
        enabled=settings.environments,
        timeout_s=settings.package_timeout_s,
        wait_s=_BUILD_WAIT_S,
        most_bytes=settings.package_cache_bytes,
        needed=lambda: needed_environments(current.value),
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
