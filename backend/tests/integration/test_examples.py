"""The examples keep what their README promises: figures, pictures, drawings, and files that can be made again."""

import importlib.util
import io
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import onnxruntime
import pytest
from PIL import Image, ImageDraw

EXAMPLES = Path(__file__).parents[2] / "examples"
DIGITS = EXAMPLES / "digits"
IRIS = EXAMPLES / "iris"
README = (EXAMPLES / "README.md").read_text(encoding="utf-8")

# A person's strokes on a canvas of 280 x 280.
STROKES = {
    0: [(140, 50), (100, 80), (90, 140), (100, 200), (140, 230), (180, 200), (190, 140), (180, 80), (140, 50)],
    1: [(140, 50), (138, 230)],
    2: [(90, 80), (120, 50), (165, 50), (185, 90), (170, 135), (90, 225), (195, 228)],
    3: [(90, 65), (140, 50), (180, 85), (165, 125), (125, 135), (175, 155), (185, 195), (140, 230), (90, 212)],
    4: [(160, 230), (160, 50), (90, 165), (200, 168)],
    5: [(185, 50), (110, 50), (105, 125), (155, 118), (190, 160), (180, 205), (140, 230), (92, 215)],
    6: [(170, 50), (120, 110), (95, 180), (120, 225), (165, 230), (188, 190), (165, 150), (125, 150), (98, 185)],
    7: [(88, 52), (190, 50), (135, 230)],
    8: [(140, 135), (105, 95), (140, 50), (178, 95), (140, 135), (97, 190), (140, 232), (187, 190), (140, 135)],
    9: [(185, 95), (150, 137), (105, 125), (95, 85), (115, 55), (160, 52), (188, 85), (182, 160), (168, 230)],
}


def module(path: Path) -> ModuleType:
    """Return the script as a module of its own: two folders have a train.py."""
    spec = importlib.util.spec_from_file_location(f"{path.parent.name}_{path.stem}", path)
    assert spec and spec.loader
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


digits_pre, digits_post, digits_train = (
    module(DIGITS / f"{name}.py") for name in ("digits_pre", "digits_post", "train")
)
iris_post, iris_train = module(IRIS / "iris_post.py"), module(IRIS / "train.py")


@pytest.fixture(scope="module")
def digits_model() -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(DIGITS / "digits.onnx")


def answer(model: onnxruntime.InferenceSession, content: bytes) -> dict[str, Any]:
    result: dict[str, Any] = digits_post.process(model.run(None, digits_pre.process(content)))
    return result


def file_of(picture: Image.Image, kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    picture.save(file, kind)
    return file.getvalue()


def drawing(digit: int, pen: int) -> Image.Image:
    canvas = Image.new("L", (280, 280), 255)
    ImageDraw.Draw(canvas).line(STROKES[digit], fill=0, width=pen, joint="curve")
    return canvas


def test_the_files_are_small_enough_to_be_cloned() -> None:
    assert (DIGITS / "digits.onnx").stat().st_size < 200_000
    assert (IRIS / "iris.onnx").stat().st_size < 1_000
    assert sum(picture.stat().st_size for picture in DIGITS.glob("pictures/*.png")) < 100_000


def test_digits_accuracy_is_the_one_in_the_readme(digits_model: onnxruntime.InferenceSession) -> None:
    _, _, images, digits = digits_train.split()
    (probabilities,) = digits_model.run(None, {"image": images.astype(np.float32)})
    accuracy = float((probabilities.argmax(axis=1) == digits).mean())
    assert accuracy > 0.97
    assert f"{accuracy * 100:.1f} % right from the data's own" in README


def test_digits_accuracy_through_pre_processing_is_the_one_in_the_readme(
    digits_model: onnxruntime.InferenceSession,
) -> None:
    _, _, images, digits = digits_train.split()
    inputs = [digits_pre.process(file_of(digits_train.picture(image)))["image"] for image in images]
    (probabilities,) = digits_model.run(None, {"image": np.concatenate(inputs)})
    accuracy = float((probabilities.argmax(axis=1) == digits).mean())
    assert f"{accuracy * 100:.1f} % as pictures" in README


@pytest.mark.parametrize("picture", sorted(DIGITS.glob("pictures/*.png")), ids=lambda path: path.stem)
def test_each_picture_is_answered_with_the_digit_in_its_name(
    digits_model: onnxruntime.InferenceSession, picture: Path
) -> None:
    result = answer(digits_model, picture.read_bytes())
    assert result["digit"] == int(picture.stem.removeprefix("digit-"))
    labels = json.loads((DIGITS / "digits_labels.json").read_text(encoding="utf-8"))
    assert result["label"] == labels[result["digit"]]
    assert list(result["probabilities"]) == labels
    assert sum(result["probabilities"].values()) == pytest.approx(1, abs=0.001)
    json.dumps(result)


@pytest.mark.parametrize("pen", [8, 16, 28])
@pytest.mark.parametrize("digit", range(10))
def test_a_digit_drawn_on_a_canvas_is_recognised(
    digits_model: onnxruntime.InferenceSession, digit: int, pen: int
) -> None:
    assert answer(digits_model, file_of(drawing(digit, pen)))["digit"] == digit


def light_on_dark(picture: Image.Image) -> bytes:
    return file_of(picture.point(lambda value: 255 - value))


def transparent(picture: Image.Image) -> bytes:
    drawn = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    drawn.putalpha(picture.point(lambda value: 255 - value))
    return file_of(drawn)


def sixteen_bits(picture: Image.Image) -> bytes:
    return file_of(Image.fromarray(np.asarray(picture).astype(np.uint16) * 257))


def in_a_corner(picture: Image.Image) -> bytes:
    sheet = Image.new("RGB", (900, 600), "ivory")
    sheet.paste(
        picture.convert("RGB").resize((150, 150)), (740, 10), picture.point(lambda v: 255 - v).resize((150, 150))
    )
    return file_of(sheet)


def turned_by_the_camera(picture: Image.Image) -> bytes:
    file, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6  # orientation: the camera lay on its side, a viewer must turn by 90 degrees
    picture.transpose(Image.Transpose.ROTATE_90).save(file, "JPEG", exif=exif)
    return file.getvalue()


@pytest.mark.parametrize(
    "variant",
    [light_on_dark, transparent, sixteen_bits, in_a_corner, turned_by_the_camera],
    ids=lambda variant: variant.__name__,
)
def test_a_picture_may_come_in_many_forms(digits_model: onnxruntime.InferenceSession, variant: Any) -> None:
    with Image.open(DIGITS / "pictures" / "digit-7.png") as picture:
        assert answer(digits_model, variant(picture))["digit"] == 7


@pytest.mark.parametrize("size", [(28, 28), (2000, 2000), (300, 200)])
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP"])
def test_any_size_and_kind_of_picture_will_do(
    digits_model: onnxruntime.InferenceSession, kind: str, size: tuple[int, int]
) -> None:
    with Image.open(DIGITS / "pictures" / "digit-4.png") as picture:
        assert answer(digits_model, file_of(picture.resize(size), kind))["digit"] == 4


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"{}", "not a picture"), (b"", "not a picture"), (file_of(Image.new("RGB", (9, 9), "red")), "one colour")],
)
def test_what_shows_no_digit_is_refused_with_the_reason(content: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        digits_pre.process(content)


def test_iris_names_the_species_of_each_held_out_flower() -> None:
    _, _, flowers, species = iris_train.split()
    outputs = onnxruntime.InferenceSession(IRIS / "iris.onnx").run(None, {"measurements": flowers.astype(np.float32)})
    rows = iris_post.process(outputs)
    assert [row["species"] for row in rows] == [iris_post.SPECIES[number] for number in species]
    assert all(row["probability"] > 1 / 3 for row in rows)


def test_the_iris_sample_has_one_flower_of_each_species() -> None:
    sample = json.loads((IRIS / "iris_sample.json").read_text(encoding="utf-8"))
    inputs = {name: np.array(value, np.float32) for name, value in sample.items()}
    rows = iris_post.process(onnxruntime.InferenceSession(IRIS / "iris.onnx").run(None, inputs))
    assert [row["species"] for row in rows] == iris_post.SPECIES


def made_again(example: Path, folder: Path) -> None:
    subprocess.run([sys.executable, example / "train.py", "--folder", folder], check=True, capture_output=True)


def same_predictions(committed: Path, again: Path, inputs: dict[str, np.ndarray]) -> float:
    """Return the part of the rows that both files put into the same class."""
    choices = [onnxruntime.InferenceSession(file).run(None, inputs)[-1].argmax(axis=1) for file in (committed, again)]
    return float((choices[0] == choices[1]).mean())


@pytest.mark.slow
def test_training_makes_the_committed_digits_again(tmp_path: Path) -> None:
    made_again(DIGITS, tmp_path)
    inputs = {"image": digits_train.split()[2].astype(np.float32)}
    # On the same processor and libraries the file is the same, byte for byte; others round in another way.
    assert same_predictions(DIGITS / "digits.onnx", tmp_path / "digits.onnx", inputs) > 0.98
    for picture in DIGITS.glob("pictures/*.png"):
        with Image.open(picture) as committed, Image.open(tmp_path / "pictures" / picture.name) as again:
            assert np.abs(np.asarray(committed, np.int16) - np.asarray(again, np.int16)).max() <= 1


def test_training_makes_the_committed_iris_model_again(tmp_path: Path) -> None:
    made_again(IRIS, tmp_path)
    inputs = {"measurements": iris_train.split()[2].astype(np.float32)}
    assert same_predictions(IRIS / "iris.onnx", tmp_path / "iris.onnx", inputs) == 1
