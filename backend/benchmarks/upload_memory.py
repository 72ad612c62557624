"""Shows the server's peak memory while a large model is uploaded, raw and in a form.

    .venv/bin/python backend/benchmarks/upload_memory.py --megabytes 500 --limit 150

Makes a valid model of that size, uploads it to a real `sluice serve` and prints the peak resident set (VmHWM) of the
server process. The process that checks the model is another one and isn't counted. Ends with status 1 above the limit.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import numpy as np
from onnx import TensorProto, helper, numpy_helper

MB = 1_000_000
BOUNDARY = "a-boundary-of-a-form"


def write_model(path: Path, megabytes: int) -> None:
    """Write a model `x int64 (N,) -> y float (N, 250)` that chooses rows of a table of that size."""
    rows = megabytes * 1_000
    table = numpy_helper.from_array(np.zeros((rows, 250), np.float32), "table")
    inputs = [helper.make_tensor_value_info("x", TensorProto.INT64, ["N"])]
    outputs = [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["N", 250])]
    graph = helper.make_graph([helper.make_node("Gather", ["table", "x"], ["y"])], "large", inputs, outputs, [table])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    path.write_bytes(model.SerializeToString())


@contextmanager
def serving(data_dir: Path) -> Iterator[tuple[int, httpx2.Client]]:
    """Run a server; give its process id and a client that may do everything."""
    command = [sys.executable, "-m", "sluice", "serve", "--port", "0", "--data-dir", str(data_dir)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            server.stdout.readline()  # the address: by now the file below is there
            facts = json.loads((data_dir / "server.json").read_text())
            headers = {"Authorization": f"Bearer {facts['token']}"}
            with httpx2.Client(base_url=facts["url"], headers=headers, timeout=900) as client:
                yield server.pid, client
        finally:
            server.terminate()


def memory_bytes(process: int, key: str) -> int:
    """Return a figure of a process: VmHWM is its peak, VmRSS what it has now."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith(key):
            return int(line.split()[1]) * 1024
    raise KeyError(key)


def chunks(path: Path) -> Iterator[bytes]:
    """Yield a file piece by piece."""
    with path.open("rb") as file:
        while chunk := file.read(256 * 1024):
            yield chunk


def raw(client: httpx2.Client, path: Path) -> httpx2.Response:
    """Upload a file as the body."""
    headers = {"Content-Length": str(path.stat().st_size)}
    return client.post("/api/v1/models?fileName=raw.onnx", content=chunks(path), headers=headers)


def in_a_form(client: httpx2.Client, path: Path) -> httpx2.Response:
    """Upload a file as a form's field, as browsers do."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="form.onnx"\r\n\r\n'.encode()
    tail = f"\r\n--{BOUNDARY}--\r\n".encode()

    def body() -> Iterator[bytes]:
        yield head
        yield from chunks(path)
        yield tail

    size = len(head) + path.stat().st_size + len(tail)
    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", "Content-Length": str(size)}
    return client.post("/api/v1/models", content=body(), headers=headers)


def main() -> int:
    """Measure, print and judge."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--megabytes", type=int, default=500)
    options.add_argument("--limit", type=int, default=150, help="most MB that the server may take")
    chosen = options.parse_args()
    worst = 0
    with tempfile.TemporaryDirectory(prefix="sluice-upload-") as folder:
        model = Path(folder) / "model.onnx"
        write_model(model, chosen.megabytes)
        for upload in (raw, in_a_form):
            with serving(Path(folder) / upload.__name__) as (process, client):
                before = memory_bytes(process, "VmRSS")
                started_at = time.perf_counter()
                answer = upload(client, model)
                duration_s = time.perf_counter() - started_at
                answer.raise_for_status()
                peak = memory_bytes(process, "VmHWM")
                worst = max(worst, peak)
                size = answer.json()["sizeBytes"]
                print(
                    f"{upload.__name__:>9}: {size / MB:.0f} MB in {duration_s:.1f} s with its check, "
                    f"server {before / MB:.0f} MB before, {peak / MB:.0f} MB at its peak"
                )
    return 0 if worst <= chosen.limit * MB else 1


if __name__ == "__main__":
    sys.exit(main())
