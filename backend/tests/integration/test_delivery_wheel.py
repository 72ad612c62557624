"""What is installed without the checkout: the wheel that `pip install .` builds, and what the image installs."""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
import urllib.request
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest
from serving import serving

ROOT = Path(__file__).parents[3]


def make(*arguments: str) -> None:
    """Run a command of the Makefile; what it printed shows in a failure."""
    done = subprocess.run(["make", "-C", ROOT, *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_wheel_has_page_and_examples_and_serves(tmp_path: Path):
    make("wheel")
    [wheel] = (ROOT / "dist").glob("*.whl")
    with ZipFile(wheel) as archive:
        names = archive.namelist()
        assert {"sluice/page/index.html", "sluice/examples/digits/digits.onnx", "sluice/py.typed"} <= set(names)
        assert {f"sluice/environments/standard/1/{name}.txt" for name in ("core", "packages")} <= set(names)
        assert any(re.fullmatch(r"sluice-[^/]+/licenses/LICENSE", name) for name in names)
        assert not [name for name in names if name.startswith(("backend", "frontend", "e2e"))]
        environment = tmp_path / "environment"
        venv.create(environment)
        site = environment / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
        archive.extractall(site)
    # The dependencies are those of the tests' own environment; its editable install isn't found along this way.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    script = environment / "bin/sluice"
    script.write_text(f"#!{environment}/bin/python\nfrom sluice.cli import main\n\nmain()\n")
    script.chmod(0o755)
    with serving(script, tmp_path) as url, urllib.request.urlopen(url) as answer:
        assert b"<title>Sluice</title>" in answer.read()
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


@pytest.mark.slow
def test_what_the_image_installs_serves_and_passes_its_health_check(tmp_path: Path):
    make("install", f"DEST={tmp_path / 'sluice'}")
    check = re.search(r'HEALTHCHECK.*?"-c", "(.*?)"\]', (ROOT / "backend/Dockerfile").read_text("utf-8"), re.DOTALL)
    assert check
    python = tmp_path / "sluice/bin/python"
    subprocess.run([python, "-c", "import cv2, pandas, PIL, scipy, sklearn"], check=True)
    with serving(tmp_path / "sluice/bin/sluice", tmp_path) as url:
        subprocess.run([python, "-c", check[1].replace("http://127.0.0.1:8000", url)], check=True)
