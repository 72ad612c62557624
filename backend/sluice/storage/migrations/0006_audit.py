"""Who changed what, and when."""

# ruff: noqa: D101, RUF012 - made by `tortoise makemigrations`, see `storage/config.py`

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("sluice", "0005_access")]

    initial = False

    operations = [
        ops.CreateModel(
            name="AuditRow",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("actor", fields.CharField(max_length=200)),
                ("actor_key", fields.CharField(max_length=1000)),
                ("actor_by", fields.CharField(max_length=20)),
                ("action", fields.CharField(max_length=50)),
                ("subject_kind", fields.CharField(null=True, max_length=20)),
                ("subject", fields.CharField(null=True, max_length=255)),
                ("subject_key", fields.CharField(null=True, max_length=1000)),
                ("subject_id", fields.CharField(null=True, max_length=64)),
                ("dialect", fields.CharField(max_length=20)),
                ("request_id", fields.CharField(max_length=64)),
                ("address", fields.CharField(null=True, max_length=64)),
                ("detail", fields.TextField(unique=False)),
            ],
            options={
                "table": "audit",
                "app": "sluice",
                "indexes": [Index(fields=["at"])],
                "pk_attr": "id",
                "table_description": "A change that somebody made.",
            },
            bases=["Model"],
        ),
    ]
