"""A token of the role PREDICT runs the pipelines that it is bound to, in each API, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import onnx_models
import pytest
from problems import assert_problem, assert_refused
from serving import SLUICE, serving

TOKEN = "a-token-of-twenty-characters"
V1, V2, MLE = "/api/v1", "/v2", "/service/zementis/onnx"
ROW = {"x": [[1.0, 2.0, 3.0, 4.0]]}
TENSORS = {"inputs": [{"name": "x", "shape": [1, 4], "datatype": "FP32", "data": [1, 2, 3, 4]}]}
LARGE = b'{"x": [[1.0, 2.0, 3.0, 4.0]]}' + b" " * 200_000


@pytest.fixture(scope="module")
def admin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    folder = tmp_path_factory.mktemp("predict")
    with serving(SLUICE, folder, SLUICE_ADMIN_TOKEN=TOKEN, SLUICE_WORKERS="1") as url, client_of(url, TOKEN) as client:
        client.post(f"{V1}/models", params={"fileName": "double.onnx"}, content=onnx_models.double_it())
        for name in ("mine", "other", "double"):
            made = {"name": name, "model": "double", "keepInputs": True}
            assert client.post(f"{V1}/pipelines", json=made).status_code == 201
        yield client


@pytest.fixture
def camera(admin: httpx2.Client) -> Iterator[httpx2.Client]:
    with client_of(str(admin.base_url), token(admin)["secret"]) as client:
        yield client


def client_of(url: str, secret: str) -> httpx2.Client:
    return httpx2.Client(base_url=url, headers={"Authorization": f"Bearer {secret}"}, timeout=60)


def token(admin: httpx2.Client, *names: str, **more: Any) -> dict[str, Any]:
    new = {"name": "camera", "role": "PREDICT", "pipelines": names or ("mine",), **more}
    made = admin.post(f"{V1}/tokens", json=new)
    assert made.status_code == 201, made.text
    found: dict[str, Any] = made.json()
    return found


def test_it_runs_its_own_pipeline_in_each_api(camera: httpx2.Client) -> None:
    assert camera.post(f"{V1}/pipelines/mine/predictions", json=ROW).json() == {"y": [[2, 4, 6, 8]]}
    assert camera.post(f"{V1}/pipelines/MINE/predictions", content=LARGE).status_code == 200
    assert "trace" in camera.post(f"{V1}/pipelines/mine/predictions?trace=true", json=ROW).json()
    assert camera.post(f"{MLE}/apply-pipeline/mine", json=ROW).json() == {"y": [[2, 4, 6, 8]]}
    for end in ("", "/versions/1"):
        assert camera.post(f"{V2}/models/mine{end}/infer", json=TENSORS).json()["outputs"][0]["data"] == [2, 4, 6, 8]
        for what in ("", "/", "/ready", "/config"):
            assert camera.get(f"{V2}/models/mine{end}{what}").json()["name"] == "mine"
    assert camera.get(V2).json()["name"] == "sluice"
    assert camera.get(f"{V1}/session").json() == {
        "name": "camera", "role": "PREDICT", "by": "token", "userId": None, "pipelines": ["mine"],
    }  # fmt: skip


@pytest.mark.parametrize("name", ["other", "nothing", "double", "model.double"])
def test_what_isnt_its_own_looks_like_what_isnt_there(camera: httpx2.Client, name: str) -> None:
    said = set()
    for body in (b"{}", LARGE):
        for path in (f"{V1}/pipelines/{name}/predictions", f"{MLE}/apply-pipeline/{name}", f"{V2}/models/{name}/infer"):
            # Twice on the same connection: a head that was seen before isn't parsed.
            for _ in range(2):
                refused = camera.post(path, content=body)
                assert_refused(path, refused, 403, "not-allowed")
                said.add(refused.text.partition("camera")[2].partition('"')[0])
    for end in ("", "/versions/1", "/ready", "/config", "/stats"):
        path = f"{V2}/models/{name}{end}"
        assert_refused(path, camera.get(path), 403, "not-allowed")
    for path in (f"{V1}/models/{name}/predictions", f"{MLE}/apply/{name}"):
        assert_refused(path, camera.post(path, json=ROW), 403, "not-allowed")
    assert len(said) == 1


def test_it_sees_nothing_that_it_wasnt_given(admin: httpx2.Client, camera: httpx2.Client) -> None:
    assert camera.post(f"{V1}/pipelines/mine/predictions", content=b"[").status_code == 422
    failure = admin.get(f"{V1}/pipelines/mine/failures").json()["items"][0]
    pipeline = f"{V1}/pipelines/mine"
    for path in (
        pipeline, f"{pipeline}/failures", f"{pipeline}/failures/{failure['id']}/input", f"{pipeline}/statistics",
        f"{V1}/models/double/content", f"{V1}/openapi.json", f"{V1}/events", f"{V1}/system", "/metrics",
        f"{V2}/models/mine/stats", f"{MLE}/pipelines/mine",
    ):  # fmt: skip
        assert_refused(path, camera.get(path), 403, "not-allowed")
    path = f"{V2}/repository/index"
    assert_refused(path, camera.post(path), 403, "not-allowed")


def test_it_is_bound_to_the_pipeline_whatever_that_is_called(admin: httpx2.Client) -> None:
    assert admin.post(f"{V1}/pipelines", json={"name": "first", "model": "double"}).status_code == 201
    made = token(admin, "first", "mine")
    version = admin.get(f"{V1}/pipelines/first").headers["etag"]
    renamed = admin.patch(f"{V1}/pipelines/first", json={"name": "later"}, headers={"If-Match": version})
    assert renamed.status_code == 200, renamed.text
    assert admin.post(f"{V1}/pipelines", json={"name": "first", "model": "double"}).status_code == 201
    with client_of(str(admin.base_url), made["secret"]) as client:
        assert client.post(f"{V1}/pipelines/later/predictions", json=ROW).status_code == 200
        assert_problem(client.post(f"{V1}/pipelines/first/predictions", json=ROW), 403, "not-allowed")
    found = next(one for one in admin.get(f"{V1}/tokens").json()["items"] if one["id"] == made["id"])
    assert found["pipelines"] == ["later", "mine"]
    admin.delete(f"{V1}/pipelines/first", headers={"If-Match": "*"})


def test_a_session_by_such_a_token_is_bound_as_well(admin: httpx2.Client) -> None:
    made = token(admin)
    with httpx2.Client(base_url=admin.base_url, headers={"Sec-Fetch-Site": "same-origin"}) as page:
        signed_in = page.post(f"{V1}/session", json={"token": made["secret"]})
        assert signed_in.json()["pipelines"] == ["mine"]
        assert page.post(f"{V1}/pipelines/mine/predictions", json=ROW).status_code == 200
        assert_problem(page.post(f"{V1}/pipelines/other/predictions", json=ROW), 403, "not-allowed")
        assert_problem(page.get(f"{V1}/pipelines"), 403, "not-allowed")
        admin.delete(f"{V1}/tokens/{made['id']}")
        assert_problem(page.post(f"{V1}/pipelines/mine/predictions", json=ROW), 401, "not-signed-in")


def test_a_name_that_changes_hands_while_the_body_comes_isnt_run(admin: httpx2.Client) -> None:
    assert admin.post(f"{V1}/pipelines", json={"name": "passing", "model": "double"}).status_code == 201
    made = token(admin, "passing")

    def slow() -> Iterator[bytes]:
        yield b'{"x": '
        assert admin.delete(f"{V1}/pipelines/passing", headers={"If-Match": "*"}).status_code == 204
        assert admin.post(f"{V1}/pipelines", json={"name": "passing", "model": "double"}).status_code == 201
        yield b"[[1.0, 2.0, 3.0, 4.0]]}"

    with client_of(str(admin.base_url), made["secret"]) as client:
        assert_problem(client.post(f"{V1}/pipelines/passing/predictions", content=slow()), 403, "not-allowed")
    admin.delete(f"{V1}/pipelines/passing", headers={"If-Match": "*"})


@pytest.mark.parametrize(
    "new",
    [
        {"role": "PREDICT"},
        {"role": "PREDICT", "pipelines": []},
        {"role": "PREDICT", "pipelines": ["nothing"]},
        {"role": "READ", "pipelines": ["mine"]},
    ],
)
def test_only_the_role_predict_is_bound_and_to_what_there_is(admin: httpx2.Client, new: dict[str, Any]) -> None:
    refused = admin.post(f"{V1}/tokens", json={"name": "wrong", **new})
    assert_problem(refused, 422, "unprocessable", fields=["pipelines"])


def test_a_token_tells_when_it_was_last_used(admin: httpx2.Client) -> None:
    made = token(admin)
    assert made["lastUsedAt"] is None
    before = datetime.now(UTC)
    with client_of(str(admin.base_url), made["secret"]) as client:
        client.post(f"{V1}/pipelines/mine/predictions", json=ROW)
    found = next(one for one in admin.get(f"{V1}/tokens").json()["items"] if one["id"] == made["id"])
    used_at = datetime.fromisoformat(found["lastUsedAt"])
    assert before - timedelta(milliseconds=1) <= used_at <= datetime.now(UTC)
