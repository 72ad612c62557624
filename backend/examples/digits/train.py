"""Trains the digits model: writes `digits.onnx` and the sample pictures beside this file.

Needs scikit-learn and onnx (`make test` installs both) and takes about ten seconds:

    python backend/examples/digits/train.py             # writes the files, prints the accuracy
    python backend/examples/digits/train.py --in-order  # only tells the accuracy on other writers' digits

The data are 1,797 handwritten digits of 8 x 8 numbers that come with scikit-learn.
Source: E. Alpaydin, C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository, CC BY 4.0.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from PIL import Image, ImageOps
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER))

import digits_pre  # noqa: E402

HIDDEN = 256
VARIANTS = 20  # slanted, turned and scaled copies of each digit
PASSES = 30


def split(in_order=False):
    """Return training images (N, 64), 0..16, their digits, held-out images and their digits: three quarters and one.

    One writer's digits follow another's, so `in_order` holds out mostly other people's; else chance decides.
    """
    data = load_digits()
    cut = {"shuffle": False} if in_order else {"stratify": data.target, "random_state": 0}
    train, held_out, train_digits, held_out_digits = train_test_split(data.data, data.target, test_size=0.25, **cut)
    return train, train_digits, held_out, held_out_digits


def train(images, digits):
    """Return a network of one hidden layer, trained on the images and on variants of them."""
    rng = np.random.default_rng(0)
    variants = [np.stack([vary(image, rng) for image in images]) for _ in range(VARIANTS)]
    images, digits = np.concatenate([images, *variants]), np.tile(digits, VARIANTS + 1)
    network = MLPClassifier((HIDDEN,), alpha=1e-2, random_state=1)
    with threadpool_limits(1):  # sums in another order round otherwise: one thread makes the same file each time
        for _ in range(PASSES):
            network.partial_fit(images / 16, digits, classes=np.arange(10))
    return network


def vary(image, rng):
    """Return a variant of an image as pre-processing would have made it: from it users' pictures will come."""
    side, middle = 48, np.array([24, 24])
    canvas = Image.new("L", (side, side))
    canvas.paste(upscale(image, 32), (8, 8))
    angle, slant = np.deg2rad(rng.uniform(-12, 12)), rng.uniform(-0.15, 0.15)
    turned = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    matrix = turned @ np.array([[1, slant], [0, 1]]) @ np.diag(rng.uniform(0.8, 1.2, 2))
    shift = middle - matrix @ middle  # so that the middle stays where it is
    coefficients = np.column_stack([matrix, shift]).ravel().tolist()
    canvas = canvas.transform((side, side), Image.Transform.AFFINE, coefficients, Image.Resampling.BILINEAR)
    return digits_pre.cells_of(np.asarray(canvas, np.float32) / 255)


def upscale(image, side):
    """Return 64 numbers of 0..16 as a smooth grey picture, light on dark."""
    grey = (image.reshape(8, 8) / 16 * 255).round().astype(np.uint8)
    return Image.fromarray(grey).resize((side, side), Image.Resampling.BICUBIC)


def to_onnx(network):
    """Return the network as an ONNX file: `image` float32 (N, 64), 0..16 -> `probabilities` float32 (N, 10)."""
    first, second = network.coefs_
    constants = {"w1": first / 16, "b1": network.intercepts_[0], "w2": second, "b2": network.intercepts_[1]}
    nodes = [
        helper.make_node("Gemm", ["image", "w1", "b1"], ["sums"]),
        helper.make_node("Relu", ["sums"], ["hidden"]),
        helper.make_node("Gemm", ["hidden", "w2", "b2"], ["scores"]),
        helper.make_node("Softmax", ["scores"], ["probabilities"], axis=1),
    ]
    graph = helper.make_graph(
        nodes,
        "digits",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["N", 64])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["N", 10])],
        [numpy_helper.from_array(value.astype(np.float32), name) for name, value in constants.items()],
    )
    opsets = [helper.make_opsetid("", 17)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8, producer_name="sluice examples")
    onnx.checker.check_model(model, full_check=True)
    return model.SerializeToString()


def picture(image):
    """Return a digit as it may have looked on paper: dark on white, 200 x 200, with strokes that end sharply."""
    sharp = upscale(image, 160).point(lambda grey: min(255, max(0, (grey - 110) * 3 + 127)))
    paper = Image.new("L", (200, 200), 255)
    paper.paste(ImageOps.invert(sharp), (20, 20))
    return paper


def main():
    """Train, write the files unless only figures are asked for, and print the accuracy."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--in-order", action="store_true", help="hold out the last writers and write no file")
    arguments.add_argument("--folder", type=Path, default=FOLDER, help="where to write")
    options = arguments.parse_args()
    images, digits, held_out, held_out_digits = split(options.in_order)
    network = train(images, digits)
    accuracy = network.score(held_out / 16, held_out_digits)
    print(f"{accuracy:.1%} of {len(held_out)} held-out digits are right")
    if options.in_order:
        return
    (options.folder / "digits.onnx").write_bytes(to_onnx(network))
    (options.folder / "pictures").mkdir(exist_ok=True)
    for digit in range(10):
        first = held_out[np.argmax(held_out_digits == digit)]
        picture(first).save(options.folder / "pictures" / f"digit-{digit}.png", optimize=True)


if __name__ == "__main__":
    main()
