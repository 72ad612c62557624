"""curl and the JDK's own client, where there are any."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from told import PATHS, TOKEN, assert_told, content_and_body

JAVA = Path(__file__).with_name("Client.java")
WAYS: dict[str, Sequence[str]] = {
    "data-binary": ["--data-binary", "@{file}"],
    "chunked": ["--data-binary", "@{file}", "--header", "Transfer-Encoding: chunked"],
    "asks": ["--data-binary", "@{file}", "--header", "Expect: 100-continue"],
    "http-1.0": ["--data-binary", "@{file}", "--http1.0"],
    "h2c": ["--data-binary", "@{file}", "--http2"],
    "form": ["--form", "file=@{file};type=image/png"],
}


def run(command: Sequence[str]) -> bytes:
    return subprocess.run(command, capture_output=True, check=True, timeout=120).stdout


@pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl")
@pytest.mark.parametrize("large", [False, True], ids=["small", "large"])
@pytest.mark.parametrize("way", WAYS)
def test_curl(url: str, dialect: str, authorization: str, way: str, large: bool, tmp_path: Path) -> None:
    if way == "form" and dialect == "oip":
        pytest.skip("it takes no forms")
    content, body = content_and_body(dialect, large)
    (tmp_path / "body").write_bytes(body)
    options = [option.format(file=tmp_path / "body") for option in WAYS[way]]
    address = url + PATHS[dialect]
    common = ["curl", "--silent", "--show-error", "--fail-with-body", "--header", f"Authorization: {authorization}"]
    # Twice on one connection.
    answers = run([*common, *options, address, address, "--write-out", "\n"])
    for answer in answers.splitlines():
        assert_told(dialect, answer, content)
    assert len(answers.splitlines()) == 2


@pytest.mark.skipif(not shutil.which("javac"), reason="there is no JDK (java and javac)")
@pytest.mark.parametrize("large", [False, True], ids=["small", "large"])
def test_the_jdks_client(url: str, large: bool, tmp_path: Path) -> None:
    expected = []
    command = ["java", "-XX:TieredStopAtLevel=1", str(JAVA), TOKEN]
    for dialect, path in PATHS.items():
        content, body = content_and_body(dialect, large)
        file = tmp_path / dialect
        file.write_bytes(body)
        command += [str(file), url + path]
        expected += [(dialect, content)] * 6
    answers = run(command).splitlines()
    assert len(answers) == len(expected)
    for answer, (dialect, content) in zip(answers, expected, strict=True):
        status, _, told = answer.partition(b" ")
        assert status == b"200", answer
        assert_told(dialect, told, content)
