"""A newcomer types what the README says, and it works."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import httpx2
from serving import serving

ROOT = Path(__file__).parents[3]
BIN = Path(sys.executable).parent
README = (ROOT / "README.md").read_text("utf-8")
DIGITS = ROOT / "backend/examples/digits"
QUICK_START = re.compile(r"<!-- quick start -->\n```sh\n(.*?)```", re.DOTALL)
SCRIPT = re.compile(r"^```python\n(.*?)```", re.DOTALL | re.MULTILINE)


def test_the_readme_s_quick_start_answers(tmp_path: Path):
    commands = "".join(QUICK_START.findall(README))
    assert "curl" in commands
    with serving(BIN / "sluice", tmp_path) as url:
        script = commands.replace("http://127.0.0.1:8000", url).replace(".venv/bin/", f"{BIN}/")
        environment = os.environ | {"SLUICE_DATA_DIR": str(tmp_path / "data")}
        done = subprocess.run(["bash", "-euc", script], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert '"digit":7,"label":"seven"' in done.stdout
    assert '"species":"setosa"' in done.stdout


def test_the_readme_s_scripts_run(tmp_path: Path):
    pre, post = SCRIPT.findall(README)
    with serving(BIN / "sluice", tmp_path) as url:
        token = json.loads((tmp_path / "data/server.json").read_text())["token"]
        headers = {"Authorization": f"Bearer {token}"}
        with httpx2.Client(base_url=f"{url}/api/v1", headers=headers, timeout=60) as client:

            def post_ok(path: str, **body: object) -> httpx2.Response:
                return client.post(path, **body).raise_for_status()

            post_ok("/models?fileName=digits.onnx", content=(DIGITS / "digits.onnx").read_bytes())
            post_ok("/resources?fileName=pre.py", content=pre.encode())
            post_ok("/resources?fileName=post.py", content=post.encode())
            parts = {"model": "digits", "preProcessing": "pre.py", "postProcessing": "post.py"}
            post_ok("/pipelines", json={"name": "mine", **parts})
            picture = (DIGITS / "pictures/digit-7.png").read_bytes()
            answer = post_ok("/pipelines/mine/predictions", content=picture).json()
    assert answer.keys() == {"digit"}
    assert answer["digit"] in range(10)
