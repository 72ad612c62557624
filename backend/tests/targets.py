"""Makes what a worker is started with out of a model's bytes and the source of scripts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from sluice.entities import ModelFacts, Policy
from sluice.workers.inspection import Inspector
from sluice.workers.target import Environment, Part, Target


@dataclass(frozen=True)
class Targets:
    """Writes files into a folder and inspects models as an upload does."""

    folder: Path
    inspector: Inspector
    environment: Environment | None = None

    async def facts(self, model: bytes) -> ModelFacts:
        """Return what the inspector says of a model."""
        path = self._write("model.onnx", model)
        return (await self.inspector.inspect_model(path, {}, self.folder / "merged.onnx")).facts

    async def make(
        self,
        model: bytes,
        pre: str | None = None,
        post: str | None = None,
        files: dict[str, str] | None = None,
        policy: Policy | None = None,
    ) -> Target:
        """Return a target of its own, with `pre.py` and `post.py` as the names of the scripts."""
        facts = await self.facts(model)
        return Target(
            key=uuid4().hex,
            label="pipeline 'tried'",
            model=Part("model.onnx", self._write("model.onnx", model)),
            inputs=facts.inputs,
            outputs=facts.outputs,
            pre=self._part("pre.py", pre) if pre is not None else None,
            post=self._part("post.py", post) if post is not None else None,
            files=tuple(self._part(name, text) for name, text in (files or {}).items()),
            policy=policy or Policy(),
            environment=self.environment,
        )

    def _part(self, name: str, text: str) -> Part:
        return Part(name, self._write(name, text.encode()))

    def _write(self, name: str, content: bytes) -> Path:
        path = self.folder / f"{uuid4().hex}-{name}"
        path.write_bytes(content)
        return path
