"""The tables. Rows stay inside `storage`; everybody else sees the entities that the repositories return.

A model, a resource and a pipeline are each a head over immutable revisions; `current` is the number of the revision
that counts now. A pipeline's revision pins the revisions of its parts. Every foreign key is RESTRICT: rows go only when
a repository deletes them, so nothing that a pipeline needs can vanish underneath it.

Facts, warnings, headers, policies and sealed secrets are JSON kept as text: PostgreSQL's own JSON types refuse the
character U+0000, which the names inside an uploaded model may hold.

Tortoise writes the first line of each docstring here into the schema; a semicolon in one would break it on SQLite.
"""
# ruff: noqa: D106 - a `Meta` says nothing but its table's name

from __future__ import annotations

from typing import Any

from tortoise import fields
from tortoise.fields.base import OnDelete
from tortoise.fields.relational import ForeignKeyRelation
from tortoise.models import Model, ModelMeta

from sluice.storage.ids import new_id, now


class _Table(ModelMeta):
    """Keeps Tortoise from parsing this file once for each table, in search of comments on columns."""

    def __new__(cls, name: str, bases: tuple[type, ...], attributes: dict[str, Any]) -> Any:
        return super().__new__(cls, name, bases, {**attributes, "_no_comments": True})


class Row(Model, metaclass=_Table):
    """What all rows have in common."""

    class Meta:
        abstract = True


class Head(Row):
    """What keeps its id and name while revisions come and go."""

    id = fields.CharField(max_length=32, primary_key=True, default=new_id)
    name = fields.CharField(max_length=200)
    name_key = fields.CharField(max_length=1000, unique=True)  # casefolding lengthens some characters
    current = fields.IntField()
    created_at = fields.DatetimeField(default=now)

    class Meta:
        abstract = True


class Revision(Row):
    """One unchanging state of a head."""

    id = fields.CharField(max_length=32, primary_key=True, default=new_id)
    number = fields.IntField()
    created_at = fields.DatetimeField(default=now)

    class Meta:
        abstract = True


class ModelRow(Head):
    """A model's name."""

    description = fields.TextField(default="", db_default="")
    active = fields.BooleanField(default=True, db_default=True)

    class Meta:
        table = "model"


class ModelRevisionRow(Revision):
    """One ONNX file under a model's name, and what it says about itself."""

    head: ForeignKeyRelation[ModelRow] = fields.ForeignKeyField(
        "sluice.ModelRow", related_name="revisions", on_delete=OnDelete.RESTRICT
    )
    file_name = fields.CharField(max_length=1000)
    sha256 = fields.CharField(max_length=64, db_index=True)
    size_bytes = fields.BigIntField()
    facts = fields.TextField()

    class Meta:
        table = "model_revision"
        unique_together = (("head", "number"),)


class ResourceRow(Head):
    """A resource's name."""

    class Meta:
        table = "resource"


class ResourceRevisionRow(Revision):
    """One file under a resource's name."""

    head: ForeignKeyRelation[ResourceRow] = fields.ForeignKeyField(
        "sluice.ResourceRow", related_name="revisions", on_delete=OnDelete.RESTRICT
    )
    kind = fields.CharField(max_length=20)
    sha256 = fields.CharField(max_length=64, db_index=True)
    size_bytes = fields.BigIntField()
    warnings = fields.TextField()
    header = fields.TextField(null=True)

    class Meta:
        table = "resource_revision"
        unique_together = (("head", "number"),)


class PipelineRow(Head):
    """A pipeline's name."""

    class Meta:
        table = "pipeline"


class PipelineRevisionRow(Revision):
    """What one revision of a pipeline is made of."""

    head: ForeignKeyRelation[PipelineRow] = fields.ForeignKeyField(
        "sluice.PipelineRow", related_name="revisions", on_delete=OnDelete.RESTRICT
    )
    model: ForeignKeyRelation[ModelRevisionRow] = fields.ForeignKeyField(
        "sluice.ModelRevisionRow", related_name="pipelines", on_delete=OnDelete.RESTRICT
    )
    pre_processing: fields.ForeignKeyNullableRelation[ResourceRevisionRow] = fields.ForeignKeyField(
        "sluice.ResourceRevisionRow", related_name="pre_processes", on_delete=OnDelete.RESTRICT, null=True
    )
    post_processing: fields.ForeignKeyNullableRelation[ResourceRevisionRow] = fields.ForeignKeyField(
        "sluice.ResourceRevisionRow", related_name="post_processes", on_delete=OnDelete.RESTRICT, null=True
    )
    policy = fields.TextField()
    environment = fields.CharField(max_length=64, null=True)
    secrets = fields.TextField(null=True)

    data_files: fields.ReverseRelation[PipelineDataFileRow]

    class Meta:
        table = "pipeline_revision"
        unique_together = (("head", "number"),)


class PipelineDataFileRow(Row):
    """A file that lies beside the scripts of one pipeline revision."""

    id = fields.CharField(max_length=32, primary_key=True, default=new_id)
    pipeline: ForeignKeyRelation[PipelineRevisionRow] = fields.ForeignKeyField(
        "sluice.PipelineRevisionRow", related_name="data_files", on_delete=OnDelete.RESTRICT
    )
    resource: ForeignKeyRelation[ResourceRevisionRow] = fields.ForeignKeyField(
        "sluice.ResourceRevisionRow", related_name="data_of", on_delete=OnDelete.RESTRICT
    )
    position = fields.IntField()

    class Meta:
        table = "pipeline_data_file"
        unique_together = (("pipeline", "position"),)


class TokenRow(Row):
    """An API token, of whose secret only the SHA-256 is kept."""

    id = fields.CharField(max_length=32, primary_key=True, default=new_id)
    name = fields.CharField(max_length=200)
    role = fields.CharField(max_length=20)
    secret_hash = fields.CharField(max_length=64, unique=True)
    created_at = fields.DatetimeField(default=now)
    expires_at = fields.DatetimeField(null=True)
    pipelines = fields.TextField(null=True)
    last_used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "token"


class UserRow(Row):
    """A person who signs in, with a password of which only the argon2 hash is kept, or by other means."""

    id = fields.CharField(max_length=32, primary_key=True, default=new_id)
    name = fields.CharField(max_length=200)
    name_key = fields.CharField(max_length=1000, unique=True)
    role = fields.CharField(max_length=20)
    pipelines = fields.TextField(null=True)
    password_hash = fields.CharField(max_length=200, null=True)
    revision = fields.IntField(default=1, db_default=1)
    created_at = fields.DatetimeField(default=now)
    last_used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "user_account"  # `user` is a word of PostgreSQL


class SessionRow(Row):
    """A browser that is signed in, of whose cookie only the SHA-256 is kept."""

    id_hash = fields.CharField(max_length=64, primary_key=True)
    name = fields.CharField(max_length=200)
    role = fields.CharField(max_length=20)
    token_id = fields.CharField(max_length=64, null=True)  # no foreign key: the administrator's token is a setting
    user_id = fields.CharField(max_length=32, null=True)  # no foreign key: a session ends by itself with its user
    signed_in_by = fields.CharField(max_length=20, null=True)
    created_at = fields.DatetimeField(default=now)
    expires_at = fields.DatetimeField()

    class Meta:
        table = "session"


class LinkRow(Row):
    """A one-time link, of whose code only the SHA-256 is kept."""

    code_hash = fields.CharField(max_length=64, primary_key=True)
    created_at = fields.DatetimeField(default=now)
    expires_at = fields.DatetimeField(null=True)
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "link"


class StatisticsRow(Row):
    """What happened to the calls of one pipeline or model in one span of time."""

    id = fields.CharField(max_length=64, primary_key=True)
    subject_id = fields.CharField(max_length=32)  # no foreign key: a pipeline's or a model's
    span_s = fields.IntField()
    at = fields.BigIntField()  # seconds since 1970: a multiple of `span_s`
    last_at = fields.FloatField()
    last_failed_at = fields.FloatField(null=True)
    counts = fields.TextField()

    class Meta:
        table = "statistics"
        indexes = (("subject_id", "span_s", "at"), ("span_s", "at"))


class FailureRow(Row):
    """A call that failed, with the problem as its caller got it."""

    id = fields.CharField(max_length=32, primary_key=True)
    subject_id = fields.CharField(max_length=32)  # no foreign key: a pipeline's or a model's
    at = fields.FloatField()  # seconds since 1970
    revision = fields.IntField()
    request_id = fields.CharField(max_length=64)
    duration_ms = fields.FloatField()
    refusal = fields.BooleanField()
    problem = fields.TextField()
    size_bytes = fields.BigIntField(null=True)

    class Meta:
        table = "failure"
        indexes = (("subject_id", "at"), ("at",))


class FailureInputRow(Row):
    """The input of a failed call."""

    id = fields.CharField(max_length=32, primary_key=True, default=new_id)
    failure: fields.OneToOneRelation[FailureRow] = fields.OneToOneField(
        "sluice.FailureRow", related_name="input", on_delete=OnDelete.RESTRICT
    )
    content = fields.BinaryField()

    class Meta:
        table = "failure_input"


class AuditRow(Row):
    """A change that somebody made."""

    id = fields.BigIntField(primary_key=True)  # by the database: each higher than the last
    at = fields.DatetimeField()
    actor = fields.CharField(max_length=200)
    actor_key = fields.CharField(max_length=1000)
    actor_by = fields.CharField(max_length=20)
    action = fields.CharField(max_length=50)
    subject_kind = fields.CharField(max_length=20, null=True)
    subject = fields.CharField(max_length=255, null=True)
    subject_key = fields.CharField(max_length=1000, null=True)
    subject_id = fields.CharField(max_length=64, null=True)  # no foreign key: it may be gone
    dialect = fields.CharField(max_length=20)
    request_id = fields.CharField(max_length=64)
    address = fields.CharField(max_length=64, null=True)
    detail = fields.TextField()

    class Meta:
        table = "audit"
        indexes = (("at",),)


class MetaRow(Row):
    """A fact about the database itself, such as the id of the data folder that it belongs to."""

    key = fields.CharField(max_length=50, primary_key=True)
    value = fields.TextField()

    class Meta:
        table = "meta"
