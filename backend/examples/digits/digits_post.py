"""Post-processing: ten probabilities become the digit, its name and how sure the model is of each.

The names come from a data file of the pipeline: those lie beside the scripts.
"""

import json
from pathlib import Path

LABELS = json.loads(Path(__file__).with_name("digits_labels.json").read_text(encoding="utf-8"))


def process(content):
    """Return `{"digit": 7, "label": "seven", "probabilities": {"zero": 0.0, ...}}`."""
    probabilities = content[0][0]  # the model's first output, of the first picture
    digit = int(probabilities.argmax())
    return {
        "digit": digit,
        "label": LABELS[digit],
        "probabilities": {label: round(float(p), 4) for label, p in zip(LABELS, probabilities, strict=True)},
    }
