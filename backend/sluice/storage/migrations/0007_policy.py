"""The secrets of pipelines; those that are there have none."""

# ruff: noqa: D101, RUF012 - made by `tortoise makemigrations`, see `storage/config.py`

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("sluice", "0006_audit")]

    initial = False

    operations = [
        ops.AddField(
            model_name="PipelineRevisionRow",
            name="secrets",
            field=fields.TextField(null=True, unique=False),
        ),
    ]
