"""One user script: loading it, calling its `process`, and finding the line to blame when it fails."""

from __future__ import annotations

import importlib.util
import inspect
import os
import sys
import traceback
from dataclasses import replace
from pathlib import Path
from typing import Any

from sluice.workers.child.failing import StepFailed
from sluice.workers.child.own_frames import frame, line_text, name_in, own_frames
from sluice.workers.child.policy import ScriptPolicy
from sluice.workers.child.refusals import explain_refusal
from sluice.workers.messages import Failure

_MAX_TEXT = 4_000


def module_name(step: str) -> str:
    """Return the name by which a step's script is a module."""
    return "sluice_" + step.replace("-", "_")


class Script:
    """A loaded script.

    Attributes:
        step: `pre-processing` or `post-processing`.
        name: of its file.
    """

    def __init__(self, folder: Path, name: str, step: str, policy: ScriptPolicy) -> None:
        """Import the file once; its globals last as long as this worker.

        Raises:
            StepFailed: it doesn't import, or has no function `process` of one argument.
        """
        self.step = step
        self.name = name
        self._folder = str(folder)
        self._policy = policy
        spec = importlib.util.spec_from_file_location(module_name(step), folder / name)
        if spec is None or spec.loader is None:
            raise self._not_loaded(f"'{name}' is no Python file; scripts end in .py.")
        module = importlib.util.module_from_spec(spec)
        sys.modules[module.__name__] = module  # as `import` does; dataclasses and pickle in scripts need it
        try:
            spec.loader.exec_module(module)
        except BaseException as error:
            raise self._blame(error, "script-not-loaded", "can't be loaded") from None
        self._process = getattr(module, "process", None)
        self._check_process()

    def call(self, argument: Any) -> Any:
        """Return what `process` returns.

        Raises:
            StepFailed: it raised; also SystemExit and KeyboardInterrupt, which end only this call.
        """
        try:
            return self._process(argument)  # type: ignore[misc]  # checked when loaded
        except BaseException as error:
            raise self.raised(error) from None

    def raised(self, error: BaseException) -> StepFailed:
        """Return the error for an exception out of the script, or out of an object that it gave."""
        return self._blame(error, "script-raised", "failed")

    def unfit(
        self, kind: str, message: str, input: str | None = None, returned: tuple[Any] | None = None
    ) -> StepFailed:
        """Return the error for a result that can't be used; it blames the line of `process`."""
        failure = Failure(self.step, kind, message, script=self.name, input=input)
        code = self._process.__code__ if inspect.isfunction(self._process) else None
        name = name_in(self._folder, code.co_filename) if code else None
        if code is None or name is None:
            return StepFailed(failure, returned=returned)
        line = code.co_firstlineno
        failure = replace(failure, script=name, line=line, line_text=line_text(self._folder, name, line))
        return StepFailed(failure, [frame(self._folder, name, line, code.co_name)], returned)

    def _check_process(self) -> None:
        if not callable(self._process):
            raise self._not_loaded(f"'{self.name}' has no function `process`; define `def process(content):`.")
        if inspect.iscoroutinefunction(self._process):
            raise self._not_loaded(f"`process` in '{self.name}' is async; make it a plain `def process(content):`.")
        try:
            inspect.signature(self._process).bind(object())
        except TypeError:
            raise self._not_loaded(f"`process` in '{self.name}' must take exactly one argument.") from None
        except ValueError:
            pass  # a builtin without a signature

    def _not_loaded(self, message: str) -> StepFailed:
        return StepFailed(Failure(self.step, "script-not-loaded", message, script=self.name))

    def _blame(self, error: BaseException, kind: str, verb: str) -> StepFailed:
        frames = own_frames(error, self._folder)
        script, line = (frames[-1]["script"], frames[-1]["line"]) if frames else (None, None)
        said = self._said(error)
        where = f" at line {line}" + (f" of '{script}'" if script != self.name else "") if line else ""
        message = f"The {self.step} script '{self.name}' {verb}{where}: {_gist(error, said)}"
        if refused := self._refused(error):
            message += f". {refused}"
        failure = Failure(
            self.step, kind, message[:_MAX_TEXT], script=script or self.name, line=line, column=_column(error, frames),
            line_text=line_text(self._folder, script, line) if script and line else None, exception=said[:_MAX_TEXT],
        )  # fmt: skip
        return StepFailed(failure, frames)

    def _said(self, error: BaseException) -> str:
        try:
            said = "".join(traceback.format_exception_only(error)).strip()
            for folder in filter(None, (self._folder, os.environ.get("TMPDIR"))):
                said = said.replace(f"{folder}/", "").replace(folder, ".")
            for folder in sorted((path for path in sys.path if os.path.isabs(path)), key=len, reverse=True):
                said = said.replace(f"{folder}/", "")  # where libraries lie on the server is nobody's business
        except BaseException:  # printing an exception runs its class's code
            said = ""
        return said or "an exception that can't be printed"

    def _refused(self, error: BaseException) -> str | None:
        try:
            return explain_refusal(error, self._policy)
        except BaseException:  # likewise
            return None


def _gist(error: BaseException, said: str) -> str:
    """Return the line that says what it is: of a syntax error the last one, as its source comes first."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    if isinstance(error, SyntaxError):
        return lines[-1]
    return " ".join(lines[:2]) if lines[0].endswith(":") else lines[0]


def _column(error: BaseException, frames: list[dict[str, Any]]) -> int | None:
    """Return the column of a syntax error in the user's own files."""
    if isinstance(error, SyntaxError) and frames and "function" not in frames[-1]:
        return error.offset if type(error.offset) is int else None
    return None
