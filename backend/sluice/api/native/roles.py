"""Lists of what has a role: users and tokens."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeVar

from pydantic import Field

from sluice.api.native.listing import SORT, Listed, ListQuery, Order
from sluice.catalog.names import name_key
from sluice.entities import Role, Token, User

H = TypeVar("H", Token, User)


class RoleQuery(ListQuery):
    """Which ones to list."""

    sort: Literal["createdAt", "-createdAt", "name", "-name"] = Field("createdAt", description=SORT)
    role: Role | None = Field(None, description="Only those of this role.")

    def page(self, holders: Iterable[H]) -> Listed[H]:
        """Return the page that is asked for; raises as `Order.page`."""
        order = Order[H](
            lambda holder: holder.id,
            {"name": lambda holder: name_key(holder.name), "createdAt": lambda holder: holder.created_at.timestamp()},
        )
        return order.page((one for one in holders if self.matches(one.name) and self.role in (None, one.role)), self)
