"""Scripts are judged without being run."""

from __future__ import annotations

import pytest

from sluice.workers.child.bad_script import BadScript
from sluice.workers.child.script_check import check_script


def check(source: str | bytes, needs_process: bool = True) -> list[str]:
    content = source if isinstance(source, bytes) else source.encode()
    return [warning["module"] for warning in check_script(content, "s.py", needs_process).warnings]


@pytest.mark.parametrize(
    "source",
    [
        "def process(content): return content",
        "def process(content, /): return content",
        "\ufeffdef process(content): pass",
        "if True:\n    def process(content): pass",
        "try:\n    import x\nexcept ImportError:\n    def process(content): pass",
        "process = len",
        "from helper import process",
        "raise SystemExit('never run')\ndef process(content): pass",
    ],
)
def test_good_scripts(source: str) -> None:
    check(source)


@pytest.mark.parametrize(
    ("source", "said", "line", "column"),
    [
        ("def process(:", "not valid Python: invalid syntax (line 1, column 13)", 1, 13),
        ("x = 1\nreturn x", "'return' outside function", 2, 1),
        ("def process(a, b): pass", "exactly one argument, not 2 (a, b)", 1, 1),
        ("def process(*a): pass", "exactly one argument, not `*a`", 1, 1),
        ("def process(): pass", "exactly one argument, not none", 1, 1),
        ("def process(a, *b, c=1, **d): pass", "not 4 (a, *b, c, **d)", 1, 1),
        ("async def process(a): pass", "is async", 1, 1),
        ("def other(a): pass", "has no function `process`", None, None),
        ("class A:\n    def process(self): pass", "has no function `process`", None, None),
        ("def process(a): pass\ndef process(a, b): pass", "not 2", 2, 1),
    ],
)
def test_bad_scripts(source: str, said: str, line: int | None, column: int | None) -> None:
    with pytest.raises(BadScript) as bad:
        check(source)
    assert said in bad.value.message
    assert (bad.value.line, bad.value.column) == (line, column)
    assert (bad.value.line_text is None) == (line is None)


def test_other_encodings_are_refused_with_the_line() -> None:
    with pytest.raises(BadScript, match="byte 0xe4 in line 2"):
        check(b"x = 1\n# \xe4\n")


def test_a_null_byte() -> None:
    with pytest.raises(BadScript, match="line 1 has a null byte"):
        check("def process(a): pass\0")


def test_a_module_needs_no_process() -> None:
    check("LABELS = []", needs_process=False)


def test_imports_that_cannot_be_resolved_name_the_line_to_add() -> None:
    source = (
        "import numpy, json\nimport no_such_thing.deep\ndef process(a):\n    from skimage import io\n    return a\n"
    )
    warnings = check_script(source.encode(), "s.py", True).warnings
    assert [(warning["module"], warning["line"]) for warning in warnings] == [("no_such_thing", 2), ("skimage", 4)]
    assert '`# dependencies = ["scikit-image"]`' in warnings[1]["message"]
    assert "If it is a module of yours, upload 'no_such_thing.py' as a helper module" in warnings[0]["message"]


@pytest.mark.parametrize("name", ["json.py", "numpy.py", "sluice_call.py"])
def test_a_module_that_could_not_be_imported_is_warned_of(name: str) -> None:
    (warning,) = check_script(b"LABELS = []", name, False).warnings
    assert "Upload it under another name" in warning["message"]
    assert check_script(b"LABELS = []", f"my_{name}", False).warnings == []


def test_a_guarded_import_is_the_scripts_own_matter() -> None:
    assert check("try:\n    import no_such_thing\nexcept ImportError:\n    pass\nprocess = len") == []
