"""Models of the drop-in API: rows 1 to 17 of the checklist, which backend/docs/mle.md has with each decision."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import httpx2
import onnx
import onnx_models
import pytest
from mle_calls import LIMIT_BYTES, OCTETS, add_model, add_pipeline, assert_answer, body, errors, named

RESNET = {
    "modelName": "resnet50",
    "modelVersion": 3,
    "onnxVersion": 10,
    "opsetVersions": "ai.onnx v21",
    "producerName": "keras2onnx",
    "producerVersion": "1.6.0",
    "isActive": True,
    "inputs": [{"name": "x", "shape": ["N", 224, None], "type": "tensor(float)"}],
    "outputs": [{"name": "y", "shape": ["N", 224, None], "type": "tensor(float)"}],
}
GONE = errors("Model 'dummy' not found.")


def resnet() -> bytes:
    file = onnx.load_model_from_string(onnx_models.identity(shape=("N", 224, None)))
    file.graph.name, file.model_version = "resnet50", 3
    file.producer_name, file.producer_version = "keras2onnx", "1.6.0"
    content: bytes = file.SerializeToString()
    return content


@pytest.fixture(scope="module")
def resnet50(admin: httpx2.Client) -> str:
    """Add the model that those tests look at which change nothing; rows 2 and 7."""
    assert_answer(admin.post("/models", content=resnet(), headers=OCTETS), 201, body(RESNET))
    return "resnet50"


@pytest.fixture
def gone(admin: httpx2.Client) -> Iterator[None]:
    """Let no model of the test be left but the one that is kept."""
    yield
    for name in admin.get("/models").json()["models"]:
        assert name == "resnet50" or admin.delete(f"/models/{quote(name)}").status_code == 200


def test_row_2_and_7_a_model_has_nine_keys(reader: httpx2.Client, resnet50: str) -> None:
    assert_answer(reader.get("/models/resnet50"), 200, body(RESNET))


@pytest.mark.usefixtures("resnet50", "gone")
def test_rows_1_2_and_6_a_form_adds_a_model_that_is_active(admin: httpx2.Client, reader: httpx2.Client) -> None:
    assert_answer(reader.get("/models"), 200, b'{"models":["resnet50"]}')
    file = named("iris", onnx_models.map_output())
    answer = admin.post("/models", files={"file": ("some file.onnx", file)})
    assert (answer.status_code, answer.json()["isActive"]) == (201, True)
    assert_answer(reader.get("/models"), 200, b'{"models":["iris","resnet50"]}')
    # What is no tensor has a shape as well, and what is unset is there.
    assert answer.json()["opsetVersions"] == "ai.onnx v17, ai.onnx.ml v1"
    assert answer.json()["outputs"] == [{"name": "y", "shape": [], "type": "seq(map(int64,tensor(float)))"}]
    unset = ("producerName", "producerVersion", "modelVersion")
    assert [answer.json()[key] for key in unset] == ["", "", 0]


def test_row_3_an_unknown_model(reader: httpx2.Client) -> None:
    assert_answer(reader.get("/models/dummy"), 404, GONE)


def test_row_4_the_source_is_what_was_uploaded(reader: httpx2.Client, resnet50: str) -> None:
    answer = reader.get("/models/resnet50/source")
    assert (answer.status_code, answer.content) == (200, resnet())
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == "attachment;filename=resnet50"


def test_row_5_the_source_of_an_unknown_model(reader: httpx2.Client) -> None:
    assert_answer(reader.get("/models/dummy/source"), 404, GONE)


@pytest.mark.usefixtures("gone")
def test_rows_4_6_and_7_a_name_can_be_chosen(admin: httpx2.Client) -> None:
    form = admin.post("/models?name=Prüf; x", files={"file": ("squeezenet1.1.onnx", named("main"))})
    assert (form.status_code, form.json()["modelName"]) == (201, "Prüf; x")
    sent = admin.get("/models/Pr%C3%BCf;%20x/source").headers["content-disposition"]
    assert sent == "attachment; filename=\"Pr_f; x\"; filename*=UTF-8''Pr%C3%BCf%3B%20x"
    octets = admin.post("/models?name=Another&file=x.onnx", content=named("main"), headers=OCTETS)
    assert (octets.status_code, octets.json()["modelName"]) == (201, "Another")
    field = admin.post("/models", data={"name": "Third", "more": "1"}, files={"file": ("x.onnx", named("main"))})
    assert (field.status_code, field.json()["modelName"]) == (201, "Third")


@pytest.mark.usefixtures("gone")
def test_rows_6_and_7_the_stem_is_the_name_where_exporters_write_a_constant(admin: httpx2.Client) -> None:
    form = admin.post("/models", files={"file": ("squeezenet1.1.onnx", named("main"))})
    assert (form.status_code, form.json()["modelName"]) == (201, "squeezenet1.1")
    octets = admin.post("/models?file=net.onnx", content=named(""), headers=OCTETS)
    assert (octets.status_code, octets.json()["modelName"]) == (201, "net")
    nameless = admin.post("/models", content=named("main"), headers=OCTETS)
    assert (nameless.status_code, nameless.json()["modelName"]) == (201, "main")


@pytest.mark.parametrize("content", [b"not a model", resnet()[:-9]])
def test_row_8_not_onnx(admin: httpx2.Client, content: bytes) -> None:
    answer = admin.post("/models", files={"file": ("x.onnx", content)})
    assert_answer(answer, 400, errors("Invalid onnx format."))
    assert "Upload the .onnx file itself" in answer.headers["sluice-detail"]


def test_row_8_an_empty_file(admin: httpx2.Client) -> None:
    for answer in (admin.post("/models", files={"file": ("x.onnx", b"")}), admin.post("/models", headers=OCTETS)):
        assert_answer(answer, 400, errors("Empty input stream."))
    assert_answer(admin.post("/models", files={"other": b"1"}), 400, errors("The form has no field 'file'."))


def test_row_8_onnx_that_the_runtime_doesnt_load_says_why(admin: httpx2.Client) -> None:
    answer = admin.post("/models", files={"file": ("x.onnx", onnx_models.newer_opset())})
    assert answer.status_code == 400
    (said,) = answer.json()["errors"]
    assert "opset 99" in said and "Export it again" in said


@pytest.mark.usefixtures("resnet50")
def test_row_9_a_name_that_is_taken(admin: httpx2.Client) -> None:
    taken = errors("A model with the name 'resnet50' already exists.")
    assert_answer(admin.post("/models", files={"file": ("x.onnx", resnet())}), 409, taken)
    assert_answer(admin.post("/models?name=ResNet50", content=b"unread", headers=OCTETS), 409, taken)


def test_row_10_above_the_cap(admin: httpx2.Client) -> None:
    for size_bytes in (LIMIT_BYTES + 1, 2_000_000):
        for answer in (
            admin.post("/models", files={"file": ("x.onnx", bytes(size_bytes))}),
            admin.post("/models", content=bytes(size_bytes), headers=OCTETS),
        ):
            assert (answer.status_code, list(answer.json())) == (413, ["errors"])
            (said,) = answer.json()["errors"]
            assert said.startswith(f"This is larger than the limit of {LIMIT_BYTES} bytes (SLUICE_MAX_UPLOAD_BYTES")


def test_row_13_unknown_models_cant_be_switched(admin: httpx2.Client) -> None:
    for what in ("activate", "deactivate"):
        assert_answer(admin.put(f"/models/dummy/{what}"), 404, GONE)


def test_row_15_deleting_an_unknown_model(admin: httpx2.Client) -> None:
    assert_answer(admin.delete("/models/dummy"), 404, GONE)


@pytest.mark.usefixtures("resnet50")
def test_rows_11_and_12_models_are_switched_off_and_on(admin: httpx2.Client, reader: httpx2.Client) -> None:
    for _ in range(2):
        assert_answer(admin.put("/models/resnet50/deactivate"), 200, body(RESNET | {"isActive": False}))
    assert reader.get("/models/resnet50").json()["isActive"] is False
    for _ in range(2):
        assert_answer(admin.put("/models/resnet50/activate"), 200, body(RESNET))
    assert reader.get("/models/resnet50").json()["isActive"] is True


@pytest.mark.usefixtures("resnet50")
def test_rows_14_16_and_17_models_are_deleted_unless_pipelines_use_them(admin: httpx2.Client) -> None:
    for name in ("a", "b"):
        add_model(admin, named(name), name)
    assert_answer(admin.delete("/models/b"), 200, b'{"models":["a","resnet50"]}')
    for name in ("q", "p"):
        add_pipeline(admin, pipelineName=name, modelName="resnet50")
    used = errors(
        "The model [resnet50] is required by the Pipeline(s) [['p', 'q']]. "
        "Please delete these pipeline(s) before deleting the model [resnet50]."
    )
    assert_answer(admin.delete("/models/resnet50"), 500, used)
    assert_answer(admin.delete("/models"), 500, used)
    assert_answer(admin.get("/models"), 200, b'{"models":["a","resnet50"]}')
    assert admin.delete("/pipelines").status_code == 200
    for _ in range(2):
        assert_answer(admin.delete("/models"), 200, b'{"models":[]}')
