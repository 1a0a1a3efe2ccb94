"""The page: one file that needs nothing but itself, no script, no font and no picture from elsewhere."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from vcanalysis.output.briefing.document import Document
from vcanalysis.output.briefing.words import minus

if TYPE_CHECKING:
    from jinja2 import Environment


def render(document: Document) -> str:
    """Render a document as a page.

    Parameters
    ----------
    document : Document
        Numbered.
    """
    return _templates().get_template("document.html.j2").render(document=document)


@cache
def _templates() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("vcanalysis.output"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        finalize=lambda text: minus(text, joined=True),
    )
