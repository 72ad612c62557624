"""What scripts say that they need, and the environment of each pipeline; none of it for what is there already."""

# ruff: noqa: D101, RUF012 - made by `tortoise makemigrations`, see `storage/config.py`

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("sluice", "0001_initial")]

    initial = False

    operations = [
        ops.AddField(
            model_name="PipelineRevisionRow",
            name="environment",
            field=fields.CharField(null=True, max_length=64),
        ),
        ops.AddField(
            model_name="ResourceRevisionRow",
            name="header",
            field=fields.TextField(null=True, unique=False),
        ),
    ]
