"""From a name and a body to an answer: resolve in the snapshot, then run in a worker; no database on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial

from sluice.catalog.activity import check_active
from sluice.catalog.kept_files import KeptFiles
from sluice.catalog.snapshot import Current
from sluice.catalog.target import target_of
from sluice.errors import SluiceError
from sluice.logs import request_id
from sluice.prediction.rates import Rates
from sluice.prediction.records import Records, Subject
from sluice.storage.files import FileStore
from sluice.workers.body import Body
from sluice.workers.call import Prediction, Reply
from sluice.workers.messages import Inference
from sluice.workers.pool import Pool
from sluice.workers.supervisor import Supervisor


class Predictions:
    """Runs pipelines and bare models, and has every call recorded."""

    def __init__(
        self,
        current: Current,
        supervisor: Supervisor,
        files: FileStore,
        kept_files: KeptFiles,
        records: Records,
        rates: Rates,
    ) -> None:
        self._current = current
        self._supervisor = supervisor
        self._files = files
        self._kept_files = kept_files
        self._records = records
        self._rates = rates

    def submit(
        self,
        kind: str,
        name: str,
        body: Body,
        deadline_s: float | None = None,
        trace: bool = False,
        inference: Inference | None = None,
        caller: str = "",
    ) -> asyncio.Future[Prediction]:
        """Return the future answer; cancelling it tells that nobody waits any more.

        Args:
            kind: `pipeline` or `model`.
            name: of it.
            body: the raw bytes that pre-processing gets, else JSON.
            deadline_s: may only shorten the pipeline's own.
            trace: whether to look at what each step is given and returns; the answer has `trace` then.
            inference: what is to know of a body that is a request of the Open Inference Protocol.
            caller: whose call it is.

        Raises:
            NotFound: nothing has that name.
            ModelInactive: the model was deactivated.
            RateExceeded: the caller comes too often. For the rest see `workers.pool.Pool.submit`.
        """
        subject = self._subject(kind, name)
        account, request = self._records.account(subject), request_id.get()
        try:
            self._rates.take(caller)
            return self._pool(subject).submit(body, deadline_s, trace, account, request, inference, caller)
        except SluiceError as error:
            account.refused(error, request, len(body))
            raise

    def accept(
        self,
        answer: Reply,
        kind: str,
        name: str,
        body: Body,
        request: str,
        deadline_s: float | None = None,
        caller: str = "",
    ) -> Callable[[], object]:
        """Have `answer` told the outcome at once when it is there; return what to call when nobody waits any more.

        Args:
            answer: called from within the event loop.
            kind: `pipeline` or `model`.
            name: of it.
            body: as for `submit`.
            request: its id.
            deadline_s: likewise.
            caller: likewise.

        Raises:
            NotFound: nothing has that name.
            ModelInactive: the model was deactivated.
            RateExceeded: the caller comes too often. For the rest see `workers.pool.Pool.submit`.
        """
        subject = self._subject(kind, name)
        account = self._records.account(subject)
        try:
            self._rates.take(caller)
            pool = self._pool(subject)
            call = pool.accept(answer, body, deadline_s, witness=account, request=request, caller=caller)
        except SluiceError as error:
            account.refused(error, request, len(body))
            raise
        return partial(pool.abandon, call)

    @contextmanager
    def expecting(
        self, kind: str, name: str, size_bytes: int, request: str | None = None, caller: str = ""
    ) -> Iterator[None]:
        """Give the block in which a body arrives: it counts as waiting, and isn't read if it couldn't be run.

        Args:
            kind: `pipeline` or `model`.
            name: of it.
            size_bytes: of the body, as far as that is known.
            request: its id, if a refusal is the answer to it and so to be recorded.
            caller: whose call it is.

        Raises:
            NotFound: nothing has that name.
            ModelInactive: the model was deactivated.
            RateExceeded: the caller comes too often.
                For the rest see `workers.pool.Pool.submit`; on entering the block.
        """
        subject = self._subject(kind, name)
        with ExitStack() as arriving:
            try:
                self._rates.check(caller)
                arriving.enter_context(self._pool(subject).expecting(size_bytes, caller))
            except SluiceError as error:
                if request is not None:
                    self._records.account(subject).refused(error, request, size_bytes or None)
                raise
            yield

    def _subject(self, kind: str, name: str) -> Subject:
        found = self._current.value
        return found.pipeline(name) if kind == "pipeline" else found.model(name)

    def _pool(self, subject: Subject) -> Pool:
        check_active(subject)
        if pool := self._supervisor.pool(subject.revision_id):
            return pool
        self._kept_files.check(subject)
        return self._supervisor.open(target_of(subject, self._files))
