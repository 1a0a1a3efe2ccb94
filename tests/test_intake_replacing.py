"""Unit tests: what an import or a synthetic council may replace, and that nothing else is ever touched."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from drawn import returns, write_folder

from tests.drawn import save_council
from vcanalysis import cli
from vcanalysis.core.errors import InputError
from vcanalysis.intake.importing import import_extracts
from vcanalysis.intake.opening import open_council
from vcanalysis.intake.replacing import replacing
from vcanalysis.intake.synth import write_synthetic


def state(place):
    """Everything below a folder, with the bytes of the files."""
    return {
        str(path.relative_to(place)): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        for path in sorted(Path(place).rglob("*"))
    }


@pytest.fixture
def place(tmp_path):
    """The folder that the council folders lie in."""
    folder = tmp_path / "place"
    folder.mkdir()
    return folder


@pytest.fixture
def bring_in(tmp_path):
    """Import returns of which one row is set aside."""
    made = returns()
    made[2020]["oc2"].append(["QX99999", *made[2020]["oc2"][1][1:]])
    source = write_folder(made, tmp_path / "from")

    def run(folder, **options):
        return import_extracts(folder, ssda903=source, key=tmp_path / "keys" / "k.key", **options).path

    return run


def synth(folder, **options):
    return write_synthetic(folder, **{"children": 20, "years": 1, **options})


def refused(place, act, *words):
    """The act is refused in one line with these words, and leaves every byte as it was."""
    before = state(place)
    with pytest.raises(InputError) as error:
        act()
    assert "\n" not in str(error.value)
    for word in words:
        assert word in str(error.value)
    assert state(place) == before


# --- what may be replaced -------------------------------------------------------------------------


def test_an_import_replaces_an_earlier_import_whole(bring_in, place):
    first = state(bring_in(place / "ours", simulate=("needs", "costs")))
    assert "costs.parquet" in first
    assert "import/quarantine/oc2.csv" in first
    assert "costs.parquet" not in state(bring_in(place / "ours"))
    assert [path.name for path in place.iterdir()] == ["ours"]


def test_a_synthetic_council_replaces_a_synthetic_one_whole(place):
    synth(place / "town")
    (place / "town" / "import").mkdir()
    (place / "town" / "import" / "log.csv").write_text("stale")
    synth(place / "town", seed=5)
    synth(place / "same" / "town", seed=5)
    assert state(place / "town") == state(place / "same" / "town")
    assert sorted(path.name for path in place.iterdir()) == ["same", "town"]


def test_an_empty_folder_is_filled(bring_in, place):
    for name in ("a", "b", "c"):
        (place / name).mkdir()
    bring_in(place / "a")
    synth(place / "b")
    synth(place / "c", councils=2)
    assert open_council(place / "c" / "council_002").synthetic


def test_a_nation_replaces_a_nation_whole(place):
    synth(place / "many", councils=3)
    folders = synth(place / "many", councils=2)
    assert sorted((place / "many").iterdir()) == folders
    assert [path.name for path in place.iterdir()] == ["many"]


def test_a_link_to_a_folder_stays_a_link(place):
    synth(place / "town")
    (place / "link").symlink_to("town")
    synth(place / "link", seed=5)
    assert (place / "link").is_symlink()
    assert sorted(path.name for path in place.iterdir()) == ["link", "town"]


# --- what may not ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "letters.txt",
        "needs.xlsx",
        "notes/letter.txt",
        "costs.csv/letter.txt",
        "import/letter.txt",
        "import/quarantine/letter.csv",
    ],
)
def test_one_file_of_the_users_own_keeps_the_whole_folder(bring_in, place, name):
    bring_in(place / "ours")
    synth(place / "town")
    for folder in ("ours", "town"):
        (place / folder / name).parent.mkdir(parents=True, exist_ok=True)
        (place / folder / name).write_text("mine")
    foreign = {
        "letters.txt": "a file of another name (.txt)",
        "notes/letter.txt": "a folder of another name",
        "costs.csv/letter.txt": "costs.csv",
        "import/letter.txt": "import/a file of another name (.txt)",
        "import/quarantine/letter.csv": "import/quarantine/a file of another name (.csv)",
    }.get(name, name)
    words = (f"holds {foreign}, which is no part of a council", "Choose another folder, or move")
    refused(place, lambda: bring_in(place / "ours"), *words)
    refused(place, lambda: synth(place / "town"), *words)
    council = open_council(place / "ours")
    refused(place, lambda: save_council(place / "ours", council.tables, {"name": "x"}), *words)


def test_what_a_desktop_leaves_in_a_folder_is_nobodys(bring_in, place):
    bring_in(place / "ours")
    synth(place / "many", councils=2)
    for name in (".DS_Store", "Thumbs.db", "~$needs.xlsx", "desktop.ini"):
        for folder in ("ours", "ours/import", "ours/import/quarantine", "many", "many/council_001"):
            (place / folder / name).write_text("litter")
    bring_in(place / "ours")
    synth(place / "many", councils=2)
    assert not (place / "ours" / ".DS_Store").exists()


def test_neither_kind_of_council_replaces_the_other(bring_in, place):
    bring_in(place / "ours")
    synth(place / "town")
    refused(place, lambda: synth(place / "ours"), "holds an imported council", "Choose another folder")
    refused(place, lambda: bring_in(place / "town"), "holds a synthetic council", "Choose another folder")


def test_tables_without_a_council_are_somebodys(bring_in, place):
    (place / "needs.csv").write_text("mine")
    refused(place, lambda: bring_in(place), "not empty and no council folder")
    refused(place, lambda: synth(place), "not empty and no council folder")


def test_a_council_whose_kind_cannot_be_read_is_left_alone(bring_in, place):
    (place / "council.toml").write_text("synthetic = perhaps")
    refused(place, lambda: bring_in(place), "cannot be read as TOML")
    (place / "council.toml").write_text('synthetic = "false"')
    refused(place, lambda: synth(place), "may not replace")


def test_a_nation_replaces_nothing_but_synthetic_councils(bring_in, place):
    synth(place / "town")
    refused(place, lambda: synth(place / "town", councils=2), "which is no folder of a synthetic council")
    synth(place / "many", councils=2)
    refused(place, lambda: synth(place / "many"), "holds council_001")
    (place / "many" / "council_002" / "letter.txt").write_text("mine")
    refused(place, lambda: synth(place / "many", councils=2), "council_002 holds a file")
    (place / "many" / "council_002" / "letter.txt").unlink()
    bring_in(place / "many" / "council_003")
    refused(place, lambda: synth(place / "many", councils=2), "council_003 holds an imported council")


def test_a_failure_on_the_way_leaves_the_old_folder_and_nothing_else(place):
    synth(place / "town")

    def fill():
        with replacing(place / "town") as part:
            (part / "half.parquet").write_text("half")
            raise OSError(28, "no space")

    refused(place, fill, "cannot be written: no space. Nothing was changed.")


def test_a_refusal_is_code_two_and_leaves_nothing_beside_the_folder(bring_in, place, capsys):
    bring_in(place / "ours")
    synth(place / "town")
    for words in (
        ["synth", "ours"],
        ["synth", "ours", "--councils", "2"],
        ["import", "town", "--ssda903", "no"],
    ):
        before = state(place)
        assert cli.main([words[0], str(place / words[1]), *words[2:]]) == 2
        assert len(capsys.readouterr().err.strip().splitlines()) == 1
        assert state(place) == before


# --- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("folder", "name"),
    [("demo", "Demo council"), ("small_town", "Small town council"), ("a-b_council", "A b council")],
)
def test_a_synthetic_council_is_named_after_its_folder(place, folder, name):
    synth(place / folder)
    assert open_council(place / folder).name == name
