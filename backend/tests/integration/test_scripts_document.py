"""The examples of docs/scripts.md do what it says."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import onnx_models
import pytest
from apps import running

from sluice.entities import Role

V1 = "/api/v1"
DOCUMENT = (Path(__file__).parents[2] / "docs" / "scripts.md").read_text(encoding="utf-8")
EXAMPLES: dict[str, dict[str, str]] = {}
for example, part, text in re.findall(r"<!-- (\w+): (\S+) -->\n```\w+\n(.*?)```", DOCUMENT, re.DOTALL):
    EXAMPLES.setdefault(example, {})[part] = text


@pytest.fixture
async def admin(data_dir: Path) -> AsyncIterator[httpx2.AsyncClient]:
    async with running(data_dir) as app, await app.caller(Role.ADMIN) as admin:
        yield admin


def test_every_piece_of_code_belongs_to_an_example() -> None:
    assert len(EXAMPLES) == 9
    assert DOCUMENT.count("```python") == sum(name.endswith(".py") for parts in EXAMPLES.values() for name in parts)
    for parts in EXAMPLES.values():
        assert "send" in parts and ("answer" in parts) + ("problem" in parts) == 1


@pytest.mark.parametrize("example", EXAMPLES)
async def test_an_example_answers_what_the_document_says(admin: httpx2.AsyncClient, example: str) -> None:
    parts = dict(EXAMPLES[example])
    sent = parts.pop("send").removesuffix("\n")
    answer, problem = parts.pop("answer", None), parts.pop("problem", None)
    await admin.post(f"{V1}/models", params={"fileName": "m.onnx"}, content=onnx_models.identity())
    given = {name: json.loads(parts.pop(name)) for name in ("variables", "secrets") if name in parts}
    for name, text in parts.items():
        kind = "script" if name in ("pre.py", "post.py") else "module" if name.endswith(".py") else "data"
        form = {"file": (name, text.encode())}
        added = await admin.post(f"{V1}/resources", files=form, data={"kind": kind})
        assert added.status_code == 201, added.text
        assert {warning["module"] + ".py" for warning in added.json()["warnings"]} <= parts.keys()
    pipeline = {"name": "p", "model": "m", "dataFiles": [n for n in parts if n not in ("pre.py", "post.py")]}
    pipeline |= {f"{step}Processing": f"{step}.py" for step in ("pre", "post") if f"{step}.py" in parts}
    made = await admin.post(f"{V1}/pipelines", json=pipeline | given)
    assert made.status_code == 201, made.text
    got = await admin.post(f"{V1}/pipelines/p/predictions", content=sent.encode())
    if answer is not None:
        assert got.status_code == 200, got.text
        assert got.json() == json.loads(answer)
    else:
        expected = json.loads(problem or "")
        told = got.json()
        told["exception"] = told["exception"].partition(": 'nproc'")[0]
        assert {key: told[key] for key in expected} == expected
