"""Each snippet is copied off the page and run, as somebody would who wants to call a pipeline."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page

from e2e.conftest import DIGITS
from e2e.page_models.pipeline import PipelinePage
from e2e.server import Server

SAMPLES = (DIGITS.picture, DIGITS.model.parents[1] / "iris/iris_sample.json")
OLDER_MAIN = "static void Main() { Call().GetAwaiter().GetResult(); }"


def run(command: list[str], folder: Path, token: str) -> str:
    """Return what a command prints that finds the token in its environment."""
    environment = os.environ | {"SLUICE_TOKEN": token}
    done = subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True)
    return done.stdout


@pytest.mark.addresses
@pytest.mark.parametrize("language", ["curl", "Python", "tritonclient", "Java", "C#"])
def test_a_snippet_gets_an_answer(demo: Page, server: Server, tmp_path: Path, language: str) -> None:
    missing = {"Java": "java", "C#": "mcs"}.get(language)
    if missing and not shutil.which(missing):
        pytest.skip(f"{missing} isn't installed")
    token = server.run("token", "create", "snippets")
    for sample in SAMPLES:
        shutil.copy(sample, tmp_path)

    answer = call(PipelinePage(demo, "digits").open().snippet(language), language, tmp_path, token)
    assert "seven" in answer
    assert "species" in call(PipelinePage(demo, "iris").open().snippet(language), language, tmp_path, token)


def call(snippet: str, language: str, folder: Path, token: str) -> str:
    """Save a snippet as its language wants it, run it, return what it prints."""
    match language:
        case "curl":
            return run(["sh", "-c", snippet], folder, token)
        case "Python" | "tritonclient":
            (folder / "predict.py").write_text(snippet)
            return run([sys.executable, "predict.py"], folder, token)
        case "Java":
            (folder / "Predict.java").write_text(snippet)
            return run(["java", "Predict.java"], folder, token)
        case _:
            # Mono's compiler is older than an asynchronous Main.
            older = snippet.replace("static async Task Main()", f"{OLDER_MAIN}\n    static async Task Call()")
            (folder / "Predict.cs").write_text(older)
            run(["mcs", "-r:System.Net.Http", "Predict.cs"], folder, token)
            return run(["mono", "Predict.exe"], folder, token)


@pytest.mark.addresses
def test_a_flow_for_node_red_sends_what_is_asked_for(demo: Page, address: str) -> None:
    flow = json.loads(PipelinePage(demo, "digits").open().snippet("Node-RED"))
    by_type = {node["type"]: node for node in flow}
    assert by_type["http request"]["url"] == f"{address}/api/v1/pipelines/digits/predictions"
    assert by_type["file in"]["filename"] == DIGITS.picture.name
    order = {node["id"]: node for node in flow}
    node, seen = flow[0], [flow[0]["type"]]
    while node["wires"]:
        node = order[node["wires"][0][0]]
        seen.append(node["type"])
    assert seen == ["inject", "function", "file in", "http request", "debug"]
