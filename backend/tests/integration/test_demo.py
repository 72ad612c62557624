"""The examples load into a real server, once, whatever is there already, and answer."""

import asyncio
import json
from pathlib import Path

import httpx2
import onnx_models
from apps import Server
from problems import assert_problem

from sluice.catalog.examples import EXAMPLES, FOLDER
from sluice.demo import load_examples

SPECIES = ["setosa", "versicolor", "virginica"]


async def names(client: httpx2.AsyncClient, collection: str) -> list[str]:
    answer = await client.get(f"/api/v1/{collection}")
    return [item["name"] for item in answer.json()["items"]]


async def test_each_example_becomes_a_pipeline_that_answers_its_sample(admin: httpx2.AsyncClient) -> None:
    digits, iris = await load_examples(admin)
    assert (digits.pipeline, digits.created, digits.problem) == ("digits", True, None)
    assert (iris.pipeline, iris.created, iris.problem) == ("iris", True, None)
    answer = json.loads(digits.answer or "")
    assert (answer["digit"], answer["label"]) == (7, "seven")
    assert [row["species"] for row in json.loads(iris.answer or "")] == SPECIES
    assert await names(admin, "pipelines") == ["digits", "iris"]


async def test_loading_again_changes_nothing_and_still_answers(admin: httpx2.AsyncClient) -> None:
    first = await load_examples(admin)
    before = (await admin.get("/api/v1/pipelines")).json()
    again = await load_examples(admin)
    assert [example.created for example in again] == [False, False]
    assert [example.answer for example in again] == [example.answer for example in first]
    assert (await admin.get("/api/v1/pipelines")).json() == before


async def test_what_was_deleted_is_loaded_again_beside_what_stayed(admin: httpx2.AsyncClient) -> None:
    await load_examples(admin)
    for path in ("pipelines/digits", "resources/digits_labels.json"):
        assert (await admin.delete(f"/api/v1/{path}")).status_code == 204
    assert [(example.pipeline, example.created) for example in await load_examples(admin)] == [
        ("digits", True),
        ("iris", False),
    ]


async def test_another_model_of_the_same_name_stays_and_the_other_example_loads(admin: httpx2.AsyncClient) -> None:
    made = await admin.post("/api/v1/models?fileName=digits.onnx", content=onnx_models.double_it())
    assert made.status_code == 201
    digits, iris = await load_examples(admin)
    assert digits.problem == "There is another model named 'digits'. Delete it to load the example's."
    assert (digits.created, digits.answer) == (False, None)
    assert iris.answer is not None
    assert (await admin.get("/api/v1/models/digits")).json()["sha256"] == made.json()["sha256"]


async def test_another_pipeline_of_the_same_name_is_told(admin: httpx2.AsyncClient) -> None:
    await admin.post("/api/v1/models?fileName=other.onnx", content=onnx_models.double_it())
    made = await admin.post("/api/v1/pipelines", json={"name": "iris", "model": "other"})
    assert made.status_code == 201
    digits, iris = await load_examples(admin)
    assert digits.answer is not None
    assert iris.problem == "There is another pipeline named 'iris'. Delete it to load the example's."


async def test_the_page_loads_them_and_sees_what_is_there(
    admin: httpx2.AsyncClient, reader: httpx2.AsyncClient
) -> None:
    async def present() -> list[bool]:
        return [item["present"] for item in (await reader.get("/api/v1/examples")).json()["items"]]

    assert await present() == [False, False]
    both = await asyncio.gather(*(admin.post("/api/v1/examples") for _ in range(2)))
    assert sorted(item["created"] for answer in both for item in answer.json()["items"]) == [False, False, True, True]
    assert [item["problem"] for answer in both for item in answer.json()["items"]] == [None] * 4
    assert await present() == [True, True]
    await admin.patch("/api/v1/pipelines/digits", json={"postProcessing": None}, headers={"If-Match": "*"})
    assert await present() == [False, True]
    again = (await admin.post("/api/v1/examples")).json()["items"]
    assert again[0]["problem"] == "There is another pipeline named 'digits'. Delete it to load the example's."
    assert_problem(await reader.post("/api/v1/examples"), 403, "not-allowed")


async def test_who_may_only_read_is_told_so_for_each(reader: httpx2.AsyncClient) -> None:
    examples = await load_examples(reader)
    assert all(example.problem and "ADMIN" in example.problem for example in examples), examples
    assert await names(reader, "models") == []


async def test_every_picture_is_read_right_by_the_workers(admin: httpx2.AsyncClient) -> None:
    await load_examples(admin)
    for picture in sorted(FOLDER.glob("digits/pictures/*.png")):
        with picture.open("rb") as file:
            answer = await admin.post("/api/v1/pipelines/digits/predictions", files={"file": file})
        assert answer.json()["digit"] == int(picture.stem.removeprefix("digit-"))


async def test_what_is_no_picture_gets_the_script_s_own_words(admin: httpx2.AsyncClient) -> None:
    await load_examples(admin)
    answer = await admin.post("/api/v1/pipelines/digits/predictions", content=b"no picture")
    problem = answer.json()
    assert answer.status_code == 422
    assert (problem["step"], problem["script"]) == ("pre-processing", "digits_pre.py")
    assert "send a PNG or JPEG file" in problem["detail"]
    assert "raise ValueError" in problem["lineText"]


async def test_the_command_line_that_is_shown_gives_the_same_answer(server: Server, data_dir: Path) -> None:
    token = json.loads((data_dir / "server.json").read_text())["token"]
    async with httpx2.AsyncClient(base_url=server.url, headers={"Authorization": f"Bearer {token}"}) as client:
        examples = await load_examples(client)
    for example in examples:
        process = await asyncio.create_subprocess_shell(
            example.curl(server.url) + " --silent --show-error --fail",
            env={"SLUICE_TOKEN": token},
            stdout=asyncio.subprocess.PIPE,
        )
        output, _ = await process.communicate()
        assert output.decode() == example.answer


def test_every_file_that_an_example_names_exists() -> None:
    for example in EXAMPLES:
        files = (example.model, example.sample, example.pre_processing, example.post_processing, *example.data_files)
        assert all((FOLDER / file).is_file() for file in files if file)
