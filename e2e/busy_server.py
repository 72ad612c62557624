"""Fills a server with all that a page may have to show: long names, many pipelines, calls, failures, broken ones."""

from __future__ import annotations

import httpx2

from e2e.conftest import DIGITS

LONG = "the-longest-name-that-somebody-will-ever-give-to-a-thing-on-line-17b"
FAILING = b"""import numpy as np


def process(content):
    print("read", len(content), "bytes")
    pixels = np.frombuffer(content[:63], np.uint8)
    return {"image": pixels.reshape(1, 64).astype(np.float32)}
"""
CRASHING = b"""import os


def process(content):
    os.abort()
"""
LOSSES_THAT_BREAK = 5
MANY = 40


def fill(client: httpx2.Client) -> None:
    """Add them beside the examples, by an ADMIN's client."""
    for name, text in (("failing.py", FAILING), ("crashing.py", CRASHING), (f"{LONG}.py", FAILING)):
        upload(client, "resources", name, text)
    upload(client, "resources", f"{LONG}.json", DIGITS.labels.read_bytes())
    upload(client, "models", f"{LONG}.onnx", DIGITS.model.read_bytes())
    add(
        client,
        "failing",
        preProcessing="failing.py",
        postProcessing=DIGITS.post_processing.name,
        dataFiles=[DIGITS.labels.name],
    )
    add(client, "broken", preProcessing="crashing.py")
    add(
        client,
        LONG,
        model=LONG,
        preProcessing=f"{LONG}.py",
        dataFiles=[f"{LONG}.json"],
        deadlineS=5,
        network="open",
        variables={"STATION": "17b", "ADDRESS_OF_THE_CONTROL_ROOM": f"https://{LONG}.example.com/api/v2/stations/17b"},
        secrets={"KEY_OF_THE_CONTROL_ROOM": "only it and nobody else"},
    )
    for number in range(1, MANY + 1):
        add(client, f"station-{number:02}", model="iris")
    give_access(client)
    for _ in range(5):
        call(client, "digits", DIGITS.picture.read_bytes(), 200)
    call(client, "digits", b"no picture", 422)
    for name in ("failing", LONG):
        call(client, name, DIGITS.picture.read_bytes(), 422)
    for _ in range(LOSSES_THAT_BREAK):
        call(client, "broken", b"", 500)


def upload(client: httpx2.Client, kind: str, name: str, content: bytes) -> None:
    """Upload one file."""
    answer = client.post(f"{kind}", files={"file": (name, content)})
    assert answer.is_success, answer.text


def add(client: httpx2.Client, name: str, **parts: object) -> None:
    """Make a pipeline."""
    answer = client.post("pipelines", json={"name": name, "model": "digits", "workers": 1, **parts})
    assert answer.is_success, answer.text


def give_access(client: httpx2.Client) -> None:
    """Let people and programs in, one of each role."""
    for name, role, pipelines in (
        ("line 4", "PREDICT", ["digits", LONG]),
        (LONG, "ADMIN", None),
        ("dashboard", "METRICS", None),
    ):
        made = client.post(
            "tokens", json={"name": name, "role": role, "pipelines": pipelines, "expiresAt": "2099-01-01T00:00:00Z"}
        )
        assert made.is_success, made.text
    for name, role, pipelines in (("ann", "ADMIN", None), (LONG, "READ", None), ("cy", "PREDICT", ["digits"])):
        body = {"name": name, "password": "correct horse battery", "role": role, "pipelines": pipelines}
        added = client.post("users", json=body)
        assert added.is_success, added.text


def call(client: httpx2.Client, name: str, content: bytes, status: int) -> None:
    """Call a pipeline, which answers with that status."""
    answer = client.post(f"pipelines/{name}/predictions", content=content)
    assert answer.status_code == status, answer.text
