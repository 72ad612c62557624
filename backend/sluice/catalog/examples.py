"""The examples that come with the program, made from their files as if somebody had uploaded them."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from sluice.catalog.models import Models
from sluice.catalog.parts import NewPipeline
from sluice.catalog.pipelines import Pipelines
from sluice.catalog.resources import Resources
from sluice.catalog.snapshot import Current
from sluice.catalog.uploads import Upload
from sluice.entities import Model, Policy, Resource
from sluice.errors import Conflict, SluiceError
from sluice.storage.files import FileStore

_PACKAGE = Path(__file__).parents[1]
# A wheel carries the examples inside the package; in a checkout they lie beside it.
FOLDER = next((folder for folder in (_PACKAGE / "examples", _PACKAGE.parent / "examples") if folder.is_dir()), _PACKAGE)


@dataclass(frozen=True)
class Example:
    """Which files make a pipeline; paths are relative to the folder of the examples.

    The sample is one of its data files, so that who finds the pipeline on the page can try it at once.
    """

    name: str
    model: str
    sample: str
    pre_processing: str | None = None
    post_processing: str | None = None
    data_files: tuple[str, ...] = ()

    @property
    def resources(self) -> list[str]:
        """The files of its resources."""
        return [
            file
            for file in (self.pre_processing, self.post_processing, *self.data_files, self.sample)
            if file is not None
        ]

    @property
    def pipeline(self) -> NewPipeline:
        """What its pipeline is made of."""
        return NewPipeline(
            name=self.name,
            model=Path(self.model).stem,
            pre_processing=self.pre_processing and Path(self.pre_processing).name,
            post_processing=self.post_processing and Path(self.post_processing).name,
            data_files=[Path(file).name for file in (*self.data_files, self.sample)],
            policy=Policy(sample=Path(self.sample).name),
        )


EXAMPLES = (
    Example(
        "digits",
        model="digits/digits.onnx",
        sample="digits/pictures/digit-7.png",
        pre_processing="digits/digits_pre.py",
        post_processing="digits/digits_post.py",
        data_files=("digits/digits_labels.json",),
    ),
    Example("iris", model="iris/iris.onnx", sample="iris/iris_sample.json", post_processing="iris/iris_post.py"),
)


@dataclass(frozen=True)
class Made:
    """What became of one example.

    Attributes:
        pipeline: its name.
        created: False where it was there already, or where `problem` says why it isn't.
        problem: a sentence for people, or None.
    """

    pipeline: str
    created: bool
    problem: str | None = None


class Examples:
    """Loads the examples; what exists with the same content is left as it is."""

    def __init__(
        self, current: Current, files: FileStore, models: Models, resources: Resources, pipelines: Pipelines
    ) -> None:
        self._current = current
        self._files = files
        self._models = models
        self._resources = resources
        self._pipelines = pipelines
        self._turn = asyncio.Lock()

    def present(self, example: Example) -> bool:
        """Tell whether there is a pipeline made as the example's."""
        snapshot, new = self._current.value, example.pipeline
        return snapshot.has_pipeline(new.name) and _same_parts(NewPipeline.of(snapshot.pipeline(new.name)), new)

    async def load(self) -> list[Made]:
        """Load each example; a name that belongs to something else becomes its problem, and the others still load."""
        async with self._turn:  # two at once would be in each other's way
            return [await self._load(example) for example in EXAMPLES]

    async def _load(self, example: Example) -> Made:
        new = example.pipeline
        try:
            await self._add_model(example.model, new.model)
            for file in example.resources:
                await self._add_resource(file)
            if self.present(example):
                return Made(example.name, created=False)
            if self._current.value.has_pipeline(new.name):
                raise _other("pipeline", example.name)
            await self._pipelines.add(new)
        except SluiceError as problem:
            return Made(example.name, created=False, problem=problem.message)
        return Made(example.name, created=True)

    async def _add_model(self, file: str, name: str) -> None:
        snapshot = self._current.value
        if snapshot.has_model(name):
            await _check_same("model", snapshot.model(name), file)
            return
        upload = await self._upload(file)
        try:
            await self._models.add(upload)
        finally:
            await self._files.discard(upload.staged)

    async def _add_resource(self, file: str) -> None:
        snapshot, name = self._current.value, Path(file).name
        if snapshot.has_resource(name):
            await _check_same("resource", snapshot.resource(name), file)
            return
        upload = await self._upload(file)
        try:
            await self._resources.add(upload)
        finally:
            await self._files.discard(upload.staged)

    async def _upload(self, file: str) -> Upload:
        content = await asyncio.to_thread((FOLDER / file).read_bytes)

        async def chunks() -> AsyncIterator[bytes]:
            yield content

        return Upload(Path(file).name, await self._files.receive(chunks(), len(content)))


def _same_parts(there: NewPipeline, new: NewPipeline) -> bool:
    return (there.model, there.pre_processing, there.post_processing, list(there.data_files)) == (
        new.model,
        new.pre_processing,
        new.post_processing,
        list(new.data_files),
    )


async def _check_same(kind: str, there: Model | Resource, file: str) -> None:
    content = await asyncio.to_thread((FOLDER / file).read_bytes)
    if there.sha256 != hashlib.sha256(content).hexdigest():
        raise _other(kind, there.name)


def _other(kind: str, name: str) -> Conflict:
    return Conflict(f"There is another {kind} named '{name}'. Delete it to load the example's.")
