"""The chain of one call: input > pre-processing > model > post-processing > output, all in this process."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from sluice.tensors import TensorSpec
from sluice.workers.child.allocator import give_back
from sluice.workers.child.answer import NotJson
from sluice.workers.child.call_trace import CallTrace
from sluice.workers.child.failing import StepFailed, Unfit
from sluice.workers.child.forms import Form, Plain, TooLong, Written
from sluice.workers.child.inputs import ModelInput, prepare
from sluice.workers.child.limits import limit_growth, memory_used
from sluice.workers.child.oip.form import InferenceForm
from sluice.workers.child.policy import ScriptPolicy
from sluice.workers.child.script import Script
from sluice.workers.child.session import ModelFailed, Session
from sluice.workers.child.warming import zeros
from sluice.workers.messages import STEPS, Failure, Inference, Load

_INPUT, _PRE, _MODEL, _POST, _OUTPUT = range(len(STEPS))


class Steps:
    """A loaded pipeline.

    Args:
        load: what to load.
        folder: holds the scripts and the files beside them.
        session: open already, or None to open one.
        policy: of the sandbox, to explain what it refuses.
        enter: told the index in STEPS of each step as it begins, and when (by `time.perf_counter`).

    Raises:
        StepFailed: the model or a script doesn't load.
    """

    def __init__(
        self,
        load: Load,
        folder: Path,
        session: Session | None,
        policy: ScriptPolicy,
        enter: Callable[[int, float], None],
    ) -> None:
        self._enter = enter
        self._policy = policy
        self._max_answer_bytes = load.max_answer_bytes
        enter(_MODEL, time.perf_counter())
        try:
            self._session = session or _own_session(load, policy)
        except ModelFailed as failed:
            raise StepFailed(Failure("model", "model-not-loaded", f"The model doesn't load: {failed}")) from None
        self._inputs = [ModelInput.of(TensorSpec.from_json(spec)) for spec in load.inputs]
        self._outputs = [TensorSpec.from_json(spec) for spec in load.outputs]
        self._output_names = [spec.name for spec in self._outputs]
        self._plain = Plain(self._inputs)
        self._pre = self._load_script(load.pre, folder, _PRE)
        self._post = self._load_script(load.post, folder, _POST)

    def new_trace(self) -> CallTrace:
        """Return what `run` fills if a call is to be traced."""
        return CallTrace(self._output_names, full=True)

    def new_form(self, asked: Inference, tensors: bytes) -> Form:
        """Return the form of one call whose input isn't written in our own; `tensors` follow its JSON."""
        return InferenceForm(asked, tensors, self._inputs, None if self._post else self._outputs)

    def run(
        self,
        content: bytes,
        timings_ms: dict[str, float],
        trace: CallTrace | None = None,
        form: Form | None = None,
    ) -> Written:
        """Return the answer; fills `timings_ms`, and the trace if there is one, step by step.

        Raises:
            StepFailed: says which step failed and why; has a trace, this or a short one.
        """
        form = form or self._plain
        if not self._pre:
            feed = self._timed(timings_ms, trace, _INPUT, partial(self._read, form.feed), content)
        else:
            if form.wraps_content:
                content = self._timed(timings_ms, trace, _INPUT, partial(self._read, form.content), content)
            feed = self._timed(timings_ms, trace, _PRE, self._preprocess, content)
        names = None if self._post else form.output_names
        outputs = self._timed(timings_ms, trace, _MODEL, partial(self._infer, names), feed)
        del feed
        if self._post:
            result = self._timed(timings_ms, trace, _POST, self._post.call, outputs)
        else:
            result = dict(zip(names or self._output_names, outputs, strict=True))
        answer: Written = self._timed(timings_ms, trace, _OUTPUT, partial(self._finish, form), result)
        return answer

    def warm(self, folder: Path, sample: str | None) -> None:
        """Run once: the sample through all steps, else zeros through the model, where only the sample may fail.

        Raises:
            StepFailed: says which step the sample failed in, and why.
        """
        if sample is None:
            feed = zeros(self._inputs)
            if feed is not None:
                self._enter(_MODEL, time.perf_counter())
                with contextlib.suppress(ModelFailed, MemoryError):
                    self._session.run(feed)
            return
        try:
            self.run((folder / sample).read_bytes(), {})
        except OSError as error:
            message = f"The sample '{sample}' can't be read: {error.strerror}."
            raise StepFailed(Failure("input", "sample-failed", message)) from None
        except StepFailed as failed:
            message = f"The sample '{sample}', which warms each worker, fails: {failed.failure.message}"
            raise StepFailed(replace(failed.failure, message=message), failed.frames) from None

    def _load_script(self, name: str | None, folder: Path, step: int) -> Script | None:
        if name is None:
            return None
        self._enter(step, time.perf_counter())
        return Script(folder, name, STEPS[step], self._policy)

    def _timed(
        self,
        timings_ms: dict[str, float],
        trace: CallTrace | None,
        index: int,
        function: Callable[[Any], Any],
        argument: Any,
    ) -> Any:
        step = STEPS[index]
        if trace is not None:
            trace.given(step, argument)
        started = time.perf_counter()
        self._enter(index, started)
        try:
            result = function(argument)
        except StepFailed as failed:
            timings_ms[step] = (time.perf_counter() - started) * 1e3
            self._explain(failed, trace, step, argument)
            raise
        except MemoryError:
            timings_ms[step] = (time.perf_counter() - started) * 1e3
            message = f"The step {step} needs more memory than there is. Send or return less."
            failure = Failure(step, "out-of-memory", message)
            raise self._explain(StepFailed(failure), trace, step, argument) from None
        timings_ms[step] = (time.perf_counter() - started) * 1e3
        if trace is not None:
            trace.returned(step, result.whole if isinstance(result, Written) else result)
        return result

    def _explain(self, failed: StepFailed, trace: CallTrace | None, step: str, argument: Any) -> StepFailed:
        """Give a failure its trace; where none was asked for, it looks at what the failed step was given only."""
        if trace is None:
            trace = CallTrace(self._output_names, full=False)
            trace.given(step, argument)
        if failed.returned:
            trace.returned(step, failed.returned[0])
        failed.trace = trace
        return failed

    def _preprocess(self, content: bytes) -> dict[str, Any]:
        assert self._pre
        given = self._pre.call(content)
        try:
            return prepare(given, self._inputs, f"The pre-processing script '{self._pre.name}'")
        except Unfit as unfit:
            raise self._pre.unfit(unfit.kind, unfit.message, unfit.input, returned=(given,)) from None
        except BaseException as error:  # looking at an object of a script runs its code
            raise self._pre.raised(error) from None

    def _read(self, read: Callable[[bytes], Any], given: bytes) -> Any:
        try:
            return read(given)
        except Unfit as unfit:
            raise StepFailed(Failure("input", unfit.kind, unfit.message, input=unfit.input)) from None

    def _infer(self, names: list[str] | None, feed: dict[str, Any]) -> list[Any]:
        try:
            return self._session.run(feed, names)
        except ModelFailed as failed:
            raise StepFailed(Failure("model", "model-failed", f"The model failed on this input: {failed}")) from None

    def _finish(self, form: Form, result: Any) -> Written:
        try:
            return form.write(result, self._max_answer_bytes)
        except NotJson as refused:
            if self._post:
                raise self._post.unfit(
                    "not-json", f"The post-processing script '{self._post.name}': {refused}."
                ) from None
            raise StepFailed(Failure("output", "not-json", f"The model's output: {refused}.")) from None
        except TooLong as long:
            message = (
                f"The answer has {long.size} bytes; the limit is {self._max_answer_bytes} "
                "(`maxAnswerBytes` of the pipeline, SLUICE_MAX_ANSWER_BYTES for all). Return less."
            )
            raise StepFailed(Failure("output", "answer-too-large", message)) from None
        except BaseException as error:  # looking at an object of a script runs its code
            if self._post:
                raise self._post.raised(error) from None
            raise


def _own_session(load: Load, policy: ScriptPolicy) -> Session:
    """Open the model in this worker alone, and bound its memory from then on: the model itself counts for nothing."""
    session = Session(load.model, load.intra_op_threads)
    give_back()
    limit_growth(policy.memory_mb, memory_used())
    return session
