"""Old scripts are told what today's libraries don't have any more, and nothing is told of what they have."""

from __future__ import annotations

import ast
import builtins
import pickle

import numpy as np
import PIL
import pytest
from PIL import Image, ImageDraw, ImageFont, ImageMath

from sluice.workers.child.removed_names import METHODS, NUMPY, PILLOW, REMOVED, removed_names
from sluice.workers.child.script_check import check_script

HERE = {"np": np, "numpy": np, "PIL": PIL, "Image": Image, "ImageMath": ImageMath, "pickle": pickle, "ast": ast}


def told(source: str, *own_packages: str) -> list[tuple[int, str]]:
    found = removed_names(ast.parse(source), frozenset(own_packages))
    assert all(warning["message"].startswith(f"Line {warning['line']} ") for warning in found)
    assert all(warning["module"] == "" for warning in found)
    return [(warning["line"], warning["message"].partition(" ")[2].partition(" ")[2]) for warning in found]


def test_what_the_table_has_is_gone_indeed() -> None:
    for name in NUMPY:
        assert name not in dir(np), name
    for name in PILLOW:
        module, _, attribute = name.rpartition(".")
        assert not hasattr({"": PIL, "Image": Image, "ImageMath": ImageMath}[module], attribute), name
    drawing = ImageDraw.Draw(Image.new("L", (2, 2)))
    objects = {"an array": np.zeros(2), "a font": ImageFont.load_default(), "a drawing": drawing}
    for method, (_, owner, _) in METHODS.items():
        assert not hasattr(objects[owner], method), method


def test_what_it_proposes_is_there() -> None:
    assert hasattr(np, "bool") and hasattr(Image, "BICUBIC")  # in older releases they weren't, and here they are
    for name, instead in REMOVED.items():
        module = name.rpartition(".")[0].rpartition(".")[2]
        proposed = ast.parse(instead.format(module), mode="eval")
        for node in ast.walk(proposed):
            match node:
                case ast.Attribute(value=ast.Name(id=owner), attr=attribute) if owner in HERE:
                    assert hasattr(HERE[owner], attribute), instead
                case ast.Name(id=word):
                    assert word in HERE or word in ("a", "image") or hasattr(builtins, word), instead


@pytest.mark.parametrize(
    ("source", "line", "said"),
    [
        ("import numpy as np\nx = np.zeros(3, np.float)", 2, "`np.float`, which NumPy removed. Write `float` instead."),
        (
            "import numpy\nx = numpy.product([1])",
            2,
            "`numpy.product`, which NumPy removed. Write `numpy.prod` instead.",
        ),
        ("import numpy as n\ny = n.NINF", 2, "`n.NINF`, which NumPy removed. Write `-n.inf` instead."),
        ("from numpy import product", 1, "`product`, which NumPy removed. Write `numpy.prod` instead."),
        (
            "from PIL import Image\n\ndef process(c):\n    return c.resize((2, 2), Image.ANTIALIAS)",
            4,
            "`Image.ANTIALIAS`, which Pillow removed. Write `Image.LANCZOS` instead.",
        ),
        (
            "import PIL.Image\nf = PIL.Image.LINEAR",
            2,
            "`PIL.Image.LINEAR`, which Pillow removed. Write `PIL.Image.BILINEAR` instead.",
        ),
        (
            "import PIL.Image as im\nf = im.CUBIC",
            2,
            "`im.CUBIC`, which Pillow removed. Write `im.BICUBIC` instead.",
        ),
        (
            "def process(c):\n    from PIL.Image import ANTIALIAS",
            2,
            "`ANTIALIAS`, which Pillow removed. Write `PIL.Image.LANCZOS` instead.",
        ),
        (
            "try:\n    import numpy as np\n    x = np.int(1)\nexcept Exception:\n    pass",
            3,
            "`np.int`, which NumPy removed. Write `int` instead.",
        ),
    ],
)
def test_each_is_told_with_its_line_and_what_to_write(source: str, line: int, said: str) -> None:
    assert told(source) == [(line, f"uses {said}")]


def test_methods_are_told_of_where_the_library_is_imported() -> None:
    fonts = "from PIL import ImageFont\nfont = ImageFont.load_default()\nw, h = (\n    font\n    .getsize('x'))"
    ((line, said),) = told(fonts)
    assert line == 5
    assert said == (
        "calls `.getsize()`. If that is a font of Pillow, it hasn't got it any more: "
        "write `left, top, right, bottom = font.getbbox(text)`."
    )
    assert [line for line, _ in told("import numpy as np\nx = np.zeros(2).tostring()")] == [2]


@pytest.mark.parametrize(
    "source",
    [
        "import numpy as np\nx = np.zeros(3, np.float32), np.bool, np.inf, np.prod, float, np.random.rand",
        "import os\nfrom PIL import Image\nsize = os.path.getsize('x')",
        "import numpy as np\nimport xml.etree.ElementTree as ET\nx = ET.tostring(None)",
        "x = y.tostring()",
        "from other import product\nx = product([1])",
        "import other as np\nx = np.float",
        "import numpy as np\nnp.float = float\nx = np.float(1)",
        "from PIL import Image\ntry:\n    F = Image.ANTIALIAS\nexcept AttributeError:\n    F = Image.LANCZOS",
        "try:\n    from numpy import product\nexcept (ImportError, KeyError):\n    pass",
        "from . import numpy as np\nx = np.float",
    ],
)
def test_nothing_else_is_told(source: str) -> None:
    assert told(source) == []


def test_who_names_a_package_chose_its_version() -> None:
    source = "import numpy as np\nfrom PIL import Image\nx = np.float, Image.LINEAR"
    assert len(told(source)) == 2
    assert [said for _, said in told(source, "pillow") if "Pillow" in said] == []


def test_a_hundred_are_enough() -> None:
    assert len(told("import numpy as np\n" + "x = np.int, np.float\n" * 200)) == 100


def test_the_check_of_a_script_tells_them_in_the_order_of_lines() -> None:
    source = b"import numpy as np\nimport made_up\n\ndef process(content):\n    return np.alltrue(content)\n"
    found = check_script(source, "s.py", needs_process=True).warnings
    assert [(warning["line"], warning["module"]) for warning in found] == [(2, "made_up"), (5, "")]
