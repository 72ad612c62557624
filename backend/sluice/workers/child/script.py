"""One user script: loading it, calling its `process`, and finding the line to blame when it fails."""

from __future__ import annotations

import importlib.util
import inspect
import linecache
import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

from sluice.workers.child.failing import StepFailed
from sluice.workers.child.policy import ScriptPolicy
from sluice.workers.child.refusals import explain_refusal
from sluice.workers.messages import Failure

_MAX_TEXT = 4_000


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
        self._folder = folder
        self._policy = policy
        spec = importlib.util.spec_from_file_location(f"sluice_{step.replace('-', '_')}", folder / name)
        if spec is None or spec.loader is None:
            raise self._not_loaded(f"'{name}' is no Python file; scripts end in .py.")
        module = importlib.util.module_from_spec(spec)
        sys.modules[module.__name__] = module  # as `import` does; dataclasses and pickle in scripts need it
        try:
            spec.loader.exec_module(module)
        except BaseException as error:
            raise StepFailed(self._blame(error, "script-not-loaded", "can't be loaded")) from None
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
        return StepFailed(self._blame(error, "script-raised", "failed"))

    def unfit(self, kind: str, message: str, input: str | None = None) -> StepFailed:
        """Return the error for a result that can't be used; it blames the line of `process`."""
        line = self._process.__code__.co_firstlineno if inspect.isfunction(self._process) else None
        return StepFailed(
            Failure(
                self.step,
                kind,
                message,
                script=self.name,
                line=line,
                line_text=self._line(self.name, line),
                input=input,
            )
        )

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

    def _blame(self, error: BaseException, kind: str, verb: str) -> Failure:
        script, line = self._own_line(error)
        said = self._without_folder("".join(traceback.format_exception_only(error)).strip())
        last = said.splitlines()[-1] if said else type(error).__name__
        column = error.offset if isinstance(error, SyntaxError) and script else None
        where = f" at line {line}" + (f" of '{script}'" if script != self.name else "") if line else ""
        message = f"The {self.step} script '{self.name}' {verb}{where}: {last}"
        if refused := explain_refusal(error, self._policy):
            message += f". {refused}"
        return Failure(
            self.step, kind, message[:_MAX_TEXT], script=script or self.name, line=line, column=column,
            line_text=self._line(script, line), exception=said[:_MAX_TEXT],
        )  # fmt: skip

    def _own_line(self, error: BaseException) -> tuple[str | None, int | None]:
        """Return file name and line of the innermost frame in the user's own files."""
        if isinstance(error, SyntaxError) and error.filename and Path(error.filename).parent == self._folder:
            return Path(error.filename).name, error.lineno
        found: tuple[str | None, int | None] = (None, None)
        at: TracebackType | None = error.__traceback__
        while at is not None:
            file = Path(at.tb_frame.f_code.co_filename)
            if file.parent == self._folder:
                found = (file.name, at.tb_lineno)
            at = at.tb_next
        return found

    def _line(self, script: str | None, line: int | None) -> str | None:
        if script is None or line is None:
            return None
        return linecache.getline(str(self._folder / script), line).rstrip("\n")[:_MAX_TEXT] or None

    def _without_folder(self, text: str) -> str:
        return text.replace(f"{self._folder}/", "").replace(str(self._folder), ".")
