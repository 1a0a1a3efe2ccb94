"""Drawings that hold a mark, a bar or a corner of a line for every child: their coordinates are the data."""

from __future__ import annotations

import re

MARKS = 60  # of one form in a drawing
VERTICES = 60  # of one line: a curve sorted by cost has one for every child
ONE_EACH = "a drawing with a mark for every child"
_FORMS = ("use", "circle", "ellipse", "rect", "path", "polygon", "line", "image")
_DEFINED = re.compile(r"<defs\b.*?</defs>", re.S)
_LINE = re.compile(r"\b(?:d|points)=[\"']([^\"']*)[\"']")
_CORNER = re.compile(r"[MLHVCSQTA]", re.I)
_PAIR = re.compile(r"-?[\d.]+[ ,]+-?[\d.]+")


def one_each(text: str) -> bool:
    """Whether a text holds a drawing with more marks of one form, or more corners of one line, than a chart has.

    Examples
    --------
    >>> one_each('<svg><path d="M 0 0 L 5 5"/></svg>'), one_each("<svg>" + '<rect x="1"/>' * 120 + "</svg>")
    (False, True)
    """
    return "<svg" in text and any(_crowded(piece) for piece in text.split("</svg>"))


def _crowded(drawing: str) -> bool:
    drawing = _DEFINED.sub("", drawing[drawing.find("<svg") :]) if "<svg" in drawing else ""
    if any(len(re.findall(rf"<{form}\b", drawing)) > MARKS for form in _FORMS):
        return True
    return any(_corners(line) > VERTICES for line in _LINE.findall(drawing))


def _corners(line: str) -> int:
    """Count the corners of a line, also where the letters of its moves are left out."""
    return max(len(_CORNER.findall(line)), len(_PAIR.findall(line)) if line[:1].isdigit() else 0)
