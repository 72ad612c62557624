"""ONNX's own test cases give the same values over HTTP as in this process: as JSON, and as binary tensors."""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import httpx2
import numpy as np
import onnx_cases
import pytest
from inferring import AUTHORIZATION, HEAD, TOKEN, raw
from onnx_cases import Case, NotServed, Run, same, same_numbers, to_json
from serving import serving

from sluice.tensors import TensorSpec
from sluice.workers.child.nested import numpy_dtype
from sluice.workers.child.session import ModelFailed

AT_ONCE = 3
SAMPLED = 61
LEAST_TENSOR_CASES, LEAST_OTHERS = 1650, 20
JSON_DOORS = ("/api/v1/models/{}/predictions", "/service/zementis/onnx/apply/{}")


class Differs(Exception):
    """What came back over HTTP isn't what came in this process."""


async def test_a_sample(tmp_path: Path) -> None:
    told = await compare(list(onnx_cases.sample(SAMPLED)), tmp_path)
    assert told["tensor cases"] > 20


@pytest.mark.slow
async def test_all_of_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = await compare(list(onnx_cases.cases()), tmp_path)
    with capsys.disabled():
        print("\nONNX's own test cases, each over HTTP as JSON and as binary tensors:")
        for what, count in sorted(told.items()):
            print(f"  {count:5} {what}")
    assert told["tensor cases"] >= LEAST_TENSOR_CASES
    assert told["other cases: sequences, maps, optionals"] >= LEAST_OTHERS


async def compare(cases: list[Case], folder: Path) -> Counter[str]:
    """Run cases in this process and over HTTP; return how many of each kind there were. None may differ."""
    told: Counter[str] = Counter()
    differ: list[str] = []
    sluice = Path(sys.executable).with_name("sluice")
    turns = asyncio.Semaphore(AT_ONCE)
    with serving(sluice, folder, SLUICE_ADMIN_TOKEN=TOKEN, SLUICE_WORKERS="1") as url:
        async with httpx2.AsyncClient(base_url=url, headers=AUTHORIZATION, timeout=120) as client:

            async def one(number: int, case: Case) -> None:
                async with turns:
                    try:
                        told[await _one(client, f"case-{number}", case, folder)] += 1
                    except (Differs, httpx2.HTTPError) as error:
                        differ.append(f"{case.name}: {error}")

            await asyncio.gather(*(one(number, case) for number, case in enumerate(cases)))
    assert not differ, "\n".join([f"{len(differ)} differ:", *differ[:50]])
    return told


async def _one(client: httpx2.AsyncClient, name: str, case: Case, folder: Path) -> str:
    upload = {"params": {"fileName": f"{name}.onnx"}, "content": case.model()}
    try:
        run = onnx_cases.run(case, folder)
    except ModelFailed:
        return "onnxruntime doesn't run"
    except NotServed as unserved:
        refused = await client.post("/api/v1/models", **upload)
        if refused.status_code != 422 or str(unserved) not in refused.text:
            raise Differs(f"{refused.status_code} {refused.text}") from None
        return "of types that neither JSON nor the protocol has (float8, 4 and 2 bits)"
    made = await client.post("/api/v1/models", **upload)
    if made.status_code != 201:
        raise Differs(made.text)
    try:
        for door in JSON_DOORS:
            await _as_json(client, door.format(name), run)
        await _as_tensors(client, name, run)
    finally:
        await client.delete(f"/api/v1/models/{name}")
    if run.random:
        return "random: only shapes compared"
    return "tensor cases" if run.only_tensors else "other cases: sequences, maps, optionals"


async def _as_json(client: httpx2.AsyncClient, path: str, run: Run) -> None:
    given = {name: to_json(value) for name, value in run.inputs.items()}
    answer = await client.post(path, content=json.dumps(given), headers={"Content-Type": "application/json"})
    if answer.status_code != 200:
        raise Differs(f"{path}: {answer.text}")
    told = answer.json()
    if told.keys() != run.outputs.keys():
        raise Differs(f"{path}: {sorted(told)}")
    for name, value in run.outputs.items():
        if not run.random and not same_numbers(value, told[name]):
            raise Differs(f"{path}: '{name}' is {str(told[name])[:200]} where {str(value)[:200]} was expected")


async def _as_tensors(client: httpx2.AsyncClient, name: str, run: Run) -> None:
    tensors = {key: _bytes(value, run.specs[key]) for key, value in run.inputs.items()}
    head = {
        "inputs": [
            {
                "name": key,
                "datatype": "BYTES" if run.specs[key].travels_as_json else run.specs[key].datatype,
                "shape": [1] if run.specs[key].travels_as_json else list(run.inputs[key].shape),
                "parameters": {"binary_data_size": len(content)},
            }
            for key, content in tensors.items()
        ],
        "parameters": {"binary_data_output": True},
    }
    encoded = json.dumps(head).encode()
    content = b"".join([encoded, *tensors.values()])
    answer = await client.post(f"/v2/models/{name}/infer", content=content, headers={HEAD: str(len(encoded))})
    if answer.status_code != 200:
        raise Differs(f"/v2: {answer.text}")
    at = int(answer.headers[HEAD])
    outputs = json.loads(answer.content[:at])["outputs"]
    if [output["name"] for output in outputs] != list(run.outputs):
        raise Differs(f"/v2: {outputs}")
    for output in outputs:
        size = output["parameters"]["binary_data_size"]
        value = _value(answer.content[at : at + size], output, run.specs[output["name"]])
        at += size
        expected = run.outputs[output["name"]]
        if run.specs[output["name"]].travels_as_json:
            agrees = same_numbers(expected, value)
        elif run.random:
            agrees = bool(expected.shape == value.shape)
        else:
            agrees = same(expected, value)
        if not agrees:
            raise Differs(f"/v2: '{output['name']}' is {str(value)[:200]} where {str(expected)[:200]} was expected")


def _bytes(value: Any, spec: TensorSpec) -> bytes:
    if spec.travels_as_json:
        return raw(np.array([json.dumps(to_json(value))], object))
    return raw(np.asarray(value))


def _value(content: bytes, output: dict[str, Any], spec: TensorSpec) -> Any:
    if output["datatype"] != "BYTES":
        assert spec.element is not None
        return np.frombuffer(content, numpy_dtype(spec.element)).reshape(output["shape"])
    texts, at = [], 0
    while at < len(content):
        size = int.from_bytes(content[at : at + 4], "little")
        texts.append(content[at + 4 : at + 4 + size].decode())
        at += 4 + size
    if spec.travels_as_json:
        return json.loads(texts[0])
    return np.array(texts, object).reshape(output["shape"])
