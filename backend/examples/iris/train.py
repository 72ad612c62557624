"""Trains the iris model: writes `iris.onnx` beside this file.

Needs scikit-learn and onnx (`make test` installs both):

    python backend/examples/iris/train.py

The data are the measurements of 150 flowers of three species that come with scikit-learn.
Source: R. A. Fisher, "Iris", UCI Machine Learning Repository, CC BY 4.0.
"""

import argparse
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

FOLDER = Path(__file__).parent


def split():
    """Return training flowers (N, 4) in cm, their species 0..2, held-out flowers and their species."""
    data = load_iris()
    parts = train_test_split(data.data, data.target, test_size=0.25, stratify=data.target, random_state=0)
    train, held_out, train_species, held_out_species = parts
    return train, train_species, held_out, held_out_species


def to_onnx(classifier):
    """Return the classifier as an ONNX file.

    `measurements` float32 (N, 4) -> `species` int64 (N,) and `probabilities` float32 (N, 3).
    """
    constants = {"weights": classifier.coef_.T, "bias": classifier.intercept_}
    nodes = [
        helper.make_node("Gemm", ["measurements", "weights", "bias"], ["scores"]),
        helper.make_node("ArgMax", ["scores"], ["species"], axis=1, keepdims=0),
        helper.make_node("Softmax", ["scores"], ["probabilities"], axis=1),
    ]
    graph = helper.make_graph(
        nodes,
        "iris",
        [helper.make_tensor_value_info("measurements", TensorProto.FLOAT, ["N", 4])],
        [
            helper.make_tensor_value_info("species", TensorProto.INT64, ["N"]),
            helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["N", 3]),
        ],
        [numpy_helper.from_array(value.astype(np.float32), name) for name, value in constants.items()],
    )
    opsets = [helper.make_opsetid("", 17)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8, producer_name="sluice examples")
    onnx.checker.check_model(model, full_check=True)
    return model.SerializeToString()


def main():
    """Train, write the file and print the accuracy."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--folder", type=Path, default=FOLDER, help="where to write")
    options = arguments.parse_args()
    flowers, species, held_out, held_out_species = split()
    classifier = LogisticRegression(max_iter=1000).fit(flowers, species)
    accuracy = classifier.score(held_out, held_out_species)
    print(f"{accuracy:.1%} of {len(held_out)} held-out flowers are right")
    (options.folder / "iris.onnx").write_bytes(to_onnx(classifier))


if __name__ == "__main__":
    main()
