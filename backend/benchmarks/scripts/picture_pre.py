"""Pre-processing of `image`: a picture becomes what an ImageNet classifier takes."""

import io

import numpy as np
from PIL import Image

MEAN = np.float32([0.485, 0.456, 0.406]) * 255
DEVIATION = np.float32([0.229, 0.224, 0.225]) * 255


def process(content):
    """Return `{"picture": float32 (1, 3, 224, 224)}` for the bytes of a PNG or JPEG."""
    picture = Image.open(io.BytesIO(content)).convert("RGB").resize((224, 224), Image.Resampling.BILINEAR)
    pixels = (np.asarray(picture, np.float32) - MEAN) / DEVIATION
    return {"picture": np.ascontiguousarray(pixels.transpose(2, 0, 1))[np.newaxis]}
