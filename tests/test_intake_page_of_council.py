"""The page that brings a council in says what every line of council.toml means, and names no other."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
READ = re.compile(r"""meta(?: or \{\}\))?\.get\("(\w+)"|meta_(?:day|names)\(meta, "(\w+)\"""")


def test_the_page_names_every_line_of_council_toml_that_is_read():
    files = [*(ROOT / "vcanalysis" / "intake").glob("*.py")]
    read = {a or b for file in files for a, b in READ.findall(file.read_text(encoding="utf-8"))}
    assert {"name", "framework_providers", "region", "data_from", "programme_start"} <= read
    page = (ROOT / "docs" / "mapping.md").read_text(encoding="utf-8").split("## The council's own page")[1]
    named = set(re.findall(r"^\| `(\w+)` \|", page, flags=re.MULTILINE))
    assert read <= named, (
        f"docs/mapping.md does not say what these lines of council.toml mean: {read - named}"
    )
    assert named <= read | {"schema_version", "source"}
