"""Every route of the application, called by each role; the test finds them on the application itself."""

from __future__ import annotations

from pathlib import Path

from reliability.row import Asked, Outcome, Row, main
from reliability.tested import tested
from sluice.api.routing import RoleRoute
from sluice.app import create_app
from sluice.settings import Settings


def measure(asked: Asked, folder: Path) -> Outcome:
    """Run the test; in short and in full it is the same."""
    found = [route for route in create_app(Settings.load({})).routes if isinstance(route, RoleRoute)]
    calls = sum(len(route.actions.table) for route in found)
    ran = tested(folder, "integration/test_routes.py")
    return Outcome(f"{calls} methods of {len(found)} routes walked, {len(ran.wrongs)} wrongs", ran.wrongs)


ROW = Row("routes", "100 % walked for each role", measure)

if __name__ == "__main__":
    main(ROW)
