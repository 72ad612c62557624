"""Users, tokens bound to pipelines, and when both were last used."""

# ruff: noqa: D101, RUF012 - made by `tortoise makemigrations`, see `storage/config.py`

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from sluice.storage.ids import new_id, now


class Migration(migrations.Migration):
    dependencies = [("sluice", "0004_statistics")]

    initial = False

    operations = [
        ops.CreateModel(
            name="UserRow",
            fields=[
                ("id", fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=32)),
                ("name", fields.CharField(max_length=200)),
                ("name_key", fields.CharField(unique=True, max_length=1000)),
                ("role", fields.CharField(max_length=20)),
                ("pipelines", fields.TextField(null=True, unique=False)),
                ("password_hash", fields.CharField(null=True, max_length=200)),
                ("created_at", fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
                ("last_used_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "user_account",
                "app": "sluice",
                "pk_attr": "id",
                "table_description": "A person who signs in, with a password of which only the argon2 hash is kept, "
                "or by other means.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="SessionRow",
            name="signed_in_by",
            field=fields.CharField(null=True, max_length=20),
        ),
        ops.AddField(
            model_name="SessionRow",
            name="user_id",
            field=fields.CharField(null=True, max_length=32),
        ),
        ops.AddField(
            model_name="TokenRow",
            name="last_used_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="TokenRow",
            name="pipelines",
            field=fields.TextField(null=True, unique=False),
        ),
    ]
