"""Write docs/imports.md: `make imports`. A source that is not here keeps its section."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

from imports_drawn import ROOT, SOURCES, head, measured, parts, section

PAGE = ROOT / "docs" / "imports.md"

if __name__ == "__main__":
    old = parts(PAGE.read_text(encoding="utf-8")) if PAGE.exists() else {}
    made = [*head(), measured(), ""]
    for source in SOURCES:
        with tempfile.TemporaryDirectory(prefix="vc-imports-") as folder:
            made += section(source, Path(folder)) if source.there else [*old[source.title], ""]
    PAGE.write_text("\n".join(made).rstrip("\n") + "\n", encoding="utf-8", newline="\n")
