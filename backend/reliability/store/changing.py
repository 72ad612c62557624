"""Programs that change everything at once and remember what they were told, until the server is killed."""

from __future__ import annotations

import hashlib
import itertools
import random
import threading
from collections import Counter
from dataclasses import dataclass

import httpx2

from reliability.models import increment

State = tuple[str, ...] | None
"""What one must be found as: a hash, or a pipeline's parts; None is nothing."""

PARTS = ("kept", "one.py", "two.py")
"""A model and two scripts for its outputs."""
_NAMES = 6
_PATIENCE_S = 60.0


@dataclass(frozen=True)
class Where:
    """A server, and a token that may change everything."""

    url: str
    token: str


class Changer:
    """Changes a few models, resources or pipelines of its own, again and again; pipelines need what `PARTS` names.

    Attributes:
        kind: `models`, `resources` or `pipelines`.
        states: what each of them may be, by name: more than one only if a change wasn't answered.
        acknowledged: how many changes were, by their kind.
        refused: answers that aren't good ones.
    """

    def __init__(self, kind: str, number: int, seed: int) -> None:
        self.kind = kind
        self._prefix = f"{kind}-{number}"
        self._turns = itertools.count()
        self._choice = random.Random(seed)
        self.states: dict[str, set[State]] = {}
        self.acknowledged: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()

    def work(self, where: Where, stopped: threading.Event) -> None:
        """Change until the server is gone."""
        headers = {"Authorization": f"Bearer {where.token}"}
        with httpx2.Client(
            base_url=f"{where.url}/api/v1/", headers=headers, timeout=_PATIENCE_S, trust_env=False
        ) as client:
            try:
                while not stopped.is_set():
                    self._change(client)
            except httpx2.TransportError:
                pass

    def _change(self, client: httpx2.Client) -> None:
        name = f"{self._prefix}-{self._choice.randrange(_NAMES)}{'.bin' if self.kind == 'resources' else ''}"
        [before] = self.states.setdefault(name, {None})
        if before is None:
            method, how, after = "POST", "added", self._next()
        elif self._choice.random() < 0.4:
            method, how, after = "DELETE", "deleted", None
        else:
            method, how, after = ("PATCH" if self.kind == "pipelines" else "PUT"), "replaced", self._next()
        request, expected = self._request(client, method, name, after)
        self.states[name] = {before, expected}
        answer = client.send(request)
        if answer.is_success:
            self.states[name] = {expected}
            self.acknowledged[how] += 1
        else:
            self.states[name] = {before}
            self.refused[f"{method} {self.kind}: {answer.status_code} {answer.text[:200]}"] += 1

    def _next(self) -> State:
        return (f"{self._prefix}-{next(self._turns)}",)

    def _request(self, client: httpx2.Client, method: str, name: str, after: State) -> tuple[httpx2.Request, State]:
        """Return what to send, and what is there when it is done."""
        if self.kind == "pipelines":
            return self._pipeline(client, method, name, after)
        if after is None:
            return client.build_request(method, f"{self.kind}/{name}"), None
        content = after[0].encode() * 20_000 if self.kind == "resources" else increment(after[0])
        path = f"{self.kind}?fileName={name}" if method == "POST" else f"{self.kind}/{name}/content"
        if method == "POST" and self.kind == "models":
            path = f"models?fileName={name}.onnx"
        return client.build_request(method, path, content=content), (hashlib.sha256(content).hexdigest(),)

    def _pipeline(self, client: httpx2.Client, method: str, name: str, after: State) -> tuple[httpx2.Request, State]:
        if after is None:
            return client.build_request(method, f"pipelines/{name}"), None
        post = self._choice.choice(PARTS[1:])
        if method == "POST":
            body = {"name": name, "model": PARTS[0], "postProcessing": post}
            return client.build_request(method, "pipelines", json=body), (post,)
        headers = {"If-Match": "*"}
        request = client.build_request(method, f"pipelines/{name}", json={"postProcessing": post}, headers=headers)
        return request, (post,)
