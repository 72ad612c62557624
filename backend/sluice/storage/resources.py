"""Keeps resources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from tortoise.exceptions import IntegrityError
from tortoise.expressions import F, Q

from sluice.entities import Resource, ResourceKind
from sluice.storage.encoding import header_from_text, header_to_text, warnings_from_text, warnings_to_text
from sluice.storage.entries import added
from sluice.storage.heads import name_taken
from sluice.storage.ids import now
from sluice.storage.removing import remove_parts
from sluice.storage.tables import ResourceRevisionRow, ResourceRow
from sluice.storage.transaction import transaction


class ResourceStore:
    """The resources, each with its current revision."""

    async def all(self) -> list[Resource]:
        """Return every resource."""
        rows = await ResourceRevisionRow.filter(number=F("head__current")).select_related("head")
        return [resource_of(row) for row in rows]

    async def add(self, resource: Resource, key: str) -> None:
        """Keep a new resource under `key`, the form of its name by which names are compared.

        Raises:
            NameTaken: a resource has that key already.
        """
        async with transaction([added(resource)]):
            try:
                await ResourceRow.create(
                    id=resource.id,
                    name=resource.name,
                    name_key=key,
                    current=resource.revision,
                    created_at=resource.created_at,
                )
            except IntegrityError:
                raise name_taken("resource", resource.name) from None
            await add_resource_revision(resource)

    async def remove(self, resources: Sequence[Resource]) -> None:
        """Remove resources with all their revisions, all or none.

        Raises:
            InUse: a pipeline needs one of them.
        """
        await remove_parts("resource", resources, ResourceRow, ResourceRevisionRow, _users_of)


def _users_of(id: str) -> Q:
    return Q(pre_processing__head_id=id) | Q(post_processing__head_id=id) | Q(data_files__resource__head_id=id)


async def add_resource_revision(resource: Resource) -> None:
    """Write the row of a resource's revision."""
    await ResourceRevisionRow.create(
        id=resource.revision_id,
        head_id=resource.id,
        number=resource.revision,
        created_at=now(),
        kind=resource.kind,
        sha256=resource.sha256,
        size_bytes=resource.size_bytes,
        warnings=warnings_to_text(resource.warnings),
        header=header_to_text(resource.header),
    )


def resource_of(row: ResourceRevisionRow) -> Resource:
    """Return the resource of a revision that was read together with its head."""
    return Resource(
        id=row.head.id,
        name=row.head.name,
        kind=cast(ResourceKind, row.kind),
        created_at=row.head.created_at,
        revision_id=row.id,
        revision=row.number,
        sha256=row.sha256,
        size_bytes=row.size_bytes,
        warnings=warnings_from_text(row.warnings),
        header=header_from_text(row.header),
    )
