"""Pictures that hold a mark for every child: where the mark lies on the picture is the child's own number."""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from vcanalysis.output.leaks.drawings import MARKS

_APART, _COLOURED = (
    60,
    50,
)  # of 255: what differs less from the background is no mark, and less in itself is grey
_LEAST, _LEAST_GREY, _MOST = 3, 6, 60  # pixels: grey ones that are smaller are full stops
_FILLED, _SQUARE, _MIDDLE = 0.55, 1.45, 0.7  # letters are open or long, marks are neither
_LARGEST = 60_000_000  # pixels


def one_each(content: bytes, kind: str) -> bool:
    """Say whether a picture holds more filled marks than a chart has.

    Parameters
    ----------
    content : bytes
        The picture.
    kind : str
        "png" or "jpg".

    Notes
    -----
    Marks that lie on each other count as none: a crowd of them still leaves many apart. Text, lines, bars, areas and
    crosses are no marks.
    """
    from scipy import ndimage  # loaded where there are pictures

    image = _read(content, kind)
    if image is None:
        return False
    far = np.zeros(image.shape[:2], dtype=bool)
    for place, behind in enumerate(_background(image)):
        far |= np.abs(image[..., place] - behind) > _APART
    places, many = ndimage.label(far)
    boxes = ndimage.find_objects(places)
    sides = np.array([[s.stop - s.start for s in box] for box in boxes]).reshape(-1, 2)
    short, long = sides.min(axis=1), sides.max(axis=1)
    of, drawn = places[far], image[far]
    pixels = np.bincount(of, minlength=many + 1)[1:]
    colour = np.bincount(of, drawn.max(axis=1) - drawn.min(axis=1), minlength=many + 1)[1:] / pixels
    mark = (pixels >= _FILLED * short * long) & (long <= _SQUARE * short) & (long <= _MOST)
    mark &= short >= np.where(colour > _COLOURED, _LEAST, _LEAST_GREY)
    found = [places[boxes[at]] == at + 1 for at in np.flatnonzero(mark)] if mark.sum() > MARKS else []
    return sum(map(_solid, found)) > MARKS


def _solid(mark: Any) -> bool:
    """Whether the middle of a shape is filled all through, as that of no letter is."""
    down, across = (np.linspace(-1, 1, size) for size in mark.shape)
    return bool(mark[down[:, None] ** 2 + across**2 <= _MIDDLE**2].all())


def _read(content: bytes, kind: str) -> Any:
    """Give the picture as rows, columns and three colours of 0 to 255, on white; None where it is none."""
    from matplotlib.image import imread

    try:
        image = np.atleast_3d(imread(io.BytesIO(content), format=kind))
    except (OSError, SyntaxError, ValueError):  # as the library says of what is no picture
        return None
    if image.size > _LARGEST or not image.size:
        return None
    image = (image * (255 if image.dtype.kind == "f" else 1)).astype(np.int16)
    if image.shape[2] in (2, 4):
        solid, image = image[..., -1:], image[..., :-1]
        image = image if solid.min() == 255 else (255 - (255 - image) * (solid / 255)).astype(np.int16)
    return np.repeat(image, 3, axis=2) if image.shape[2] == 1 else image


def _background(image: Any) -> tuple[int, int, int]:
    """Give the colour that most of the picture has."""
    few = image[::3, ::3].astype(np.int32)
    most = int(np.bincount(((few[..., 0] << 16) + (few[..., 1] << 8) + few[..., 2]).ravel()).argmax())
    return most >> 16, most >> 8 & 255, most & 255
