"""`sluice push`: what a manifest says is on the server, and pushing again does nothing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import onnx_models
import pytest
from commands import Done, sluice
from serving import SLUICE, serving

EXAMPLES = Path(__file__).parents[2] / "examples"
PRE = "import numpy as np\n\n\ndef process(content):\n    return {'x': np.ones((1, WIDTH), np.float32)}\n"


class Target:
    """A running server, and the command that pushes to it."""

    def __init__(self, url: str, data_dir: Path) -> None:
        self._data_dir = data_dir
        token = json.loads((data_dir / "server.json").read_text())["token"]
        self.client = httpx2.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=60)

    def push(self, manifest: Path, *options: str) -> Done:
        return sluice("push", manifest, "--data-dir", self._data_dir, *options)

    def get(self, path: str) -> dict[str, Any]:
        return self.client.get(f"/api/v1/{path}").raise_for_status().json()  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    folder = tmp_path_factory.mktemp("server")
    with serving(SLUICE, folder) as url:
        target = Target(url, folder / "data")
        with target.client:
            yield target


def deeds(done: Done) -> list[tuple[str, str, str]]:
    assert (done.status, done.error) == (0, "")
    return [(line["change"], line["kind"], line["name"]) for line in done.lines]


def test_the_examples_once_again_and_changed(target: Target, tmp_path: Path):
    folder = tmp_path / "digits"
    shutil.copytree(EXAMPLES / "digits", folder)
    planned = deeds(target.push(folder, "--dry-run", "--json"))
    assert target.get("models")["items"] == []
    assert deeds(target.push(folder, "--json")) == planned
    assert {deed for deed, _, _ in planned} == {"created"}
    assert planned[0][1:] == ("model", "digits") and planned[-1][1:] == ("pipeline", "digits")
    again = target.push(folder)
    assert (again.status, again.error) == (0, "")
    assert {line.split()[0] for line in again.out.splitlines()} == {"unchanged"}

    made = target.get("pipelines/digits")
    assert made["dataFiles"] == ["digits_labels.json", "digit-7.png"] and made["sample"] == "digit-7.png"
    with (folder / "pipeline.toml").open("a") as manifest:
        manifest.write("deadline-s = 5.0\npinned = true\nnetwork = [5432, 443, 443]\n")
        manifest.write('[pipeline.variables]\nLANGUAGE = "en"\n')
    with (folder / "digits_post.py").open("a") as script:
        script.write("\nBEST = 1\n")
    changed = target.push(folder, "--json")
    assert [deed for deed in deeds(changed) if deed[0] != "unchanged"] == [
        ("replaced", "resource", "digits_post.py"),
        ("changed", "pipeline", "digits"),
    ]
    assert changed.lines[-1]["notes"] == [
        "deadlineS: nothing becomes 5.0.",
        "network: nothing becomes 443, 5432.",
        "pinned: False becomes True.",
        "variables: {} becomes {'LANGUAGE': 'en'}.",
    ]
    assert target.get("pipelines/digits")["deadlineS"] == 5.0
    assert {deed for deed, _, _ in deeds(target.push(folder, "--json"))} == {"unchanged"}
    # What the manifest doesn't say any more is the default again.
    shutil.copy(EXAMPLES / "digits/pipeline.toml", folder)
    assert deeds(target.push(folder, "--json"))[-1] == ("changed", "pipeline", "digits")
    assert target.get("pipelines/digits")["pinned"] is False


def test_every_kind_of_part(target: Target, tmp_path: Path):
    model, data = onnx_models.external_data("weights.bin")
    (tmp_path / "big.onnx").write_bytes(model)
    (tmp_path / "weights.bin").write_bytes(data)
    (tmp_path / "help er.py").write_text("WHAT = 3\n")
    (tmp_path / "own.toml").write_text(
        '[[model]]\nfile = "big.onnx"\nname = "grö ße"\ndata = ["weights.bin"]\ndescription = "Has data beside it"\n'
        '[[resource]]\nfile = "help er.py"\nname = "helper.py"\nkind = "module"\n'
        '[[pipeline]]\nname = "one/two"\nmodel = { name = "grö ße" }\ndata-files = [{ name = "helper.py" }]\n'
        '[[pipeline]]\nname = "three"\nmodel = { name = "grö ße" }\nintra-op-threads = 2\n'
    )
    refused = target.push(tmp_path / "own.toml", "--json")
    assert refused.status == 1
    assert [line["change"] for line in refused.lines] == ["created", "created"]
    assert refused.error.startswith("sluice: pipeline 'one/two': The name 'one/two' contains '/'.")
    assert refused.error.count("\n") == 1
    manifest = tmp_path / "own.toml"
    manifest.write_text(manifest.read_text().replace("one/two", "one two"))
    assert [deed for deed, _, _ in deeds(target.push(manifest, "--json"))] == ["unchanged"] * 2 + ["created"] * 2
    manifest.write_text(manifest.read_text().replace("Has data", "Keeps data"))
    assert [deed for deed, _, _ in deeds(target.push(manifest, "--json"))] == ["changed"] + ["unchanged"] * 3
    assert target.get("models/gr%C3%B6%20%C3%9Fe")["description"] == "Keeps data beside it"
    manifest.write_text(manifest.read_text().replace("module", "data"))
    wrong = target.push(manifest)
    assert wrong.status == 1 and "is a resource of the kind module there" in wrong.error


def test_a_model_and_a_script_that_fit_only_together(target: Target, tmp_path: Path):
    def make(width: int) -> None:
        (tmp_path / "wide.onnx").write_bytes(onnx_models.double_it(width))
        (tmp_path / "wide pre.py").write_text(PRE.replace("WIDTH", str(width)))

    (tmp_path / "pipeline.toml").write_text(
        '[pipeline]\nname = "wide"\nmodel = "wide.onnx"\npre-processing = "wide pre.py"\nsample = "any.txt"\n'
    )
    (tmp_path / "any.txt").write_text("any")
    make(4)
    deeds(target.push(tmp_path, "--json"))
    make(6)
    planned = deeds(target.push(tmp_path, "--dry-run", "--json"))
    assert sorted(deeds(target.push(tmp_path, "--json"))) == sorted(planned)
    assert [name for deed, _, name in planned if deed == "replaced"] == ["wide", "wide pre.py"]
    answer = target.client.post("/api/v1/pipelines/wide/predictions", content=b"any")
    assert answer.json() == {"y": [[2.0] * 6]}
    assert {deed for deed, _, _ in deeds(target.push(tmp_path, "--json"))} == {"unchanged"}

    make(8)
    (tmp_path / "wide.onnx").write_bytes(onnx_models.double_it(9))
    before = target.get("pipelines/wide")
    refused = target.push(tmp_path)
    assert refused.status == 1 and refused.error.startswith("sluice: 'wide', 'wide pre.py' together: ")
    assert target.get("pipelines/wide")["model"] == before["model"] == "wide"
    assert target.client.post("/api/v1/pipelines/wide/predictions", content=b"any").json() == {"y": [[2.0] * 6]}
    names = [item["name"] for kind in ("models", "resources") for item in target.get(kind)["items"]]
    assert not [name for name in names if "(new)" in name]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[pipeline", "Expected ']' at the end of a table declaration"),
        ("[pipelines]\n", "pipelines: there is no such table"),
        ("", "it names nothing"),
        ('[pipeline]\nmodel = { name = "m" }\n', "name: Field required"),
        ('[pipeline]\nname = "p"\nmodel = "m.onnx"\n', "there is no file 'm.onnx' beside it"),
        ('[pipeline]\nname = "p"\nmodel = { name = "m" }\ndeadline_s = 2\n', "deadline_s: there is no such key"),
        ('[pipeline]\nname = "p"\nmodel = { name = "m" }\nworkers = 0\n', "workers: Input should be greater than"),
    ],
)
def test_a_manifest_that_cant_be_read(tmp_path: Path, text: str, told: str):
    (tmp_path / "pipeline.toml").write_text(text)
    done = sluice("push", cwd=tmp_path)
    assert (done.status, done.out) == (2, "")
    assert done.error.startswith("sluice: pipeline.toml: ") and told in done.error and done.error.count("\n") == 1
