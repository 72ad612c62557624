"""Prints what a check found: what loaded, each step with what it was given and returned, the answer or the problem."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from rich.text import Text

from sluice.cli.printing import console, table

_FIRST_CHARACTERS = 60


def print_report(report: dict[str, Any], *, as_json: bool = False) -> None:
    """Print one report, for people or as one line of JSON."""
    if as_json:
        print(json.dumps(report), flush=True)
        return
    out = console()
    if report["pipeline"]:
        out.print(Text(report["pipeline"], "bold"))
    if model := report["model"]:
        for way in ("inputs", "outputs"):
            out.print(f"{way.ljust(8)} {', '.join(map(_tensor, model[way]))}")
    for warning in report["warnings"]:
        out.print(Text("warning  ", "yellow").append(f"{warning['script']}: {warning['message']}", "default"))
    trace = report["trace"] or {}
    if steps := trace.get("steps"):
        out.print()
        rows = [
            (step["step"], f"{step['ms']:.1f}", _values(step.get("given")), _values(step.get("returned")))
            for step in steps
        ]
        table(("step", "ms", "given", "returned"), rows)
    if printed := trace.get("printed"):
        out.print("\nprinted:")
        out.print("\n".join(f"    {line}" for line in printed.splitlines()))
    out.print()
    if report["problem"]:
        for line in _problem(report["problem"], trace, report["sample"]):
            out.print(line)
    else:
        _print_answer(report)


def _print_answer(report: dict[str, Any]) -> None:
    out = console()
    if report["ran"]:
        out.print("answer   " + json.dumps(report["output"], ensure_ascii=False))
        made = " It was asked with zeros; give a real sample by --input." if report["sample"] == "made" else ""
        out.print(Text("ok", "green").append(f"  It loads and answers.{made}", "default"))
    else:
        out.print(Text("ok", "green").append("  It loads. Nothing was sent: give a sample by --input.", "default"))


def _problem(problem: dict[str, Any], trace: dict[str, Any], sample: str | None) -> Iterator[Text | str]:
    where = [problem["step"]] if problem.get("step") else []
    where += [problem["script"]] if problem.get("script") else []
    where += [f"line {problem['line']}"] if problem.get("line") else []
    yield Text("broken", "bold red").append(f"  {', '.join(where)}" if where else "", "bold default")
    yield problem["detail"]
    frames = trace.get("frames") or []
    if frames and frames[-1].get("source"):
        for line in frames[-1]["source"]:
            mark = ">" if line["line"] == frames[-1]["line"] else " "
            yield Text(f"  {mark} {line['line']:4}  {line['text']}", "bold" if mark == ">" else "dim")
    elif problem.get("lineText"):
        yield Text(f"  > {problem.get('line', 0):4}  {problem['lineText']}", "bold")
    if problem.get("printed") and not trace.get("printed"):
        yield "printed:"
        yield "\n".join(f"    {line}" for line in problem["printed"].splitlines())
    if sample == "made":
        yield "It was asked with zeros, which may be to blame: give a real sample by --input."


def _tensor(tensor: dict[str, Any]) -> str:
    if tensor["shape"] is None:
        return f"{tensor['name']}: {tensor['type']}"
    symbols = tensor["symbols"] or [None] * len(tensor["shape"])
    sizes = [symbol or ("?" if size < 0 else str(size)) for size, symbol in zip(tensor["shape"], symbols, strict=True)]
    return f"{tensor['name']}: {tensor['datatype'] or tensor['type']} [{', '.join(sizes)}]"


def _values(values: list[dict[str, Any]] | None) -> str:
    return ", ".join(map(_value, values or ()))


def _value(value: dict[str, Any]) -> str:
    kind = value["type"]
    if kind == "tensor":
        kind = f"{value['dtype']} {tuple(value['shape'])}"
    elif "sizeBytes" in value:
        kind += f" of {value['sizeBytes']}"
    elif "length" in value:
        kind += f" of {value['length']}"
    elif value.get("first"):
        kind += f" {value['first'][0]}"
    return f"{value['name']}: {kind}" if value.get("name") else kind
