"""What people say of a model, and whether it answers; what is there already does."""

# ruff: noqa: D101, RUF012 - made by `tortoise makemigrations`, see `storage/config.py`

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("sluice", "0002_environments")]

    initial = False

    operations = [
        ops.AddField(
            model_name="ModelRow",
            name="active",
            field=fields.BooleanField(default=True, db_default=True),
        ),
        ops.AddField(
            model_name="ModelRow",
            name="description",
            field=fields.TextField(default="", db_default="", unique=False),
        ),
    ]
