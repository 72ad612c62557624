"""What harmful pipelines do, and which answers the server may give them; the deeds themselves are in `scripts/`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SCRIPTS = Path(__file__).parent / "scripts"

RIGHT = "right"
"""Stands for a good answer, where else an error's code stands."""
FAILED = "prediction-failed"
DIED = "worker-died"
LATE = "deadline-exceeded"
REFUSED = "pipeline-broken"
STATUS = {RIGHT: 200, FAILED: 422, DIED: 500, LATE: 504}
"""Every outcome that a deed may have; whatever else comes is wrong."""

PRE, MODEL, POST = "pre-processing", "model", "post-processing"


@dataclass(frozen=True)
class Deed:
    """One way to do harm.

    Attributes:
        name: module and function in `scripts/`; or what is sent to a pipeline without scripts.
        outcomes: what may come of it.
        step: in which it happens, and which an error must name.
        forges: whether the answer, if it is a good one, may be the script's invention.
        lasts: whether it may also cost a few of the pipeline's next calls, since it goes on after the answer.
        behind: whether it is sent behind a call that takes a while, by a client that leaves: nobody sees an outcome.
    """

    name: str
    outcomes: tuple[str, ...]
    step: str = PRE
    forges: bool = False
    lasts: bool = False
    behind: bool = False


@dataclass(frozen=True)
class Rogue:
    """A pipeline that does harm.

    Attributes:
        name: of the pipeline.
        deeds: that it does in turn, a good call after each.
        policy: what holds it.
        modules: of `scripts/` that it needs; without any it is its model alone.
        pause_s: after each deed and the good call that follows.
        companion: whether somebody else's good calls to it must all go well meanwhile.
        flood: what a program with a token of its own asks it to do all the time besides, each time in other words.
    """

    name: str
    deeds: tuple[Deed, ...]
    modules: tuple[str, ...] = ()
    policy: Mapping[str, Any] = field(default_factory=dict)
    pause_s: float = 0.3
    companion: bool = False
    flood: Deed | None = None


def _deeds(module: str, names: str, *outcomes: str, **options: Any) -> tuple[Deed, ...]:
    return tuple(Deed(f"{module}.{name}", outcomes, **options) for name in names.split())


NAP = Deed("hanging.nap", (RIGHT,))
"""Harmless, and takes longer than a quick pipeline's calls do."""

# Only what hangs runs into its deadline; for the others it is long, since the machine may be busy with other things.
_HELD = {"deadlineS": 15, "workers": 1, "memoryMb": 192, "maxAnswerBytes": 1 << 20}
_HANGS = _HELD | {"deadlineS": 1.5}

ROGUES = (
    Rogue(
        "crashing",
        (
            *_deeds("crashing", "segfault overflow leave abort kill", DIED),
            *_deeds("crashing", "corrupt segfault leave", DIED, step=POST),
            *_deeds("crashing", "sabotage", DIED),
            *_deeds("crashing", "complain recurse", FAILED),
        ),
        modules=("crashing",),
        policy=_HELD | {"workers": 2},
        companion=True,
        flood=Deed("crashing.leave", (DIED,)),
    ),
    Rogue(
        "hanging",
        (
            *_deeds("hanging", "loop sleep compute search", LATE),
            *_deeds("hanging", "lock refuse loop", LATE, step=POST),
            *_deeds("hanging", "stop swallow", LATE),
        ),
        modules=("hanging",),
        policy=_HANGS,
    ),
    Rogue("endless", (Deed('{"times": 1000000000000}', (LATE,), MODEL),), policy=_HANGS),
    Rogue(
        "leaking",
        (
            *_deeds("leaking", "grow keep_files keep_threads", RIGHT, FAILED),
            *_deeds("leaking", "swell claim claim_by_numpy map_memory", FAILED),
            *_deeds("leaking", "keep_descriptors", FAILED),
            *_deeds("leaking", "keep_deleted_files", FAILED, DIED),
        ),
        modules=("leaking",),
        policy=_HELD,
    ),
    Rogue(
        "forking",
        (
            *_deeds("forking", "fork bomb detach run shell spawn pool", FAILED),
            *_deeds("forking", "start_threads breed", FAILED, DIED, RIGHT, LATE),
            *_deeds("forking", "kill_parent kill_all kill_group stop_parent", FAILED),
        ),
        modules=("forking",),
        policy=_HELD,
    ),
    Rogue(
        "flooding",
        (
            *_deeds("flooding", "print_gigabytes print_lines write_output grow_output log_much", RIGHT, FAILED, LATE),
            *_deeds("flooding", "print_odd", FAILED),
            *_deeds("flooding", "fill_scratch many_files deep_folders", RIGHT, FAILED, LATE, DIED),
            *_deeds("answering", "giant", FAILED, DIED, LATE, step=POST),
            *_deeds("answering", "many_keys", FAILED, LATE, step=POST),
            *_deeds("answering", "nested endless", FAILED, step=POST),
        ),
        modules=("flooding", "answering"),
        policy=_HELD | {"deadlineS": 4},
    ),
    Rogue(
        "forging",
        (
            *_deeds("answering", "forge", RIGHT, forges=True),
            *_deeds("answering", "forge_failure forge_ready forge_depth claim junk drown close shut replace", DIED),
            *_deeds("answering", "give empty", RIGHT, DIED, step=POST),
            *_deeds("answering", "block", RIGHT, DIED, forges=True, step=POST),
            *_deeds("answering", "overwrite", RIGHT, DIED),
        ),
        modules=("answering",),
        policy=_HELD,
    ),
    Rogue(
        "lingering",
        (
            *_deeds("crashing", "die_later alarm", RIGHT, DIED, lasts=True),
            *_deeds("hanging", "steal", LATE, lasts=True),
            *_deeds("answering", "begin", LATE, DIED),
            *_deeds("hanging", "loop", lasts=True, behind=True),
        ),
        modules=("crashing", "hanging", "answering"),
        policy=_HANGS,
    ),
    Rogue(
        "burning",
        _deeds("hanging", "burn", RIGHT, LATE, lasts=True),
        modules=("hanging",),
        policy=_HANGS,
        pause_s=5.0,  # so that it is seen that nobody asks it to compute
    ),
)
