"""How often a user was changed; those that are there count from here."""

# ruff: noqa: D101, RUF012 - made by `tortoise makemigrations`, see `storage/config.py`

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("sluice", "0007_policy")]

    initial = False

    operations = [
        ops.AddField(
            model_name="UserRow",
            name="revision",
            field=fields.IntField(default=1, db_default=1),
        ),
    ]
