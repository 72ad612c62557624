"""What the product is about: models, resources, pipelines and who may use them, as frozen values.

A model, a resource and a pipeline are each a head (id, name) over immutable revisions. An entity here is a head
together with *one* of its revisions: the current one when it stands alone, the pinned one inside a pipeline.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Literal

from sluice.errors import PreconditionFailed
from sluice.tensors import TensorSpec

Expected = frozenset[str] | None
"""The versions of which one must be the current one; None takes any."""


class Versioned:
    """What is replaced as a whole, one revision after another."""

    id: str
    name: str
    revision: int

    @property
    def version(self) -> str:
        """What tells this revision from every other one, also of an earlier entity of the same name."""
        return f"{self.id}-{self.revision}"

    def assert_expected(self, expected: Expected) -> None:
        """Refuse a change that was made to another revision than this one.

        Raises:
            PreconditionFailed: it was changed since the caller looked.
        """
        if expected is not None and self.version not in expected:
            message = f"'{self.name}' was changed since you looked. Look at it again, then repeat your change."
            raise PreconditionFailed(message, self.version)


class Role(enum.StrEnum):
    """What a caller may do.

    METRICS reads the metrics, PREDICT runs the pipelines that it is bound to. READ looks, runs all and may what those
    two may; ADMIN also changes (uploading a script is running code).
    """

    METRICS = "METRICS"
    PREDICT = "PREDICT"
    READ = "READ"
    ADMIN = "ADMIN"

    def allows(self, needed: Role) -> bool:
        """Tell whether a caller of this role may do what needs `needed`."""
        return self is needed or self is Role.ADMIN or (self is Role.READ and needed is not Role.ADMIN)


SignedInBy = Literal["link", "token", "password", "oidc", "nobody"]
"""What proved who is calling; `nobody` where the server asks nobody."""


@dataclass(frozen=True)
class Identity:
    """Who is calling.

    Attributes:
        name: of the token or user, or `operator` for who came by the one-time link.
        role: what they may do.
        session_id: set when a browser's cookie identified them; only then CSRF matters.
        by: what proved it.
        user_id: of the user, if it is one.
        pipelines: ids of those that the role PREDICT is bound to; None for other roles.
        token_id: of the token, if it is one.
    """

    name: str
    role: Role
    session_id: str | None = None
    by: SignedInBy = "token"
    user_id: str | None = None
    pipelines: frozenset[str] | None = None
    token_id: str | None = None

    @property
    def caller(self) -> str:
        """Whose calls take turns with those of others, and count together against the rate limit.

        Names don't tell tokens apart: several may have the same one.
        """
        return self.user_id or self.token_id or self.name


@dataclass(frozen=True)
class Token:
    """An API token without its secret, of which only the SHA-256 is kept.

    Attributes:
        pipelines: as of `Identity`.
    """

    id: str
    name: str
    role: Role
    created_at: datetime
    expires_at: datetime | None
    pipelines: frozenset[str] | None = None

    @cached_property
    def identity(self) -> Identity:
        """Whom it stands for."""
        return Identity(self.name, self.role, pipelines=self.pipelines, token_id=self.id)


@dataclass(frozen=True)
class User(Versioned):
    """A person who signs in.

    Attributes:
        pipelines: as of `Identity`.
        password_hash: as argon2 writes it; None for who has no password here.
        revision: counts the changes; only the current one is kept.
    """

    id: str
    name: str
    role: Role
    created_at: datetime
    pipelines: frozenset[str] | None = None
    password_hash: str | None = field(default=None, repr=False)
    revision: int = 1

    @cached_property
    def identity(self) -> Identity:
        """Whom it stands for, when the password was given."""
        return Identity(self.name, self.role, by="password", user_id=self.id, pipelines=self.pipelines)

    @property
    def is_administrator(self) -> bool:
        """Whether somebody can sign in as this user and change everything then."""
        return self.role is Role.ADMIN and self.password_hash is not None


@dataclass(frozen=True)
class Opset:
    """One operator set that a model imports; the default domain is written `ai.onnx`."""

    domain: str
    version: int


@dataclass(frozen=True)
class ModelFacts:
    """What the file itself says.

    Attributes:
        ir_version: version of the file format.
        opsets: in the file's order.
        producer_name: empty when unset, as is `producer_version` and `graph_name`.
        model_version: 0 when unset.
        inputs: what a caller must give, in the model's order; initializers are not inputs.
        outputs: in the model's order, which is what post-processing gets.
    """

    ir_version: int
    opsets: tuple[Opset, ...]
    producer_name: str
    producer_version: str
    graph_name: str
    model_version: int
    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]


@dataclass(frozen=True)
class Model(Versioned):
    """An ONNX file under a name.

    Attributes:
        description: what people should know of it; may be empty.
        active: whether it, and the pipelines that use it, answer.
    """

    id: str
    name: str
    created_at: datetime
    revision_id: str
    revision: int
    file_name: str
    sha256: str
    size_bytes: int
    facts: ModelFacts
    description: str = ""
    active: bool = True


ResourceKind = Literal["script", "module", "data"]


@dataclass(frozen=True)
class ScriptWarning:
    """Something in a script that will probably not work here.

    Attributes:
        line: 1-based.
        message: what, and how to mend it.
        module: the import that can't be resolved; empty where it is something else.
    """

    line: int
    message: str
    module: str


@dataclass(frozen=True)
class ScriptHeader:
    """What a script or helper module says that it needs, in a block `# /// script` (PEP 723).

    Attributes:
        requires: dependencies as written, such as `scipy>=1.16`.
        requires_python: versions of Python, or None for any.
        line: 1-based, of the block's beginning.
    """

    requires: tuple[str, ...]
    requires_python: str | None
    line: int


@dataclass(frozen=True)
class Resource(Versioned):
    """An uploaded file beside models: a script with `process`, a helper module, or a data file.

    Its name is its full file name.
    """

    id: str
    name: str
    kind: ResourceKind
    created_at: datetime
    revision_id: str
    revision: int
    sha256: str
    size_bytes: int
    warnings: tuple[ScriptWarning, ...] = ()
    header: ScriptHeader | None = None


Network = Literal["off", "open"] | tuple[int, ...]
"""What scripts may reach: nothing, everything by TCP and UDP, or these TCP ports of any host."""


@dataclass(frozen=True)
class Policy:
    """What one pipeline may use and how it is kept; None means the server's default.

    Attributes:
        deadline_s: over queue and run of one call.
        workers: most processes at once; by default as many as fit the cores with their threads.
        intra_op_threads: threads that the model may use for one call; more than 1 and each worker loads its own copy.
        memory_mb: what a worker may allocate beside the loaded model.
        scratch_mb: what its temporary folder may hold; 0 is no folder.
        threads: most threads of a worker, the model's own on top.
        network: what its scripts may connect to.
        max_answer_bytes: longest answer.
        pinned: keep it loaded, also while nobody calls.
        sample: name of the data file that its workers are warmed with.
        keep_inputs: keep the inputs of calls that fail.
        variables: names and values that its scripts find in their environment, for everybody to read.
    """

    deadline_s: float | None = None
    workers: int | None = None
    intra_op_threads: int | None = None
    memory_mb: int | None = None
    scratch_mb: int | None = None
    threads: int | None = None
    network: Network | None = None
    max_answer_bytes: int | None = None
    pinned: bool = False
    sample: str | None = None
    keep_inputs: bool = False
    variables: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Secret:
    """What a pipeline's scripts find in their environment and nobody can read.

    Attributes:
        sealed: its value, as only the vault can read it.
    """

    name: str
    set_at: datetime
    sealed: str = field(repr=False)


FIRST_STANDARD = "standard-1"
"""The environment of pipelines that were made before environments were."""


@dataclass(frozen=True)
class Pipeline(Versioned):
    """Optional pre-processing, a model, optional post-processing, and the files they need.

    Attributes:
        environment: key of the libraries that its scripts import: a version of the standard, or what its headers name.
        secrets: by name.
    """

    id: str
    name: str
    created_at: datetime
    revision_id: str
    revision: int
    model: Model
    pre_processing: Resource | None = None
    post_processing: Resource | None = None
    data_files: tuple[Resource, ...] = ()
    policy: Policy = field(default_factory=Policy)
    environment: str = FIRST_STANDARD
    secrets: tuple[Secret, ...] = ()

    @property
    def has_scripts(self) -> bool:
        """Whether anything but the model runs."""
        return bool(self.pre_processing or self.post_processing)

    def resources(self) -> Iterator[Resource]:
        """Yield every resource it needs: scripts first, then data files."""
        if self.pre_processing:
            yield self.pre_processing
        if self.post_processing:
            yield self.post_processing
        yield from self.data_files
