"""Unit tests: the key of the pseudonyms, where it lies and who may read it."""

from __future__ import annotations

import os
import stat

import pandas as pd
import pytest

from vcanalysis.core.errors import InputError
from vcanalysis.intake.pseudonyms import Pseudonymiser, default_key_file, load_key

posix = pytest.mark.skipif(os.name != "posix", reason="file modes are those of POSIX")


@posix
def test_a_key_is_made_on_first_use_for_its_owner_alone(tmp_path):
    made = load_key(tmp_path / "new" / "a.key")
    mode = stat.S_IMODE((tmp_path / "new" / "a.key").stat().st_mode)
    assert mode == 0o600
    assert made.made_at == tmp_path / "new" / "a.key"
    again = load_key(tmp_path / "new" / "a.key")
    assert (again.secret, again.made_at) == (made.secret, None)


def test_by_default_the_key_lies_in_the_users_configuration_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("APPDATA", str(tmp_path))
    assert default_key_file() == tmp_path / "vcanalysis" / "pseudonym.key"
    load_key()
    assert default_key_file().is_file()


@posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_key_that_others_may_read_is_refused(tmp_path, mode):
    load_key(tmp_path / "a.key")
    (tmp_path / "a.key").chmod(mode)
    with pytest.raises(InputError, match=r"Others may read the key .* chmod 600"):
        load_key(tmp_path / "a.key")


def test_a_short_key_is_refused(tmp_path):
    (tmp_path / "a.key").write_text("secret")
    (tmp_path / "a.key").chmod(0o600)
    with pytest.raises(InputError, match="has 6 bytes; at least 32"):
        load_key(tmp_path / "a.key")


@pytest.mark.parametrize("text", ["0" * 64, "abcd" * 16])
def test_a_key_of_few_different_characters_is_refused(tmp_path, text):
    (tmp_path / "a.key").write_text(text)
    (tmp_path / "a.key").chmod(0o600)
    with pytest.raises(InputError, match="could be guessed"):
        load_key(tmp_path / "a.key")


def test_a_key_in_a_repository_or_beside_the_data_is_refused(tmp_path, root):
    (tmp_path / "clone" / ".git").mkdir(parents=True)
    for place in (root / "data" / "private" / "a.key", tmp_path / "clone" / "deep" / "a.key"):
        with pytest.raises(InputError, match="lies in a repository or council folder"):
            load_key(place)
        assert not place.exists()
    with pytest.raises(InputError, match="lies in a repository or council folder"):
        load_key(tmp_path / "council" / "a.key", outside=tmp_path / "council")


def test_the_same_identifier_has_one_pseudonym_per_key_and_kind():
    ours, theirs = Pseudonymiser(b"a" * 32), Pseudonymiser(b"b" * 32)
    ids = pd.Series(["123", "0123", "123", ""])
    children = ours.replace(ids, kind="child")
    assert children[0] == children[2] != children[1]
    assert pd.isna(children[3])
    assert children[0] != ours.replace(ids, kind="home")[0]
    assert children[0] != theirs.replace(ids, kind="child")[0]
    assert children[0] != ours.key_id


def test_the_secret_is_never_shown():
    assert "aaaa" not in repr(Pseudonymiser(b"a" * 32))
