"""A newcomer types what the README says, and it works."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from serving import serving

ROOT = Path(__file__).parents[3]
BIN = Path(sys.executable).parent
QUICK_START = re.compile(r"<!-- quick start -->\n```sh\n(.*?)```", re.DOTALL)


def test_the_readme_s_quick_start_answers(tmp_path: Path):
    commands = "".join(QUICK_START.findall((ROOT / "README.md").read_text("utf-8")))
    assert "curl" in commands
    with serving(BIN / "sluice", tmp_path) as url:
        script = commands.replace("http://127.0.0.1:8000", url).replace(".venv/bin/", f"{BIN}/")
        environment = os.environ | {"SLUICE_DATA_DIR": str(tmp_path / "data")}
        done = subprocess.run(["bash", "-euc", script], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert '"digit":7,"label":"seven"' in done.stdout
    assert '"species":"setosa"' in done.stdout
