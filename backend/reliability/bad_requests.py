"""Requests that nobody would send, to all addresses of all dialects, and bytes that are no request; by an ADMIN, too.

None may be answered with a 5xx but 503, 504, 507 and the death of a worker; the server lives, and its log knows of
nothing unforeseen. schemathesis makes those that the native API's document allows or nearly allows.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

from benchmarks.sluice_server import Refused, SluiceServer, sluice_server
from reliability.models import write_increment
from reliability.odd_requests import ENDLESS, damaged, requests
from reliability.row import Asked, Outcome, Row, main
from reliability.wire import request
from sluice.api.routing import RoleRoute
from sluice.app import create_app
from sluice.settings import Settings

_ALLOWED = frozenset({503, 504, 507})
_LONGEST_S = 30.0
_CONTRACT = Path(__file__).parents[1] / "tests" / "contract" / "native"
_RESTOCK_EVERY = 200


@dataclass(frozen=True)
class Counts:
    """How many requests are sent.

    Attributes:
        odd: to all addresses.
        near: good ones with damage.
        documented: by schemathesis, at most for each operation.
        phases: of schemathesis; none without any.
    """

    odd: int
    near: int
    documented: int = 0
    phases: str = ""


_SHORT = Counts(1_800, 500, 2, "fuzzing")
_FULL = Counts(35_000, 10_000, 60, "examples,coverage,fuzzing")


class _Asking:
    """Sends requests, and judges what comes."""

    def __init__(self, server: SluiceServer, model: bytes) -> None:
        address = urlsplit(server.url)
        self._at = (address.hostname, address.port)
        self._server = server
        self._model = model
        self.statuses: Counter[str] = Counter()
        self.wrongs: Counter[str] = Counter()

    def ask(self, sent: bytes) -> None:
        """Send bytes over a connection of their own and look at the answer, if there is one."""
        if sum(self.statuses.values()) % _RESTOCK_EVERY == 0:
            self._restock()
        with socket.create_connection(self._at, _LONGEST_S) as connection:
            try:
                connection.sendall(sent)
                connection.shutdown(socket.SHUT_WR)
                answer = http.client.HTTPResponse(connection, method=sent[:4].decode("latin-1").strip())
                answer.begin()
                body = answer.read()
            except TimeoutError:
                self.wrongs[f"no answer within {_LONGEST_S:g} s to {sent[:300]!r}"] += 1
                self.statuses["never"] += 1
                return
            except (OSError, http.client.HTTPException, ValueError):
                self.statuses["hung up"] += 1
                return
        self.statuses[str(answer.status)] += 1
        if answer.status >= 500 and answer.status not in _ALLOWED and not _may_be(body):
            self.wrongs[f"{answer.status} {body[:300]!r} to {sent[:600]!r}"] += 1

    def _restock(self) -> None:
        """Have a model, a script and a pipeline there, whatever was deleted."""
        pre = b"import json\ndef process(content):\n    return json.loads(content)\n"
        for path, options in (
            ("models?fileName=m.onnx", {"content": self._model}),
            ("resources?fileName=pre.py", {"content": pre}),
            ("pipelines", {"json": {"name": "p", "model": "m", "preProcessing": "pre.py", "workers": 1}}),
        ):
            with suppress(Refused):  # it is still there
                self._server.call("POST", path, **options)


def measure(asked: Asked, folder: Path) -> Outcome:
    """Send 50,000 of them, in short 2,500."""
    return sent(_FULL if asked.full else _SHORT, folder, asked.seed)


def sent(counts: Counts, folder: Path, seed: int) -> Outcome:
    """Send so many, the same of a seed."""
    write_increment(folder / "m.onnx")
    model = (folder / "m.onnx").read_bytes()
    environment = {"SLUICE_ENVIRONMENTS": "false", "SLUICE_WORKERS": "1", "SLUICE_DEADLINE_S": "5"}
    data = folder / "data"
    with sluice_server(data, environment) as server:
        token = server.call("POST", "tokens", json={"name": "odd", "role": "ADMIN"})["secret"]
        asking = _Asking(server, model)
        found = [r for r in create_app(Settings.load({})).routes if isinstance(r, RoleRoute) and r.path != ENDLESS]
        examples = [
            model,
            b'{"numbers": [[1, 2, 3, 4]]}',
            b'{"name": "p2", "model": "m"}',
            _inference(),
            b"def process(c): pass\n",
        ]
        _send(asking, requests(found, ("m", "p", "pre.py", "digits"), examples, token), counts.odd, seed)
        _send(asking, _near_requests(token, examples), counts.near, seed)
        said, documented = _schemathesis(server, token, counts, seed) if counts.phases else ([], 0)
        lives = server.process.poll() is None and server.call("GET", "system")
    log = (data / "log.txt").read_text(errors="replace")
    wrongs = [f"{what} ({times} times)" for what, times in asking.wrongs.most_common(20)]
    wrongs += said
    if not lives:
        wrongs.append("the server died")
    if found_at := re.search(r"failed unexpectedly|Traceback", log):
        wrongs.append(f"the log has what nobody foresaw: {log[found_at.start() - 200 :][:2000]}")
    total = sum(asking.statuses.values()) + documented
    statuses = ", ".join(f"{times} x {status}" for status, times in sorted(asking.statuses.items()))
    reached = f"{total} requests of seed {seed}: {len(wrongs)} wrongs"
    return Outcome(reached, wrongs, [f"by hypothesis: {statuses}"])


def _send(asking: _Asking, strategy: st.SearchStrategy[bytes], times: int, seed: int) -> None:
    @seeded(seed)
    @settings(
        max_examples=times,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def each(sent: bytes) -> None:
        asking.ask(sent)

    each()


def _near_requests(token: str, examples: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """Return a strategy of good requests with damage anywhere, two of them in a row too, and of mere bytes."""
    bearer = {"Authorization": f"Bearer {token}"}
    paths = ("/api/v1/pipelines/p/predictions", "/service/zementis/onnx/apply/p", "/v2/models/m/infer")
    good = [request(path, body, bearer) for path in paths for body in examples[1:]]
    one = st.sampled_from(good).flatmap(damaged)
    return one | st.tuples(one, one).map(b"".join) | st.binary(max_size=300)


def _inference() -> bytes:
    tensor = {"name": "numbers", "shape": [1, 4], "datatype": "FP32", "data": [1, 2, 3, 4]}
    return json.dumps({"id": "1", "inputs": [tensor]}).encode()


def _may_be(body: bytes) -> bool:
    """Tell whether a 500 is the death of a worker, or what the drop-in API answers to deleting what is in use."""
    return any(words in body for words in (b"worker-died", b"process that ran the call ended", b"is required by the"))


def _schemathesis(server: SluiceServer, token: str, counts: Counts, seed: int) -> tuple[list[str], int]:
    """Return what schemathesis found wrong, and how many requests it made."""
    command: list[str | Path] = [
        *(Path(sys.executable).with_name("schemathesis"), "--config-file", _CONTRACT / "schemathesis.toml", "run"),
        *(f"{server.url}/api/v1/openapi.json", "--header", f"Authorization: Bearer {token}", "--mode", "all"),
        *("--checks", "not_a_server_error", "--phases", counts.phases, "--max-examples", str(counts.documented)),
        *("--continue-on-failure", "--no-color", "--suppress-health-check", "all", "--warnings", "off"),
        *("--request-timeout", "60", "--seed", str(seed)),
    ]
    surroundings = {**os.environ, "SCHEMATHESIS_HOOKS": "schemathesis_hooks", "PYTHONPATH": str(_CONTRACT)}
    ran = subprocess.run(command, env=surroundings, capture_output=True, text=True)
    made = re.search(r"(\d+) generated", ran.stdout)
    wrongs = [f"schemathesis: {ran.stdout[-3000:]}{ran.stderr[-1000:]}"] if ran.returncode or not made else []
    return wrongs, int(made[1]) if made else 0


ROW = Row(
    "bad requests",
    "50,000 by schemathesis and hypothesis: no 5xx but 503/504/507 and a worker's death",
    measure,
)

if __name__ == "__main__":
    main(ROW)
