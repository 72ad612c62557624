"""What scripts say that they need: read as PEP 723 has it, and refused by the line."""

from __future__ import annotations

import platform

import pytest

from sluice.workers.child.bad_script import BadScript
from sluice.workers.child.packages import brings, package_of
from sluice.workers.child.script_check import Checked, check_script

PROCESS = "def process(content): return content\n"


def check(header: str, rest: str = PROCESS) -> Checked:
    return check_script((header + rest).encode(), "s.py", True)


def block(*lines: str) -> str:
    return "\n".join(["# /// script", *(f"# {line}" if line else "#" for line in lines), "# ///", ""])


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_header_is_read_wherever_it_stands(newline: str) -> None:
    text = '"""A script."""\n\n' + block(
        'requires-python = ">=3.11"',
        "dependencies = [",
        '  "scipy>=1.16",',
        "",
        "  \"made-up[fast]==1; python_version>'3'\",",
        "]",
    )
    header = check(text.replace("\n", newline)).header
    assert header
    assert header.requires == ("scipy>=1.16", "made-up[fast]==1; python_version>'3'")
    assert (header.requires_python, header.line) == (">=3.11", 3)


def test_no_header_and_an_empty_one() -> None:
    assert check("").header is None
    empty = check(block()).header
    assert empty and (empty.requires, empty.requires_python) == ((), None)
    other = "# /// pyproject\n# dependencies = 3\n# ///\n"
    assert check(other).header is None


def test_the_end_is_the_last_that_follows_a_comment() -> None:
    # Precedence of the ending line as the specification has it: the block goes on while comments do.
    header = check("# /// script\n# dependencies = []\n# ///\n# x = 1\n")
    assert header.header and header.header.requires == ()


def test_tables_of_other_tools_are_theirs() -> None:
    header = check(block('dependencies = ["made-up"]', "[tool.uv]", 'index-url = "http://x/"')).header
    assert header and header.requires == ("made-up",)


@pytest.mark.parametrize(
    ("lines", "line", "said"),
    [
        (["dependencies = ["], 2, "isn't TOML"),
        (["", "dependencies = ['scipy' 'x']"], 3, "isn't TOML: Unclosed array"),
        (["dependencies = 'scipy'"], 2, "must be a list of texts"),
        (["dependencies = [3]"], 2, "must be a list of texts"),
        (["dependencies = [", "  'numpy',", "  'scipy >> 1',", "]"], 4, "'scipy >> 1' is no dependency"),
        (["dependencies = ['-r /etc/passwd']"], 2, "is no dependency"),
        (["dependencies = ['--index-url=http://x/']"], 2, "is no dependency"),
        (["dependencies = ['scipy\\n-r x']"], 2, "must be|is no dependency|isn't TOML"),
        (["dependencies = ['x @ file:///etc/passwd']"], 2, "names an address"),
        (["dependencies = ['x @ git+https://example.org/x']"], 2, "names an address"),
        (["dependencies = ['./folder']"], 2, "is no dependency"),
        (["requires-python = '<3'"], 2, f"needs Python <3, and here is Python {platform.python_version()}"),
        (["requires-python = 'three'"], 2, "must be a text such as '>=3.11'"),
        (["requires-python = 3.11"], 2, "must be a text such as '>=3.11'"),
        (["dependency = ['x']"], 2, "did you mean `dependencies`?"),
        (["x = 1"], 2, "Known are dependencies, requires-python."),
    ],
)
def test_what_cant_be_used_is_told_by_its_line(lines: list[str], line: int, said: str) -> None:
    with pytest.raises(BadScript) as bad:
        check(block(*lines))
    assert bad.value.line == line
    assert any(part in bad.value.message for part in said.split("|")), bad.value.message
    assert f"(line {line})" in bad.value.message
    assert bad.value.line_text == block(*lines).split("\n")[line - 1]


def test_newlines_in_a_dependency_go_nowhere() -> None:
    with pytest.raises(BadScript, match="is no dependency"):
        check(block('dependencies = ["scipy\\n--index-url http://x/"]'))


def test_two_headers() -> None:
    with pytest.raises(BadScript, match="there are two of them") as bad:
        check(block() + "\n" + block())
    assert bad.value.line == 4


@pytest.mark.parametrize("text", ["# /// script\n# dependencies = []\n", "#/// script\n#///\n", "  # /// script\n"])
def test_what_only_looks_like_a_header_is_warned_of(text: str) -> None:
    checked = check(text)
    assert checked.header is None
    [warning] = checked.warnings
    assert warning["line"] == 1 and "has no effect" in warning["message"]


def test_imports_are_held_against_the_header() -> None:
    source = "import cv2, made_up.part, numpy, json, pandas, sluice_call\n" + PROCESS
    checked = check(block('dependencies = ["Opencv.Python", "made-up"]'), source)
    assert [warning["module"] for warning in checked.warnings] == ["pandas"]
    assert 'add "pandas" to `dependencies`' in checked.warnings[0]["message"]


def test_packages_of_modules() -> None:
    packages = {"cv2": "opencv-python-headless", "PIL": "pillow", "sklearn": "scikit-learn", "yaml": "PyYAML"}
    packages |= {"bs4": "beautifulsoup4", "skimage": "scikit-image", "requests": "requests"}
    assert {module: package_of(module) for module in packages} == packages
    assert brings({"opencv-contrib-python"}, "cv2") and not brings({"opencv"}, "cv2")
