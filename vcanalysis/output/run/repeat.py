"""Repeat: a run made again from its manifest alone, and held against what it published."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vcanalysis.core.errors import CheckFailed, InputError
from vcanalysis.core.paths import home
from vcanalysis.output.records import read_results
from vcanalysis.output.run import folder, inputs
from vcanalysis.output.run.cache import code_digest, digest, versions
from vcanalysis.output.run.evaluate import evaluate
from vcanalysis.output.run.named_paths import PANEL, names_path
from vcanalysis.output.run.named_paths import told as path_told
from vcanalysis.output.run.parameters import declared, read_settings

_PUBLISHED = "publish/results.json"
_NEEDED = {
    "run",
    "quarter",
    "partial",
    "council",
    "inputs",
    "code",
    "environment",
    "parameters",
    "gate",
    "outputs",
}


@dataclass(frozen=True, slots=True)
class Repeated:
    """A run made again.

    Parameters
    ----------
    run : Path
        The new run folder.
    of : str
        Name of the run that was repeated.
    published : int
        Results that it published.
    differing : tuple of str or None
        Ids of results that came out otherwise; None where only the hash of all can be compared, and differs.
    causes : tuple of str
        What was otherwise this time, one sentence each.
    """

    run: Path
    of: str
    published: int
    differing: tuple[str, ...] | None
    causes: tuple[str, ...]

    @property
    def equal(self) -> bool:
        """Whether every published result came out again."""
        return self.differing == ()

    def lines(self) -> list[str]:
        """Say what came of it."""
        if self.equal:
            said = f"Run {self.of} repeated: all {self.published} published results are equal."
        elif self.differing is None:
            said = f"Run {self.of} repeated: published results differ; without its results.json nobody can say which."
        else:
            said = (
                f"Run {self.of} repeated: {len(self.differing)} of {self.published} published results differ, "
                f"such as {self.differing[0]}."
            )
        return [*self.causes, said, str(self.run)]


def repeat(
    source: Path | str,
    *,
    council: Path | str,
    settings: Path | str | None = None,
    out: Path | str = "reports/repeated",
    jobs: int | None = None,
    progress: bool = False,
    notebooks: Path | str | None = None,
) -> Repeated:
    """Make a run again from its manifest, and hold its published results against those of the manifest.

    Quarter, notebooks, parameters, seeds and policy are those of the manifest; nothing is taken from a cache.

    Parameters
    ----------
    source : path
        A `manifest.json`, or the folder that holds it.
    council : path
        The council folder, which no manifest names; its files are held against the hashes of the manifest.
    settings : path, optional
        TOML file that says where files lie that parameters name; all else is in the manifest.
    out : path
        Where the new run goes.
    jobs, progress, notebooks
        As in `vcanalysis.output.run.evaluate.evaluate`.

    Raises
    ------
    InputError
        If there is no manifest, or a file that a parameter named is not given.
    CheckFailed
        If the council's files are not those that the run read, or the new run fails.

    Examples
    --------
    >>> repeat("reports/demo-council/2019Q4", council="data/demo")  # doctest: +SKIP
    Repeated(run=PosixPath('reports/repeated/demo-council/2019Q4'), ...)
    """
    path, told = read_manifest(source)
    causes = [*_data_causes(told, Path(council), path), *_code_causes(told)]
    where = Path(notebooks) if notebooks else home() / "notebooks"
    done = evaluate(
        council,
        quarter=told["quarter"],
        settings=_settings(told, where, read_settings(settings)),
        out=out,
        only=",".join(n["name"][:2] for n in told["notebooks"]) if told["partial"] else None,
        jobs=jobs,
        fresh=True,
        progress=progress,
        notebooks=notebooks,
        policy=told["gate"]["policy"]["name"],
    )
    return Repeated(done, told["run"], told["gate"]["published"], _differing(told, path, done), tuple(causes))


def read_manifest(source: Path | str) -> tuple[Path, dict[str, Any]]:
    """Find and read a manifest.

    Raises
    ------
    InputError
        If there is none, it is no manifest, or it was changed after it was sealed.
    """
    path = Path(source) / folder.MANIFEST if Path(source).is_dir() else Path(source)
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(
            f"{path} could not be read ({error.strerror}). Name the manifest.json of a run."
        ) from None
    except ValueError:
        told = None
    if not isinstance(told, dict) or not set(told) >= _NEEDED:
        raise InputError(f"{path} is not the manifest of a run. Name the manifest.json of a run.")
    seal = path.with_name(folder.SEAL)
    if seal.is_file() and seal.read_text(encoding="utf-8").split()[1:2] != [folder.file_hash(path)]:
        raise InputError(f"{path} was changed after it was sealed. Take it from where the run was made.")
    return path, told


def _data_causes(told: Mapping[str, Any], council: Path, path: Path) -> list[str]:
    key_file = path.parent.parent / inputs.KEY_FILE
    synthetic = told["council"]["synthetic"]
    key = inputs.hash_key(key_file.parent, synthetic=synthetic) if synthetic or key_file.is_file() else b""
    if digest(key)[:8] != told["inputs"]["key_id"]:
        return [
            "Whether the data are those that the run read cannot be told: the key of their hashes is not here."
        ]
    changed = inputs.differing(told["inputs"]["files"], inputs.file_hashes(council, key))
    if changed:
        raise CheckFailed(
            f"{council} is not what run {told['run']} read: {', '.join(changed)} changed, lost or added. "
            "Give the council folder as it was."
        )
    return []


def _code_causes(told: Mapping[str, Any]) -> list[str]:
    found = []
    if told["code"]["digest"] != code_digest():
        commit = told["code"].get("commit")
        at = f" (commit {commit[:12]})" if commit else ""
        found.append(f"The code is not that of the run{at}.")
    now = versions()
    others = [f"{name} {now.get(name, 'absent')} for {version}"
              for name, version in told["environment"]["versions"].items() if now.get(name) != version]  # fmt: skip
    return found + ([f"Other versions: {', '.join(others)}."] if others else [])


def _settings(told: Mapping[str, Any], where: Path, given: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Give what the manifest's run was given: every parameter that is not its notebook's default."""
    found: dict[str, dict[str, Any]] = {}
    for stem, values in told["parameters"].items():
        path = where / f"{stem}.ipynb"
        defaults = declared(path) if path.is_file() else {}
        found[stem] = {
            name: _file(name, value, stem, given) if names_path(name) and value else value
            for name, value in values.items()
            if name not in defaults or defaults[name].default != value
        }
    return {stem: values for stem, values in found.items() if values}


def _file(name: str, value: str, stem: str, given: Mapping[str, Any]) -> str:
    own = given.get(stem) or given.get(stem[:2]) or {}
    path = own.get(name, given.get(name, ""))
    if not path or not (Path(path).is_dir() if name == PANEL else Path(path).is_file()):
        kind = "folder" if name == PANEL else "file"
        raise InputError(
            f"The run read a {kind} for {name!r} of {stem}: {value}. Say where it lies: --settings FILE with "
            f'{name} = "path".'
        )
    if path_told(path) != value:
        raise CheckFailed(
            f"{path} is not what the run read for {name!r} of {stem}: {value}. Give the file as it was."
        )
    return str(path)


def _differing(told: Mapping[str, Any], path: Path, done: Path) -> tuple[str, ...] | None:
    made = done / _PUBLISHED
    if folder.file_hash(made) == told["outputs"].get(_PUBLISHED):
        return ()
    before = path.parent / _PUBLISHED
    if not before.is_file():
        return None
    one, other = ({r.id: r for r in read_results(p)} for p in (before, made))
    return tuple(name for name in {**one, **other} if one.get(name) != other.get(name))
