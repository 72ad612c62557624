"""The chain of one call: input > pre-processing > model > post-processing > output, all in this process."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pydantic_core

from sluice.tensors import TensorSpec
from sluice.workers.child.allocator import give_back
from sluice.workers.child.answer import NotJson, to_json
from sluice.workers.child.failing import StepFailed, Unfit
from sluice.workers.child.inputs import ModelInput, prepare
from sluice.workers.child.limits import limit_growth, memory_used
from sluice.workers.child.policy import ScriptPolicy
from sluice.workers.child.script import Script
from sluice.workers.child.session import ModelFailed, Session
from sluice.workers.messages import STEPS, Failure, Load


class Steps:
    """A loaded pipeline.

    Args:
        load: what to load.
        folder: holds the scripts and the files beside them.
        session: open already, or None to open one.
        policy: of the sandbox, to explain what it refuses.
        enter: told the index in STEPS of each step as it begins.

    Raises:
        StepFailed: the model or a script doesn't load.
    """

    def __init__(
        self, load: Load, folder: Path, session: Session | None, policy: ScriptPolicy, enter: Callable[[int], None]
    ) -> None:
        self._enter = enter
        self._policy = policy
        self._max_answer_bytes = load.max_answer_bytes
        enter(STEPS.index("model"))
        try:
            self._session = session or _own_session(load, policy)
        except ModelFailed as failed:
            raise StepFailed(Failure("model", "model-not-loaded", f"The model doesn't load: {failed}")) from None
        self._inputs = [ModelInput.of(TensorSpec.from_json(spec)) for spec in load.inputs]
        self._output_names = [str(spec["name"]) for spec in load.outputs]
        self._pre = self._load_script(load.pre, folder, "pre-processing")
        self._post = self._load_script(load.post, folder, "post-processing")

    def run(self, content: bytes, timings_ms: dict[str, float]) -> bytes:
        """Return the answer as JSON; fills `timings_ms` step by step.

        Raises:
            StepFailed: says which step failed and why.
        """
        if self._pre:
            feed = self._timed(timings_ms, "pre-processing", self._preprocess, content)
        else:
            feed = self._timed(timings_ms, "input", self._parse, content)
        outputs = self._timed(timings_ms, "model", self._infer, feed)
        del feed
        if self._post:
            result = self._timed(timings_ms, "post-processing", self._post.call, outputs)
        else:
            result = dict(zip(self._output_names, outputs, strict=True))
        answer: bytes = self._timed(timings_ms, "output", self._finish, result)
        return answer

    def _load_script(self, name: str | None, folder: Path, step: str) -> Script | None:
        if name is None:
            return None
        self._enter(STEPS.index(step))
        return Script(folder, name, step, self._policy)

    def _timed(self, timings_ms: dict[str, float], step: str, function: Callable[[Any], Any], argument: Any) -> Any:
        self._enter(STEPS.index(step))
        started = time.perf_counter()
        try:
            return function(argument)
        except MemoryError:
            message = f"The step {step} needs more memory than there is. Send or return less."
            raise StepFailed(Failure(step, "out-of-memory", message)) from None
        finally:
            timings_ms[step] = (time.perf_counter() - started) * 1e3

    def _preprocess(self, content: bytes) -> dict[str, Any]:
        assert self._pre
        given = self._pre.call(content)
        try:
            return prepare(given, self._inputs, f"The pre-processing script '{self._pre.name}'")
        except Unfit as unfit:
            raise self._pre.unfit(unfit.kind, unfit.message, unfit.input) from None
        except BaseException as error:  # looking at an object of a script runs its code
            raise self._pre.raised(error) from None

    def _parse(self, content: bytes) -> dict[str, Any]:
        if not content.strip():
            raise StepFailed(Failure("input", "bad-json", f"The input is empty; expected {self._wanted()}."))
        try:
            given = pydantic_core.from_json(content, allow_inf_nan=True)
        except ValueError as error:
            message = f"The input is not JSON: {error}. Without pre-processing the input is {self._wanted()}."
            raise StepFailed(Failure("input", "bad-json", message)) from None
        try:
            return prepare(given, self._inputs, "The input")
        except Unfit as unfit:
            raise StepFailed(Failure("input", unfit.kind, unfit.message, input=unfit.input)) from None

    def _wanted(self) -> str:
        names = ", ".join(f'"{i.spec.name}": [...]' for i in self._inputs)
        return f"a JSON object {{{names}}} of nested lists"

    def _infer(self, feed: dict[str, Any]) -> list[Any]:
        try:
            return self._session.run(feed)
        except ModelFailed as failed:
            raise StepFailed(Failure("model", "model-failed", f"The model failed on this input: {failed}")) from None

    def _finish(self, result: Any) -> bytes:
        try:
            answer = to_json(result)
        except NotJson as refused:
            if self._post:
                raise self._post.unfit(
                    "not-json", f"The post-processing script '{self._post.name}': {refused}."
                ) from None
            raise StepFailed(Failure("output", "not-json", f"The model's output: {refused}.")) from None
        except BaseException as error:  # looking at an object of a script runs its code
            if self._post:
                raise self._post.raised(error) from None
            raise
        if len(answer) > self._max_answer_bytes:
            message = (
                f"The answer has {len(answer)} bytes; the limit is {self._max_answer_bytes} "
                "(`maxAnswerBytes` of the pipeline, SLUICE_MAX_ANSWER_BYTES for all). Return less."
            )
            raise StepFailed(Failure("output", "answer-too-large", message))
        return answer


def _own_session(load: Load, policy: ScriptPolicy) -> Session:
    """Open the model in this worker alone, and bound its memory from then on: the model itself counts for nothing."""
    session = Session(load.model, load.intra_op_threads)
    give_back()
    limit_growth(policy.memory_mb, memory_used())
    return session
