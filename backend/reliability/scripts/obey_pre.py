"""Pre-processing of every pipeline that does harm: `{"number": 5}`, and optionally a deed with its step."""

import numpy as np
import obeying


def process(content):
    """Return `{"numbers": float32 (1, 4)}`, all the number."""
    number = obeying.receive(content)
    obeying.obey("pre-processing")
    return {"numbers": np.full((1, 4), number, np.float32)}
