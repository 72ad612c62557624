"""How long and how much is kept of the predictions."""

from __future__ import annotations

from dataclasses import dataclass

DAY_S = 86_400
SPAN_AGES_S = {60: 2 * 3600, 900: 2 * DAY_S}
"""How long spans are kept that longer ones hold too; the longest are kept for `Retention.days`."""


@dataclass(frozen=True)
class Retention:
    """What an operator sets.

    Attributes:
        days: that statistics and failures are kept.
        input_bytes: of one input of a failed call; larger ones aren't kept.
        inputs_bytes: of all inputs of one pipeline; the oldest go first.
        inputs_days: that inputs are kept.
    """

    days: int
    input_bytes: int
    inputs_bytes: int
    inputs_days: int
