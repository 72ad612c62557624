"""What a worker's process looks like, seen from the outside: nothing of the server's in it, and no way to more."""

from __future__ import annotations

import os
from pathlib import Path

import onnx_models

from benchmarks.processes import tree
from benchmarks.sluice_server import sluice_server

SECRET = "only-the-server-knows"


def lines(pid: int, file: str) -> dict[str, str]:
    """Return the lines of a file of /proc by their first word."""
    text = Path(f"/proc/{pid}/{file}").read_text()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in text.splitlines())}


def test_what_it_has(tmp_path: Path) -> None:
    data = tmp_path / "data"
    environment = {"SLUICE_MEMORY_MB": "100", "SLUICE_SCRATCH_MB": "3", "AWS_SECRET_ACCESS_KEY": SECRET}
    with sluice_server(data, environment) as server:
        server.call("POST", "models?fileName=m.onnx", content=onnx_models.double_it())
        server.call("POST", "pipelines", json={"name": "p", "model": "m", "workers": 1})
        assert server.call("POST", "pipelines/p/predictions", json={"x": [[1, 2, 3, 4]]}) == {"y": [[2, 4, 6, 8]]}
        root, *descendants = tree(server.process.pid)
        assert SECRET in Path(f"/proc/{root}/environ").read_text()
        mapped = Path(f"/proc/{root}/maps").read_text()
        assert "numpy" not in mapped and "onnxruntime" not in mapped, "the server itself handles tensors"
        assert len(descendants) == 4  # the zygote of inspectors, base zygote, the model's zygote, worker
        for pid in descendants:
            status = lines(pid, "status")
            assert (status["NoNewPrivs"], int(status["CapEff"], 16), int(status["CapPrm"], 16)) == ("1", 0, 0)
            assert status["Seccomp"] == "2"
            assert Path(f"/proc/{pid}/oom_score_adj").read_text() == "900\n"
            told = Path(f"/proc/{pid}/environ").read_text()
            assert SECRET not in told
            assert "SLUICE" not in told
            assert not any("sluice.db" in link for link in links(pid)), "the database is open in it"
        zygote, worker = descendants[-2:]
        stages = [int(lines(pid, "status")["Seccomp_filters"]) for pid in (zygote, worker)]
        assert stages[1] == stages[0] + 1
        limits = {
            line[:25].strip(): line[25:].split()[1] for line in Path(f"/proc/{worker}/limits").read_text().splitlines()
        }
        assert limits["Max open files"] == "256"
        assert limits["Max core file size"] == "1"
        assert limits["Max file size"] == str(3 << 20)
        used = int(lines(worker, "status")["VmData"].split()[0]) << 10
        assert 0 < int(limits["Max data size"]) - used <= 101 << 20
        # Its own four, the one that holds /proc/self, and /dev/null.
        assert len(links(worker)) <= 12, links(worker)


def links(pid: int) -> list[str]:
    """Return what a process has open."""
    return [os.readlink(entry.path) for entry in os.scandir(f"/proc/{pid}/fd")]
