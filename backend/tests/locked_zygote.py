"""Runs scripts as a zygote and its workers do; started by `locked.py`, which says what comes over the socket.

python -I -B locked_zygote.py SOCKET SETUP
"""

from __future__ import annotations

import json
import os
import socket
import sys
import traceback
from typing import Any


def main() -> None:
    server = socket.socket(fileno=int(sys.argv[1]))
    setup = json.loads(sys.argv[2])
    from sluice.workers.child.sandbox import Held, NotConfined, Stage1, enter_stage_one

    held: Held | None = None
    if setup["stage1"] is not None:
        try:
            held = enter_stage_one(
                Stage1(**{k: tuple(v) if isinstance(v, list) else v for k, v in setup["stage1"].items()})
            )
        except NotConfined as refused:
            server.sendall(json.dumps({"refused": str(refused)}).encode() + b"\n")
            return
    import numpy as np

    from sluice.workers.child.session import Session

    session = Session(setup["model"])
    server.sendall(json.dumps({"ready": held.landlock_abi if held else 0}).encode() + b"\n")
    for line in server.makefile("rb"):
        asked = json.loads(line)
        pid = os.fork()
        if pid == 0:
            work(server, asked, held, session, np)
            os._exit(0)
        server.sendall(json.dumps({"pid": pid}).encode() + b"\n")
        _, status = os.waitpid(pid, 0)
        server.sendall(json.dumps({"ended": os.waitstatus_to_exitcode(status)}).encode() + b"\n")


def work(server: socket.socket, asked: dict[str, Any], held: Any, session: Any, np: Any) -> None:
    from sluice.workers.child.policy import ScriptPolicy
    from sluice.workers.child.refusals import explain_refusal
    from sluice.workers.child.sandbox import Stage2, enter_stage_two

    policy = ScriptPolicy.from_json(asked["policy"])
    os.environ.update(HOME=asked["scratch"], TMPDIR=asked["scratch"])
    if held:
        enter_stage_two(Stage2(asked["files"], asked["scratch"], policy), held)
    os.chdir(asked["files"])
    sys.path.insert(0, asked["files"])
    try:
        from script import process  # type: ignore[import-not-found]

        answer = {"answer": process(asked["content"])}
        session.run({"x": np.zeros((1, 4), np.float32)})
        said = json.dumps(answer)
    except BaseException as error:
        said = json.dumps(
            {
                "error": f"{type(error).__name__}: {error}",
                "explained": explain_refusal(error, policy),
                "traceback": traceback.format_exc(),
            }
        )
    sys.stdout.flush()
    sys.stderr.flush()
    server.sendall(said.encode() + b"\n")


if __name__ == "__main__":
    main()
