"""Resources of the drop-in API: rows 18 to 29 of the checklist, which backend/docs/mle.md has with each decision."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest
from mle_calls import OCTETS, POST, PRE, add_model, add_pipeline, add_script, assert_answer, errors, named


@pytest.fixture(autouse=True)
def gone(admin: httpx2.Client) -> Iterator[None]:
    yield
    for things in ("pipelines", "resources"):
        assert admin.delete(f"/{things}").status_code == 200


def test_row_18_resources_are_listed_by_name(admin: httpx2.Client, reader: httpx2.Client) -> None:
    add_script(admin, "post.py", POST)
    add_script(admin, "After.py", POST)
    assert_answer(reader.get("/resources"), 200, b'{"resources":["After.py","post.py"]}')


def test_row_18_data_files_are_the_native_api_s(admin: httpx2.Client) -> None:
    native = str(admin.base_url.copy_with(path="/api/v1/resources"))
    assert admin.post(f"{native}?fileName=labels.txt", content=b"cat").status_code == 201
    assert_answer(admin.get("/resources"), 200, b'{"resources":[]}')
    missing = errors("Resource file 'labels.txt' not found.")
    assert_answer(admin.get("/resources/labels.txt"), 404, missing)
    assert_answer(admin.delete("/resources/labels.txt"), 404, errors("Resource file 'labels.txt' not found"))
    assert_answer(admin.delete("/resources"), 200, b'{"resources":[]}')
    assert admin.delete(f"{native}/labels.txt").status_code == 204


def test_row_19_the_text_is_what_was_uploaded(admin: httpx2.Client, reader: httpx2.Client) -> None:
    source = b"\xef\xbb\xbf# Gr\xc3\xbc\xc3\x9fe\r\n" + PRE
    add_script(admin, "pre.py", source)
    answer = reader.get("/resources/pre.py")
    assert (answer.status_code, answer.content) == (200, source)
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert "content-disposition" not in answer.headers


def test_row_20_an_unknown_resource(reader: httpx2.Client) -> None:
    assert_answer(reader.get("/resources/dummy"), 404, errors("Resource file 'dummy' not found."))


def test_row_21_a_form_adds_a_script_and_lists_it_first(admin: httpx2.Client) -> None:
    add_script(admin, "a.py", PRE)
    answer = admin.post("/resources", files={"file": ("z.py", POST)})
    assert_answer(answer, 201, b'{"resources":["z.py","a.py"]}')


def test_row_21_folders_before_the_name_count_for_nothing(admin: httpx2.Client) -> None:
    answer = admin.post("/resources", files={"file": ("C:\\scripts\\z.py", POST)})
    assert_answer(answer, 201, b'{"resources":["z.py"]}')


def test_row_22_octets_name_the_script(admin: httpx2.Client) -> None:
    answer = admin.post("/resources?file=x.py", content=POST, headers=OCTETS)
    assert_answer(answer, 201, b'{"resources":["x.py"]}')
    nameless = admin.post("/resources", content=POST, headers=OCTETS)
    assert_answer(nameless, 400, errors("Name the file by ?file=, or send a form with the field 'file'."))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("Invalid.txt", PRE, "'Invalid.txt' doesn't"),
        ("x.py", b"def process(:", "(line 1, column 13)"),
        ("x.py", b"x = 1\n\xff\xfe", "line 2"),
        ("x.py", b"\0", "null byte"),
    ],
)
def test_row_23_not_python(admin: httpx2.Client, name: str, content: bytes, said: str) -> None:
    answer = admin.post("/resources", files={"file": (name, content)})
    assert_answer(answer, 400, errors("Invalid python format."))
    assert said in answer.headers["sluice-detail"]


def test_row_23_python_that_is_no_script_says_why(admin: httpx2.Client) -> None:
    answer = admin.post("/resources", files={"file": ("x.py", b"def process(a, b): pass")})
    assert answer.status_code == 400
    assert "must take exactly one argument, not 2 (a, b)" in answer.json()["errors"][0]


def test_row_23_an_empty_file(admin: httpx2.Client) -> None:
    assert_answer(admin.post("/resources", files={"file": ("x.py", b"")}), 400, errors("Empty input stream."))


def test_row_23_above_the_cap(admin: httpx2.Client) -> None:
    answer = admin.post("/resources?file=x.py", content=bytes(1 << 20) + b"#", headers=OCTETS)
    assert (answer.status_code, list(answer.json())) == (413, ["errors"])


def test_row_24_a_name_that_is_taken(admin: httpx2.Client) -> None:
    add_script(admin, "PreprocessData.py", PRE)
    answer = admin.post("/resources", files={"file": ("PreprocessData.py", POST)})
    assert_answer(answer, 409, errors("A resource file with the name 'PreprocessData.py' already exists."))


def test_row_25_deleting_tells_what_remains(admin: httpx2.Client) -> None:
    for name in ("a.py", "b.py"):
        add_script(admin, name, POST)
    assert_answer(admin.delete("/resources/b.py"), 200, b'{"resources":["a.py"]}')


def test_row_26_deleting_an_unknown_resource(admin: httpx2.Client) -> None:
    assert_answer(admin.delete("/resources/dummy"), 404, errors("Resource file 'dummy' not found"))


def test_rows_27_and_29_a_script_in_use_stays_and_all_others_too(admin: httpx2.Client) -> None:
    add_model(admin, named("m"), "m")
    for name in ("a.py", "r.py"):
        add_script(admin, name, POST)
    add_pipeline(admin, pipelineName="p", modelName="m", postProcessing="r.py")
    used = errors(
        "The resource [r.py] is required by the Pipeline(s) [['p']]. "
        "Please delete these pipeline(s) before deleting the resource [r.py]."
    )
    assert_answer(admin.delete("/resources/r.py"), 500, used)
    assert_answer(admin.delete("/resources"), 500, used)
    assert_answer(admin.get("/resources"), 200, b'{"resources":["a.py","r.py"]}')


def test_row_28_all_resources_are_deleted(admin: httpx2.Client) -> None:
    for name in ("a.py", "b.py"):
        add_script(admin, name, POST)
    assert_answer(admin.delete("/resources"), 200, b'{"resources":[]}')
    assert_answer(admin.delete("/resources"), 200, b'{"resources":[]}')
