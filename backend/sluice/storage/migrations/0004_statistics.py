"""What happened to the calls of pipelines and models, and the last that failed."""

# ruff: noqa: D101, RUF012 - made by `tortoise makemigrations`, see `storage/config.py`

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from sluice.storage.ids import new_id


class Migration(migrations.Migration):
    dependencies = [("sluice", "0003_models")]

    initial = False

    operations = [
        ops.CreateModel(
            name="FailureRow",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=32)),
                ("subject_id", fields.CharField(max_length=32)),
                ("at", fields.FloatField()),
                ("revision", fields.IntField()),
                ("request_id", fields.CharField(max_length=64)),
                ("duration_ms", fields.FloatField()),
                ("refusal", fields.BooleanField()),
                ("problem", fields.TextField(unique=False)),
                ("size_bytes", fields.BigIntField(null=True)),
            ],
            options={
                "table": "failure",
                "app": "sluice",
                "indexes": [Index(fields=["subject_id", "at"]), Index(fields=["at"])],
                "pk_attr": "id",
                "table_description": "A call that failed, with the problem as its caller got it.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="FailureInputRow",
            fields=[
                ("id", fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=32)),
                (
                    "failure",
                    fields.OneToOneField(
                        "sluice.FailureRow",
                        source_field="failure_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="input",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("content", fields.BinaryField()),
            ],
            options={
                "table": "failure_input",
                "app": "sluice",
                "pk_attr": "id",
                "table_description": "The input of a failed call.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="StatisticsRow",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("subject_id", fields.CharField(max_length=32)),
                ("span_s", fields.IntField()),
                ("at", fields.BigIntField()),
                ("last_at", fields.FloatField()),
                ("last_failed_at", fields.FloatField(null=True)),
                ("counts", fields.TextField(unique=False)),
            ],
            options={
                "table": "statistics",
                "app": "sluice",
                "indexes": [Index(fields=["subject_id", "span_s", "at"]), Index(fields=["span_s", "at"])],
                "pk_attr": "id",
                "table_description": "What happened to the calls of one pipeline or model in one span of time.",
            },
            bases=["Model"],
        ),
    ]
