"""What a worker is started with: the files of one pipeline (or of one bare model)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sluice.entities import Policy, Secret
from sluice.tensors import TensorSpec


@dataclass(frozen=True)
class Part:
    """One stored file under the name that its uploader gave it."""

    name: str
    path: Path


@dataclass(frozen=True)
class Environment:
    """Libraries of its own, which may have to be installed first.

    Attributes:
        folder: in `core` what the worker itself needs too, in `packages` the rest.
        requires: what the scripts name.
    """

    folder: Path
    requires: tuple[str, ...] = ()


@dataclass(frozen=True)
class Target:
    """Everything that is loaded into one worker; immutable, as are the revisions it comes from.

    Attributes:
        key: id of the pipeline's or model's revision; equal keys mean equal content.
        label: for messages and logs, e.g. `pipeline 'digits'`.
        owner: id of the pipeline or model, which its revisions have in common.
        inputs: of the model, in its order, as found when it was uploaded.
        outputs: likewise.
        pre: pre-processing script; without one the request's body is JSON.
        post: post-processing script; without one the answer is `{output name: value}`.
        files: put beside the scripts, read-only.
        environment: what its scripts import; None means the server's own libraries.
        secrets: that its workers get in their environment.
    """

    key: str
    label: str
    model: Part
    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]
    pre: Part | None
    post: Part | None
    files: tuple[Part, ...]
    policy: Policy
    owner: str = ""
    environment: Environment | None = None
    secrets: tuple[Secret, ...] = ()


Unseal = Callable[[Target], dict[str, str]]
"""Returns the secrets of a target by name; raises NotStarted if one can't be read."""
