"""Help that teaches: what a command does, then how it is typed."""

from __future__ import annotations


def taught(text: str, *examples: str) -> str:
    """Return the help of a command.

    Args:
        text: paragraphs, of which the first is one sentence.
        examples: command lines, or lines of a file.
    """
    paragraphs = [" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n")]
    lines = [line.replace("[", r"\[") for line in examples]
    return "\n\n".join([*paragraphs, "\b\n" + "\n".join(f"  [cyan]{line}[/cyan]" for line in lines)])
