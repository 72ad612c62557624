"""Pre-processing: a picture of one handwritten digit becomes the numbers that the model was trained on.

The training data were scanned as 32 x 32 black and white pixels, as high as the digit, and then counted in blocks of
4 x 4: 8 x 8 numbers from 0 (paper) to 16 (ink). A picture of any size, dark on light or light on dark, is brought to
that form here: find the ink, cut it out, fit it into 32 x 32, count.
"""

import io

import numpy as np
from PIL import Image, ImageFilter, ImageOps, UnidentifiedImageError

SIDE = 32  # pixels of a scan
CELLS = 8
LEAST_CONTRAST = 32  # of 255; below it there is paper, but no ink
LEAST_INK = 0.24  # part of the pixels that is ink; nearly all of the training data have more


def process(content):
    """Return `{"image": float32 (1, 64), 0..16}` for the bytes of a PNG, JPEG or other picture."""
    cells = cells_of(ink_of(grey_of(content)))
    return {"image": cells.reshape(1, CELLS * CELLS)}


def grey_of(content):
    """Return the picture as grey values, upright; what is transparent counts as white."""
    try:
        picture = ImageOps.exif_transpose(Image.open(io.BytesIO(content)))
    except UnidentifiedImageError:
        raise ValueError("The input is not a picture: send a PNG or JPEG file.") from None
    if picture.mode == "I;16":
        return np.asarray(picture, np.float32) / 257  # 65535 -> 255
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
    return np.asarray(picture.convert("L"), np.float32)


def ink_of(grey):
    """Return how far each pixel is from the paper, 0..1, whichever of ink and paper is darker."""
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    ink = np.abs(grey - np.median(border))  # strokes seldom reach the border, so most of it is paper
    if ink.max() < LEAST_CONTRAST:
        raise ValueError("There is no digit in the picture: it shows one colour only.")
    return ink / ink.max()


def cells_of(ink):
    """Return float32 (64,), 0..16: the digit cut out, fitted into 32 x 32 pixels and counted in blocks of 4 x 4."""
    image = thicken(fit(cut_out(ink)))
    blocks = image.resize((CELLS, CELLS), Image.Resampling.BOX)  # each the mean of its pixels
    return np.asarray(blocks, np.float32).ravel() / 255 * 16


def cut_out(ink):
    """Return the part with ink in it; faint spots, as JPEG leaves them around strokes, don't count."""
    strong = ink > 0.3 * ink.max()
    rows, columns = np.flatnonzero(strong.any(axis=1)), np.flatnonzero(strong.any(axis=0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def fit(ink):
    """Return a 32 x 32 picture with the digit as large as it can be, not stretched, in the middle."""
    height, width = ink.shape
    scale = SIDE / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    digit = Image.fromarray((ink * 255).astype(np.uint8)).resize(size, Image.Resampling.BOX)
    image = Image.new("L", (SIDE, SIDE))
    image.paste(digit, ((SIDE - size[0]) // 2, (SIDE - size[1]) // 2))
    return ImageOps.autocontrast(image)  # fine strokes became grey when the picture shrank


def thicken(image):
    """Return the picture with strokes as broad as in the training data; thin ones would hardly count in 8 x 8."""
    for _ in range(3):
        if np.asarray(image).mean() / 255 >= LEAST_INK:
            break
        image = image.filter(ImageFilter.MaxFilter(3))
    return image
