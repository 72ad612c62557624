"""`sluice demo`: loads the examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sluice.cli.options import DataDir, Secret, Url
from sluice.cli.running import FAILED, call, fail, told
from sluice.cli.teaching import taught

if TYPE_CHECKING:
    import httpx2

HELP = taught(
    """Load the two examples, and ask each for one answer.

    What is there already stays as it is.""",
    "sluice demo",
)


def demo(data_dir: DataDir = None, url: Url = None, token: Secret = None) -> None:
    """Load the examples."""
    if not call(_load, data_dir, url, token):
        fail("not all examples could be loaded.", FAILED)


async def _load(client: httpx2.AsyncClient) -> bool:
    from sluice.client import IDLE_HOST
    from sluice.demo import load_examples

    examples = await load_examples(client)
    for example in examples:
        if example.problem is not None:
            told(f"{example.pipeline}: {example.problem}")
        else:
            done = "is there now" if example.created else "was there already"
            print(f"The pipeline '{example.pipeline}' {done}. Its answer to {example.sample.name}: {example.answer}")
            if client.base_url.host != IDLE_HOST:
                print(f"  {example.curl(str(client.base_url))}")
    return all(example.problem is None for example in examples)
