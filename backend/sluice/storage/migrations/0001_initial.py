"""The first tables."""

# ruff: noqa: D101, E501, RUF012 - made by `tortoise makemigrations`, see `storage/config.py`

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from sluice.storage.ids import new_id, now


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="LinkRow",
            fields=[
                ("code_hash", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("created_at", fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("used_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "link",
                "app": "sluice",
                "pk_attr": "code_hash",
                "table_description": "A one-time link, of whose code only the SHA-256 is kept.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MetaRow",
            fields=[
                ("key", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=50)),
                ("value", fields.TextField(unique=False)),
            ],
            options={
                "table": "meta",
                "app": "sluice",
                "pk_attr": "key",
                "table_description": "A fact about the database itself, such as the id of the data folder that it belongs to.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ModelRow",
            fields=[
                ("id", fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=32)),
                ("name", fields.CharField(max_length=200)),
                ("name_key", fields.CharField(unique=True, max_length=1000)),
                ("current", fields.IntField()),
                ("created_at", fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "model", "app": "sluice", "pk_attr": "id", "table_description": "A model's name."},
            bases=["Head"],
        ),
        ops.CreateModel(
            name="ModelRevisionRow",
            fields=[
                ("id", fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=32)),
                ("number", fields.IntField()),
                ("created_at", fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
                (
                    "head",
                    fields.ForeignKeyField(
                        "sluice.ModelRow",
                        source_field="head_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="revisions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("file_name", fields.CharField(max_length=1000)),
                ("sha256", fields.CharField(db_index=True, max_length=64)),
                ("size_bytes", fields.BigIntField()),
                ("facts", fields.TextField(unique=False)),
            ],
            options={
                "table": "model_revision",
                "app": "sluice",
                "unique_together": (("head", "number"),),
                "pk_attr": "id",
                "table_description": "One ONNX file under a model's name, and what it says about itself.",
            },
            bases=["Revision"],
        ),
        ops.CreateModel(
            name="PipelineRow",
            fields=[
                ("id", fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=32)),
                ("name", fields.CharField(max_length=200)),
                ("name_key", fields.CharField(unique=True, max_length=1000)),
                ("current", fields.IntField()),
                ("created_at", fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "pipeline", "app": "sluice", "pk_attr": "id", "table_description": "A pipeline's name."},
            bases=["Head"],
        ),
        ops.CreateModel(
            name="ResourceRow",
            fields=[
                ("id", fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=32)),
                ("name", fields.CharField(max_length=200)),
                ("name_key", fields.CharField(unique=True, max_length=1000)),
                ("current", fields.IntField()),
                ("created_at", fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "resource", "app": "sluice", "pk_attr": "id", "table_description": "A resource's name."},
            bases=["Head"],
        ),
        ops.CreateModel(
            name="ResourceRevisionRow",
            fields=[
                ("id", fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=32)),
                ("number", fields.IntField()),
                ("created_at", fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
                (
                    "head",
                    fields.ForeignKeyField(
                        "sluice.ResourceRow",
                        source_field="head_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="revisions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("kind", fields.CharField(max_length=20)),
                ("sha256", fields.CharField(db_index=True, max_length=64)),
                ("size_bytes", fields.BigIntField()),
                ("warnings", fields.TextField(unique=False)),
            ],
            options={
                "table": "resource_revision",
                "app": "sluice",
                "unique_together": (("head", "number"),),
                "pk_attr": "id",
                "table_description": "One file under a resource's name.",
            },
            bases=["Revision"],
        ),
        ops.CreateModel(
            name="PipelineRevisionRow",
            fields=[
                ("id", fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=32)),
                ("number", fields.IntField()),
                ("created_at", fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
                (
                    "head",
                    fields.ForeignKeyField(
                        "sluice.PipelineRow",
                        source_field="head_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="revisions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "model",
                    fields.ForeignKeyField(
                        "sluice.ModelRevisionRow",
                        source_field="model_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="pipelines",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "pre_processing",
                    fields.ForeignKeyField(
                        "sluice.ResourceRevisionRow",
                        source_field="pre_processing_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="pre_processes",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "post_processing",
                    fields.ForeignKeyField(
                        "sluice.ResourceRevisionRow",
                        source_field="post_processing_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="post_processes",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("policy", fields.TextField(unique=False)),
            ],
            options={
                "table": "pipeline_revision",
                "app": "sluice",
                "unique_together": (("head", "number"),),
                "pk_attr": "id",
                "table_description": "What one revision of a pipeline is made of.",
            },
            bases=["Revision"],
        ),
        ops.CreateModel(
            name="PipelineDataFileRow",
            fields=[
                ("id", fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=32)),
                (
                    "pipeline",
                    fields.ForeignKeyField(
                        "sluice.PipelineRevisionRow",
                        source_field="pipeline_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="data_files",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "resource",
                    fields.ForeignKeyField(
                        "sluice.ResourceRevisionRow",
                        source_field="resource_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="data_of",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("position", fields.IntField()),
            ],
            options={
                "table": "pipeline_data_file",
                "app": "sluice",
                "unique_together": (("pipeline", "position"),),
                "pk_attr": "id",
                "table_description": "A file that lies beside the scripts of one pipeline revision.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SessionRow",
            fields=[
                ("id_hash", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("name", fields.CharField(max_length=200)),
                ("role", fields.CharField(max_length=20)),
                ("token_id", fields.CharField(null=True, max_length=64)),
                ("created_at", fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "session",
                "app": "sluice",
                "pk_attr": "id_hash",
                "table_description": "A browser that is signed in, of whose cookie only the SHA-256 is kept.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="TokenRow",
            fields=[
                ("id", fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=32)),
                ("name", fields.CharField(max_length=200)),
                ("role", fields.CharField(max_length=20)),
                ("secret_hash", fields.CharField(unique=True, max_length=64)),
                ("created_at", fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "token",
                "app": "sluice",
                "pk_attr": "id",
                "table_description": "An API token, of whose secret only the SHA-256 is kept.",
            },
            bases=["Model"],
        ),
    ]
