"""Opens everything a running server stands on, in order, and closes it in reverse."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime

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
from sluice.api.connection_counts import ConnectionCounts
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
from sluice.ground import Ground, open_ground
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
from sluice.storage.upkeep import Upkeep
from sluice.workers.supervisor import CLOSE_GRACE_S
from sluice.workers.user import close_files

log = logging.getLogger(__name__)

_BUILD_WAIT_S = 60.0
_KEEP_USES_EVERY_S = 60.0


def lifespan(
    settings: Settings, ground: Ground | None = None
) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    """Return the context that an app lives in: inside it `app.state.services` is there.

    Args:
        settings: what to open.
        ground: on which it is opened, if somebody has opened that already and closes it, too.
    """

    @asynccontextmanager
    async def open_services(app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            opened = ground or await open_ground(settings, stack)
            app.state.services = await open_on(opened, settings, stack)
            try:
                yield
            finally:
                del app.state.services

    return open_services


async def open_on(ground: Ground, settings: Settings, stack: AsyncExitStack) -> Services:
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
    supervisor.unseal_by(unsealing(vault))
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
        connection_counts=ConnectionCounts(),
        spans=ground.extras.spans,
        disk=Disk(settings.data_dir),
        idempotency=Idempotency(),
        refusals=Refusals(),
        single_sign_on=ground.extras.single_sign_on,
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
