"""The Home page."""

from __future__ import annotations

from e2e.page_models.shell import Shell


class HomePage(Shell):
    """What is here, what ran lately and what is wrong."""

    section = "Home"
