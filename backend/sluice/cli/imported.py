"""Brings what was judged to a server: parts first, then the pipelines that will run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace as changed

import httpx2

from sluice.cli.manifest import ModelPart, ResourcePart
from sluice.cli.pushing import Change, Pushing
from sluice.cli.verdicts import Verdict
from sluice.client import CallFailed


async def importing(
    client: httpx2.AsyncClient, verdicts: Sequence[Verdict], *, dry_run: bool, replace: bool
) -> list[Verdict]:
    """Return the verdicts with what was done, or in a dry run would be.

    Args:
        client: of the server.
        verdicts: parts first.
        dry_run: only compare.
        replace: what has a name there and another content is replaced; otherwise it stays.
    """
    pushing = Pushing(client, dry_run=dry_run, replace=replace)
    kept = False
    done = []
    for verdict in verdicts:
        # With a part that stays as the server has it, the server's word on a pipeline is what counts.
        if verdict.what is None or (verdict.problem and (dry_run or not kept)):
            done.append(verdict)
            continue
        try:
            change = await _pushed(pushing, verdict)
        except CallFailed as refused:
            if not refused.status:
                raise
            done.append(changed(verdict, problem=str(refused)))
            continue
        kept = kept or change.deed == "kept"
        deed = change.deed if not dry_run or change.deed in ("unchanged", "kept") else f"would be {change.deed}"
        done.append(changed(verdict, problem=None, deed=deed, notes=(*verdict.notes, *change.notes)))
    return done


async def _pushed(pushing: Pushing, verdict: Verdict) -> Change:
    match verdict.what:
        case ModelPart() as part:
            return await pushing.model(part)
        case ResourcePart() as part:
            return await pushing.resource(part)
        case body:
            assert body is not None
            return await pushing.pipeline(body)
