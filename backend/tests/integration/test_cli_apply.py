"""`sluice apply`: many files, one line each, and a run that was interrupted goes on."""

from __future__ import annotations

import json
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from commands import sluice, started
from serving import SLUICE, serving

EXAMPLES = Path(__file__).parents[2] / "examples"
SLOW = "import time\n\n\ndef process(content):\n    time.sleep(0.2)\n    return content[0].tolist()\n"
SLOW_MANIFEST = '[pipeline]\nname = "slow one"\nmodel = {name = "iris"}\npost-processing = "slow.py"\n'


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The data folder of a running server that has little room for calls."""
    folder = tmp_path_factory.mktemp("server")
    (folder / "slow.py").write_text(SLOW)
    (folder / "slow.toml").write_text(SLOW_MANIFEST)
    with serving(SLUICE, folder, SLUICE_WORKERS="1", SLUICE_QUEUE_CALLS="1"):
        data_dir = str(folder / "data")
        for manifest in (EXAMPLES / "digits", EXAMPLES / "iris", folder / "slow.toml"):
            pushed = sluice("push", manifest, "--data-dir", data_dir)
            assert pushed.status == 0, pushed.error
        yield data_dir


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A folder with three digits and something else, and a file that isn't meant."""
    folder = tmp_path / "pictures"
    (folder / "more").mkdir(parents=True)
    for number, name in ((3, "a.png"), (5, "more/ü b.png"), (7, "z.png")):
        shutil.copy(EXAMPLES / f"digits/pictures/digit-{number}.png", folder / name)
    (folder / "more/none.png").write_text("no picture")
    (folder / ".hidden").write_text("no picture")
    return folder


def digits(lines: list[dict[str, Any]]) -> list[Any]:
    return [line["output"]["digit"] if line["ok"] else line["problem"]["code"] for line in lines]


def test_a_folder_one_after_another(data_dir: str, pictures: Path):
    done = sluice("apply", "digits", pictures, "--jobs", "1", "--data-dir", data_dir)
    assert (done.status, done.error) == (1, "sluice: 3 answered, 1 failed.\n")
    assert [line["file"] for line in done.lines] == [
        str(pictures / name) for name in ("a.png", "more/none.png", "more/ü b.png", "z.png")
    ]
    assert digits(done.lines) == [3, "prediction-failed", 5, 7]
    assert done.lines[0].keys() == {"file", "ok", "output", "ms"}
    assert done.lines[1].keys() == {"file", "ok", "problem", "ms"}
    assert done.lines[1]["problem"]["script"] == "digits_pre.py"


def test_a_run_goes_on_where_it_ended(data_dir: str, pictures: Path, tmp_path: Path):
    out = tmp_path / "answers.jsonl"
    again = ("apply", "digits", f"{pictures}/**/*.png", "--out", out, "--data-dir", data_dir)
    first = sluice(*again)
    assert (first.status, first.out) == (1, "")
    assert len(out.read_text().splitlines()) == 4
    refused = sluice(*again)
    assert refused.status == 2 and "is there already. Go on with it by --resume" in refused.error
    # As if it had been killed while it wrote, and the bad file had been mended since.
    with out.open("a") as file:
        file.write('{"file": "x", "ok": true, "outp')
    shutil.copy(pictures / "z.png", pictures / "more/none.png")
    resumed = sluice(*again, "--resume")
    assert (resumed.status, resumed.error) == (0, "sluice: 1 answered, 0 failed, 3 skipped.\n")
    assert sorted(digits([json.loads(line) for line in out.read_text().splitlines()])) == [3, 5, 7, 7]


def test_what_finds_no_room_is_sent_again(data_dir: str, tmp_path: Path):
    for number in range(5):
        shutil.copy(EXAMPLES / "iris/iris_sample.json", tmp_path / f"{number}.json")
    busy = sluice("apply", "slow one", tmp_path, "--jobs", "5", "--data-dir", data_dir, "--wait-s", "0")
    assert busy.status == 1
    assert {line["problem"]["code"] for line in busy.lines if not line["ok"]} == {"queue-full"}
    patient = sluice("apply", "slow one", tmp_path, "--jobs", "5", "--data-dir", data_dir)
    assert (patient.status, patient.error) == (0, "sluice: 5 answered, 0 failed.\n")


def test_ctrl_c_leaves_whole_lines(data_dir: str, tmp_path: Path):
    (tmp_path / "flowers").mkdir()
    for number in range(20):
        shutil.copy(EXAMPLES / "iris/iris_sample.json", tmp_path / f"flowers/{number}.json")
    out = tmp_path / "out.jsonl"
    again = ("apply", "slow one", tmp_path / "flowers", "--jobs", "1", "--out", out, "--data-dir", data_dir)
    with started(*again) as running:
        while not out.exists() or not out.read_bytes():
            assert running.poll() is None
        running.send_signal(signal.SIGINT)
        _, error = running.communicate(timeout=30)
    assert (running.returncode, error) == (130, "sluice: interrupted.\n")
    done = len([json.loads(line) for line in out.read_text().splitlines()])
    assert 0 < done < 20
    resumed = sluice(*again, "--resume")
    assert (resumed.status, resumed.error) == (0, f"sluice: {20 - done} answered, 0 failed, {done} skipped.\n")


def test_a_model_alone_and_its_digits_as_they_came(data_dir: str):
    flower = EXAMPLES / "iris/iris_sample.json"
    done = sluice("apply", "iris", flower, flower, "--model", "--data-dir", data_dir, "--deadline-s", "20")
    assert (done.status, len(done.lines)) == (0, 1)
    assert len(done.lines[0]["output"]) == 2


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["no such", "."], 1, "There is no pipeline named 'no such'."),
        (["digits", "no-such.png"], 2, "'no-such.png': there is no such file"),
        (["digits", ".", "--resume"], 2, "--resume needs --out"),
    ],
)
def test_what_cant_be_applied(data_dir: str, pictures: Path, arguments: list[str], status: int, told: str):
    done = sluice("apply", *arguments, "--data-dir", data_dir, cwd=pictures)
    assert (done.status, done.out) == (status, "")
    assert told in done.error and done.error.count("\n") == 1


def test_in_an_idle_folder_that_only_a_push_makes(tmp_path: Path):
    apply = ("apply", "iris", EXAMPLES / "iris/iris_sample.json")
    for command in (("push", EXAMPLES / "iris", "--dry-run"), apply):
        done = sluice(*command, cwd=tmp_path)
        assert done.status == 2 and "There is no data folder" in done.error
        assert not (tmp_path / "data").exists()
    assert sluice("push", EXAMPLES / "iris", cwd=tmp_path).status == 0
    done = sluice(*apply, cwd=tmp_path)
    assert (done.status, done.error.splitlines()[-1]) == (0, "sluice: 1 answered, 0 failed.")
    assert done.lines[0]["output"][0]["species"] == "setosa"
