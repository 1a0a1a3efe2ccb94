"""Write docs/cleaning_rules.md and docs/bad_input.md: `make rules`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from test_intake_cases import BEYOND, CASES, PAGE, observe, page

from vcanalysis.intake.cleaning.pages import rules_page

if __name__ == "__main__":
    PAGE.with_name("cleaning_rules.md").write_text(rules_page(), encoding="utf-8", newline="\n")
    with tempfile.TemporaryDirectory(prefix="vc-rules-") as folder:
        observed = {case.number: observe(case, Path(folder) / case.number) for case in (*CASES, *BEYOND)}
        PAGE.write_text(page(observed), encoding="utf-8", newline="\n")
