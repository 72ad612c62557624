"""Says what was found, and whether all of it was good."""

from __future__ import annotations


class Proof:
    """Says each finding and remembers whether all were good."""

    good = True

    def finds(self, good: bool, text: str) -> None:
        """Print one finding."""
        self.good &= good
        print(f"{'ok ' if good else 'BAD'}  {text}", flush=True)
