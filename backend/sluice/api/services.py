"""What endpoints work with; one instance lives as long as the server."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from starlette.requests import Request

from sluice.access.oidc.signing_in import SingleSignOn
from sluice.access.service import Access
from sluice.api.connection_counts import ConnectionCounts
from sluice.api.disk import Disk
from sluice.api.events import Events
from sluice.api.idempotency import Idempotency
from sluice.api.refusals import Refusals
from sluice.api.spans import Spans
from sluice.api.upload_counts import UploadCounts
from sluice.catalog.changes import Changes
from sluice.catalog.checking import Checking
from sluice.catalog.examples import Examples
from sluice.catalog.kept_files import KeptFiles
from sluice.catalog.models import Models
from sluice.catalog.pipelines import Pipelines
from sluice.catalog.resources import Resources
from sluice.catalog.snapshot import Current
from sluice.environments.service import Environments
from sluice.prediction.ledger import Ledger
from sluice.prediction.records import Records
from sluice.prediction.service import Predictions
from sluice.settings import Settings
from sluice.storage.files import FileStore
from sluice.workers.probes import SandboxReport
from sluice.workers.supervisor import Supervisor


@dataclass(frozen=True)
class Services:
    """The use cases and what they stand on, wired in `lifespan`.

    Attributes:
        current: the catalog as it is now.
        spans: where predictions are traced, if anybody wants that.
        sandbox: what confines scripts on this machine, found by trying.
        single_sign_on: where people may sign in elsewhere.
        link_code: of the one-time link that this start printed.
        run_token: an administrator's token for commands on the same machine, valid until the server stops.
    """

    settings: Settings
    access: Access
    current: Current
    files: FileStore
    kept_files: KeptFiles
    changes: Changes
    models: Models
    resources: Resources
    pipelines: Pipelines
    checking: Checking
    examples: Examples
    predictions: Predictions
    records: Records
    supervisor: Supervisor
    environments: Environments
    events: Events
    ledger: Ledger
    upload_counts: UploadCounts
    connection_counts: ConnectionCounts
    spans: Spans | None
    disk: Disk
    idempotency: Idempotency
    refusals: Refusals
    single_sign_on: SingleSignOn | None
    started_at: datetime
    sandbox: SandboxReport
    link_code: str
    run_token: str


def services(request: Request) -> Services:
    """Return the services of the app that got this request."""
    return cast(Services, request.app.state.services)
