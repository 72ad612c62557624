"""Inference as it crosses the wire: binary bodies, compressed ones, broken ones, and what holds for every call."""

from __future__ import annotations

import gzip
import json
import random
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import numpy as np
import pytest
from inferring import AUTHORIZATION, HEAD, body, inferring, tensor, values

LIMIT = 8_000_000
ANSWER_LIMIT = 6_000_000
ROWS = np.array([[1, 2.5, -3, 0.1], [1e-40, 1e38, -0.0, 7]], np.float32)
JSON = {"inputs": [{"name": "x", "shape": [2, 4], "datatype": "FP32", "data": ROWS.ravel().tolist()}]}
BINARY = {"inputs": [tensor("x", ROWS, "FP32")]}
WANTED = {"outputs": [{"name": "y", "parameters": {"binary_data": True}}]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("oip")


@pytest.fixture(scope="module")
def url(folder: Path) -> Iterator[str]:
    limits = {"SLUICE_MAX_BODY_BYTES": str(LIMIT), "SLUICE_MAX_ANSWER_BYTES": str(ANSWER_LIMIT)}
    models = "double", "same-FP16", "same-BF16", "same-BYTES"
    with inferring(folder, models, ("both", "before", "raising", "looping", "forging"), **limits) as url:
        yield url


@pytest.fixture
def client(url: str) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=url + "/v2", headers={**AUTHORIZATION, "Accept-Encoding": ""}, timeout=60) as client:
        yield client


@pytest.fixture
def native(url: str) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=url + "/api/v1", headers=AUTHORIZATION, timeout=60) as client:
        yield client


def infer(client: httpx2.Client, name: str, **request: Any) -> httpx2.Response:
    return client.post(f"/models/{name}/infer", **request)


def head_of(answer: httpx2.Response) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    said: dict[str, Any] = json.loads(answer.content[: int(answer.headers.get(HEAD, len(answer.content)))])
    return said


def tensors_of(answer: httpx2.Response) -> bytes:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/octet-stream"
    return answer.content[int(answer.headers[HEAD]) :]


def refused(answer: httpx2.Response, status: int, *said: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    assert list(answer.json()) == ["error"]
    for part in said:
        assert part in answer.json()["error"]


def test_json_both_ways(client: httpx2.Client) -> None:
    answer = infer(client, "double", json={"id": "a", **JSON})
    assert answer.headers["content-type"] == "application/json"
    assert "model;dur=" in answer.headers["server-timing"]
    assert answer.json() == {
        "model_name": "double",
        "model_version": "1",
        "id": "a",
        "outputs": [
            {"name": "y", "datatype": "FP32", "shape": [2, 4], "data": (ROWS * 2).ravel().astype(float).tolist()}
        ],
    }


def test_nested_data_unknown_keys_and_other_ids(client: httpx2.Client) -> None:
    nested = {"name": "x", "shape": [2, 4], "datatype": "FP32", "data": ROWS.tolist(), "colour": 1}
    request = {"id": 7, "inputs": [nested], "parameters": {"priority": 1, "timeout": 9}, "more": {}, "outputs": []}
    answer = infer(client, "double", json=request, params={"unknown": "1"})
    assert answer.json()["id"] == 7
    assert answer.json()["outputs"][0]["data"] == (ROWS * 2).ravel().tolist()


@pytest.mark.parametrize("path", ["/infer", "/versions/1/infer", "/infer/"])
def test_each_address(client: httpx2.Client, path: str) -> None:
    assert client.post(f"/models/double{path}", json=JSON).status_code == 200


def test_addresses_that_are_none(client: httpx2.Client) -> None:
    refused(client.post("/models/nobody/infer", json=JSON), 404, "'nobody'")
    refused(client.post("/models/double/versions/9/infer", json=JSON), 404, "no version '9'")


@pytest.mark.parametrize("datatype", ["FP16", "BF16"])
def test_halves_as_json(client: httpx2.Client, datatype: str) -> None:
    """Which Triton's client doesn't send."""
    sent = values(datatype)
    flat = [
        float(v) if np.isfinite(v) else {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[str(float(v))]
        for v in sent.ravel()
    ]
    request = {"inputs": [{"name": "x", "shape": [2, 3], "datatype": datatype, "data": flat}]}
    assert infer(client, f"same-{datatype}", json=request).json()["outputs"][0]["data"] == flat
    back = infer(client, f"same-{datatype}", json={**request, "parameters": {"binary_data_output": True}})
    assert tensors_of(back) == sent.tobytes()


@pytest.mark.parametrize("padding", range(4))
def test_large_tensors_wherever_they_begin(client: httpx2.Client, padding: int) -> None:
    """5 MB go by descriptor, both ways in several pieces."""
    rows = np.random.default_rng(1).standard_normal((312_500, 4), np.float32)
    head = {"id": "a" * padding, "inputs": [tensor("x", rows, "FP32")], **WANTED}
    answer = infer(client, "double", **body(head, rows.tobytes()))
    assert tensors_of(answer) == (rows * 2).tobytes()
    assert head_of(answer)["outputs"][0]["parameters"] == {"binary_data_size": rows.nbytes}


def test_a_body_in_chunks(client: httpx2.Client) -> None:
    sent = body({**BINARY, **WANTED}, ROWS.tobytes())
    pieces = [sent["content"][at : at + 7] for at in range(0, len(sent["content"]), 7)]
    assert tensors_of(infer(client, "double", content=iter(pieces), headers=sent["headers"])) == (ROWS * 2).tobytes()


def test_a_body_that_is_one_tensor(client: httpx2.Client) -> None:
    answer = infer(client, "double", content=ROWS.tobytes(), headers={HEAD: "0"})
    assert answer.json()["outputs"][0]["data"] == (ROWS * 2).ravel().tolist()
    answer = infer(client, "both", content=ROWS.tobytes(), headers={HEAD: "0"})
    (element,) = answer.json()["outputs"][0]["data"]
    assert json.loads(element)["rows"] == (ROWS * 2).tolist()
    large = np.ones((312_500, 4), np.float32)
    answer = infer(client, "before", content=large.tobytes(), headers={HEAD: "0"})
    assert answer.json()["outputs"][0]["shape"] == [312_500, 4]
    answer = infer(client, "same-BYTES", content="ä".encode(), headers={HEAD: "0"})
    refused(answer, 400, "can't be told from the number of bytes; send a head")


def test_the_header_must_be_a_length_within_the_body(client: httpx2.Client) -> None:
    for length in ("-1", "1.5", "x", "", "²", "9" * 5000):
        refused(infer(client, "double", json=JSON, headers={HEAD: length.encode()}), 400, HEAD)
    many = [(HEAD, "5"), (HEAD, "5")]
    refused(client.post("/models/double/infer", content=b"abc", headers=many), 400, HEAD)
    for length in ("1000", "9" * 18):
        refused(
            infer(client, "double", content=b"{}", headers={HEAD: length}), 400, f"says that {length} bytes are JSON"
        )
    refused(infer(client, "double", json=JSON, headers={HEAD: "5"}), 400, "is not JSON")


@pytest.mark.parametrize("coding", ["gzip", "deflate", "x-gzip", "GZIP", "identity, deflate"])
def test_compressed_bodies(client: httpx2.Client, coding: str) -> None:
    sent = body({**BINARY, **WANTED}, ROWS.tobytes())
    pack = gzip.compress if "gzip" in coding.lower() else zlib.compress
    headers = {**sent["headers"], "Content-Encoding": coding}
    answer = infer(client, "double", content=pack(sent["content"]), headers=headers)
    assert tensors_of(answer) == (ROWS * 2).tobytes()


def test_bare_deflate_several_gzips_and_large_ones(client: httpx2.Client) -> None:
    content = json.dumps(JSON).encode()
    bare = zlib.compressobj(wbits=-15)
    answer = infer(
        client, "double", content=bare.compress(content) + bare.flush(), headers={"Content-Encoding": "deflate"}
    )
    assert answer.status_code == 200, answer.text
    two = gzip.compress(content[:20]) + gzip.compress(content[20:])
    assert infer(client, "double", content=two, headers={"Content-Encoding": "gzip"}).status_code == 200
    rows = np.zeros((312_500, 4), np.float32)
    sent = body({"inputs": [tensor("x", rows, "FP32")], **WANTED}, rows.tobytes())
    headers = {**sent["headers"], "Content-Encoding": "gzip"}
    assert (
        tensors_of(infer(client, "double", content=gzip.compress(sent["content"]), headers=headers)) == rows.tobytes()
    )


def test_compressed_bodies_that_are_broken(client: httpx2.Client) -> None:
    packed = gzip.compress(json.dumps(JSON).encode())
    for content, said in (
        (b"{}", "isn't gzip"),
        (packed[:-9], "ends too early"),
        (packed[:10] + b"\xff" * 50, "isn't gzip"),
        (packed[:-8] + bytes(8), "isn't gzip"),
        (packed + b"more", "isn't gzip"),
        (gzip.compress(b"") * 1001, "1000 gzip files in a row"),
    ):
        refused(infer(client, "double", content=content, headers={"Content-Encoding": "gzip"}), 400, said)
    more = zlib.compress(b"{}") + b"more"
    refused(infer(client, "double", content=more, headers={"Content-Encoding": "deflate"}), 400, "goes on behind")
    for coding in ("br", "zstd", "gzip, gzip", "x" * 500):
        refused(
            infer(client, "double", content=packed, headers={"Content-Encoding": coding}), 400, "send gzip or deflate"
        )


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress], ids=["gzip", "deflate"])
def test_bombs(client: httpx2.Client, pack: Any) -> None:
    """A body that is small only as long as it is packed."""
    coding = "gzip" if pack is gzip.compress else "deflate"
    bomb = pack(bytes(5 * LIMIT))
    assert len(bomb) < LIMIT
    refused(infer(client, "double", content=bomb, headers={"Content-Encoding": coding}), 413, "SLUICE_MAX_BODY_BYTES")
    refused(infer(client, "double", content=bytes(LIMIT + 1)), 413, "SLUICE_MAX_BODY_BYTES")


def test_compressed_answers(client: httpx2.Client) -> None:
    rows = np.tile(ROWS, (500, 1))
    as_json = body({"inputs": [tensor("x", rows, "FP32")]}, rows.tobytes())
    as_bytes = body({"inputs": [tensor("x", rows, "FP32")], **WANTED}, rows.tobytes())

    def coding(sent: dict[str, Any], accepted: str) -> str | None:
        headers = {**sent["headers"], "Accept-Encoding": accepted}
        answer = infer(client, "double", content=sent["content"], headers=headers)
        assert answer.headers["vary"] == "Accept-Encoding"
        plain = answer.content  # the client unpacks it
        if HEAD in answer.headers:
            assert plain[int(answer.headers[HEAD]) :] == (rows * 2).tobytes()
        else:
            assert np.float32(json.loads(plain)["outputs"][0]["data"]).tobytes() == (rows * 2).tobytes()
        return answer.headers.get("content-encoding")

    for accepted, wanted in (
        ("", None),
        ("br", None),
        ("identity", None),
        ("gzip;q=0", None),
        ("gzip", "gzip"),
        ("deflate", "deflate"),
        ("gzip, deflate, br", "gzip"),
        ("gzip;q=0.5, deflate", "deflate"),
    ):
        assert coding(as_json, accepted) == wanted, accepted
    for accepted, wanted in (("gzip", "gzip"), ("deflate", "deflate"), ("gzip, deflate", None)):
        assert coding(as_bytes, accepted) == wanted, accepted


@pytest.mark.parametrize(
    ("head", "tensors", "said"),
    [
        ({**BINARY, **WANTED}, ROWS.tobytes()[:-1], "is to have 32 bytes (`binary_data_size`) where 31 are left"),
        ({**BINARY, **WANTED}, ROWS.tobytes() + b"a", "33 bytes follow the JSON"),
        (BINARY, b"", "where 0 are left"),
        ({"inputs": [{**BINARY["inputs"][0], "shape": [4, 4]}]}, ROWS.tobytes(), "takes 64 bytes, but it has 32"),
        ({"inputs": [{**BINARY["inputs"][0], "shape": [10**18, 10**18]}]}, ROWS.tobytes(), "but it has 32"),
        ({"inputs": [{**BINARY["inputs"][0], "shape": [8, 1]}]}, ROWS.tobytes(), "The model expects float32 (N, 4)"),
        ({"inputs": [{**BINARY["inputs"][0], "datatype": "INT8"}]}, ROWS.tobytes(), "came INT8; convert it"),
        ({"inputs": [{**BINARY["inputs"][0], "parameters": {"binary_data_size": -32}}]}, b"", "the number -32"),
    ],
)
def test_binary_tensors_that_do_not_fit(client: httpx2.Client, head: dict[str, Any], tensors: bytes, said: str) -> None:
    refused(infer(client, "double", **body(head, tensors)), 400, said)


def test_texts_of_wrong_lengths(client: httpx2.Client) -> None:
    for tensors, said in (
        (b"\x01\x00\x00\x00a", "2 elements don't fit into 5 bytes"),
        (b"\x01\x00\x00\x00a" + struct.pack("<I", 2**32 - 1), "element [1] is to have 4294967295 bytes"),
        (b"\x01\x00\x00\x00a\x01\x00\x00\x00\xff", "element [1] is no text in UTF-8"),
    ):
        sizes = {"binary_data_size": len(tensors)}
        head = {"inputs": [{"name": "x", "shape": [2], "datatype": "BYTES", "parameters": sizes}]}
        refused(infer(client, "same-BYTES", **body(head, tensors)), 400, said)


def test_what_pre_processing_gets_is_one_element(client: httpx2.Client) -> None:
    for head, said in (
        ({"inputs": []}, "Input 'content' is missing"),
        ({"inputs": [{**JSON["inputs"][0]}]}, "There is no input 'x'. The pipeline has one input, 'content' BYTES [1]"),
        ({"inputs": [{**JSON["inputs"][0], "name": "content"}]}, "came FP32; send it as BYTES"),
        ({"inputs": [{"name": "content", "shape": [2], "datatype": "BYTES", "data": ["a", "b"]}]}, "send [1]"),
        ({"inputs": [{"name": "content", "shape": [1], "datatype": "BYTES", "data": [1]}]}, "not a text"),
    ):
        refused(infer(client, "both", json=head), 400, said)
    known = {"inputs": [{"name": "content", "shape": [1], "datatype": "BYTES", "data": ["a" * 16]}]}
    refused(infer(client, "both", json={**known, "outputs": [{"name": "y"}]}), 400, "ask for some of 'result'")


def test_a_script_that_fails_is_named_with_its_line(client: httpx2.Client) -> None:
    answer = infer(client, "raising", content=b"abc", headers={HEAD: "0"})
    refused(answer, 400, "The pre-processing script 'raising_pre.py' failed at line 2: ValueError: no good")


def test_an_answer_that_is_too_large(client: httpx2.Client) -> None:
    rows = np.full((312_500, 4), 0.1, np.float32)
    sent = body({"inputs": [tensor("x", rows, "FP32")]}, rows.tobytes())
    refused(infer(client, "double", **sent), 400, "SLUICE_MAX_ANSWER_BYTES")


def test_the_deadline_header(client: httpx2.Client) -> None:
    answer = infer(client, "looping", content=b"abc", headers={HEAD: "0", "Sluice-Deadline": "0.2"})
    refused(answer, 504, "its header Sluice-Deadline", "'looping_pre.py'")


@pytest.mark.parametrize("forged", ["-5", "3", "True", "2**70"])
def test_forged_lengths_never_reach_a_header(client: httpx2.Client, forged: str) -> None:
    answer = infer(client, "forging", content=f"{{'head_bytes': {forged}}}".encode(), headers={HEAD: "0"})
    assert HEAD not in answer.headers
    refused(answer, 500, "ended")


def test_it_is_counted_logged_and_its_failures_are_kept(
    client: httpx2.Client,
    native: httpx2.Client,
) -> None:
    def totals() -> dict[str, Any]:
        told: dict[str, Any] = native.get("/pipelines/raising/statistics").json()["totals"]
        return told

    before = totals()
    infer(client, "raising", content=b"secret", headers={HEAD: "0", "X-Request-Id": "counted-by-oip"})
    assert totals()["failures"] == before["failures"] + 1
    (failure, *_) = native.get("/pipelines/raising/failures").json()["items"]
    assert failure["requestId"] == "counted-by-oip"
    assert failure["input"] == {"sizeBytes": 6, "kept": False}
    assert [step["step"] for step in failure["problem"]["trace"]["steps"]] == ["input", "pre-processing"]
    change = native.patch("/pipelines/raising", json={"keepInputs": True}, headers={"If-Match": "*"})
    assert change.status_code == 200, change.text
    infer(client, "raising", content=b"secret", headers={HEAD: "0"})
    (failure, *_) = native.get("/pipelines/raising/failures").json()["items"]
    assert native.get(f"/pipelines/raising/failures/{failure['id']}/input").content == b"secret"


def test_nobody_and_readers(url: str, native: httpx2.Client) -> None:
    refused(httpx2.post(f"{url}/v2/models/double/infer", json=JSON), 401)
    secret = native.post("/tokens", json={"name": "a reader", "role": "READ"}).json()["secret"]
    reader = {"Authorization": f"Bearer {secret}"}
    assert httpx2.post(f"{url}/v2/models/double/infer", json=JSON, headers=reader).status_code == 200


def test_broken_bodies_never_break_the_server(client: httpx2.Client) -> None:
    chance = random.Random(3)
    sent = body({"id": "a", **BINARY, **WANTED}, ROWS.tobytes())
    statuses = set()
    for _ in range(150):
        content = bytearray(sent["content"])
        for _ in range(chance.randint(1, 4)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        length = int(sent["headers"][HEAD]) + chance.choice([0, 0, 0, -1, 1, 40])
        answer = infer(
            client,
            "double",
            content=bytes(content[: len(content) - chance.choice([0, 0, 1])]),
            headers={HEAD: str(length)},
        )
        statuses.add(answer.status_code)
        if answer.status_code != 200:
            refused(answer, answer.status_code)
    assert statuses <= {200, 400}
    assert infer(client, "double", json=JSON).status_code == 200
