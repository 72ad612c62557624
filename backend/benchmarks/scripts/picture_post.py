"""Post-processing of `image`: the five likeliest classes."""

import numpy as np


def process(content):
    """Return `{"classes": [5 integers], "probabilities": [5 numbers]}`, likeliest first."""
    probabilities = content[0][0]
    best = np.argsort(probabilities)[:-6:-1]
    return {"classes": best.tolist(), "probabilities": probabilities[best].tolist()}
