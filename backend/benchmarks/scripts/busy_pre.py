"""Pre-processing of `heavy`: some 20 ms of Python that holds the interpreter, then one row."""

import json

import numpy as np

STEPS = 230_000


def process(content):
    """Return `{"measures": float32 (1, 4)}`."""
    checksum = 1
    for step in range(STEPS):
        checksum = (checksum * 75 + step) % 65_537
    row = np.array(json.loads(content)["measures"], np.float32)
    row[0, 0] += (checksum % 2) * 1e-6
    return {"measures": row}
