"""The release: what a run keeps for the council, and what it publishes through the gate."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat

from vcanalysis.core.errors import CheckFailed, InputError
from vcanalysis.core.period import Quarter
from vcanalysis.output import briefing, leaks
from vcanalysis.output.disclosure import STRICT, Policy, gate
from vcanalysis.output.disclosure.register import (
    Release,
    differing,
    must_not_differ,
    read_register,
    release_of,
    revised_by_few,
)
from vcanalysis.output.lists import write_lists
from vcanalysis.output.records import Results, read_results, write_results
from vcanalysis.output.revisions import revisions
from vcanalysis.output.run import folder
from vcanalysis.output.run.cache import digest as hash_of
from vcanalysis.output.run.cache import write_whole
from vcanalysis.output.run.crate import write_crate
from vcanalysis.output.star.tables import write_star

if TYPE_CHECKING:
    from nbconvert import HTMLExporter

_rendering = threading.Lock()


def keep_private(path: Path, notebook: nbformat.NotebookNode, *, page: Path) -> None:
    """Write an executed notebook, the page it makes and the lists it holds, for the council's own eyes.

    Parameters
    ----------
    path : Path
        The notebook's place in the private folder.
    notebook : NotebookNode
        The executed notebook.
    page : Path
        Where the cache keeps the page of this very notebook; made there when absent.
    """
    path.write_text(nbformat.writes(notebook), encoding="utf-8")
    write_lists(notebook, path.parent)
    if not page.is_file():
        with _rendering:  # the exporter is shared and not made for threads
            html, _ = _exporter().from_notebook_node(notebook, resources={"metadata": {"name": path.stem}})
        write_whole(page, html)
    shutil.copyfile(page, path.with_suffix(".html"))


@cache
def _exporter() -> HTMLExporter:
    from nbconvert import HTMLExporter

    # scripts from elsewhere would not load in a council's network, and must not
    return HTMLExporter(
        template_name="lab", mathjax_url="", require_js_url="", jquery_url="", mermaid_js_url=""
    )


def publish(
    out: Path,
    raw: Results,
    about: dict[str, Any],
    *,
    policy: Policy = STRICT,
    children: frozenset[str] = frozenset(),
    register: Path | None = None,
) -> dict[str, Any]:
    """Publish what passes the gate; give its verdict.

    Parameters
    ----------
    out : Path
        The `publish` folder, made here.
    raw : Results
        What the notebooks recorded.
    about : dict
        The manifest so far; where it says `unsent`, earlier releases of the quarter never left the council.
    policy : Policy
        What may be published.
    children : frozenset of str
        Child ids of the council: none may occur in what is published.
    register : Path, optional
        Folder with the register of what the council published before.

    Raises
    ------
    CheckFailed
        If something that must not be published was found, or differs from an earlier release by a few
        children; the run must be given up.
    """
    from vcanalysis.output.disclosure.judge import judge  # scipy is loaded when notebooks are done

    withheld, differs = _held_back(raw, about, policy, register)
    shown, verdict = gate(raw, policy, withheld=withheld)
    attacked = judge(raw, shown, policy)
    if not (attacked["width"] >= policy.width).all():
        raise CheckFailed(
            "A hidden count could be worked out from what is shown beside it, as where few are in care. "
            "Nothing was published. Explore the council within its walls instead: vcanalysis explore COUNCIL."
        )
    out.mkdir()
    write_results(out / "results.json", shown)
    _write_documents(out, shown, {**about, "policy": asdict(policy)}, register)
    looked_at = leaks.must_be_clean(out, pseudonyms=children, makers=_called(about))
    narrowest = float(attacked["width"].min()) if len(attacked) else None
    return {
        **verdict.as_dict(),
        "attacked": len(attacked),
        "narrowest": narrowest,
        "differs_from_earlier": len(differs),
        "files_scanned": looked_at,
        "leaks": 0,
    }


def release_entry(raw: Results, published: Path, about: dict[str, Any], policy: Policy) -> Release:
    """Describe a run for the register of releases."""
    shown = read_results(published / "results.json")
    digest = folder.file_hash(published / "results.json")
    return _entry(raw, shown, about, policy, digest)


def _entry(raw: Results, shown: Results, about: Mapping[str, Any], policy: Policy, digest: str) -> Release:
    data = hash_of(repr(about.get("inputs", "")).encode())
    named = {"quarter": about["quarter"], "run": about["run"], "policy": policy.name}
    return release_of(raw, shown, **named, digest=digest, data=data)


def _held_back(
    raw: Results, about: dict[str, Any], policy: Policy, register: Path | None
) -> tuple[frozenset[str], list[str]]:
    """Hold a release against those before; give what it may not show again, and what differs from its own quarter."""
    if register is None:
        return frozenset(), []
    shown, _ = gate(raw, policy)
    now = _entry(raw, shown, about, policy, digest="")
    earlier = [
        r for r in read_register(register) if not (about.get("unsent") and r.quarter == about["quarter"])
    ]
    differs = differing(earlier, now, policy)
    if about["council"]["synthetic"]:  # of children who do not exist nothing can be told
        return frozenset(), differs
    must_not_differ(earlier, now, policy)
    return revised_by_few(earlier, now, policy), differs


def _write_documents(out: Path, shown: Results, about: Mapping[str, Any], reports: Path | None) -> None:
    """Write everything that is made from published results; the description of all files comes last."""
    briefing.write(out, shown, {**about, **_told_before(shown, about, reports)})
    write_star(out, shown, about)
    write_crate(out, about)


def _told_before(shown: Results, about: Mapping[str, Any], reports: Path | None) -> dict[str, Any]:
    """Give what earlier reports of the council said: revisions, the indicators of two quarters, the plan then."""
    if reports is None:
        return {"revisions": None, "before": {}}
    now = Quarter.parse(about["quarter"])
    asked = {str(now.shift(-back)): folder.report_of(reports, str(now.shift(-back))) for back in (1, 4)}
    told: dict[str, Any] = {
        "before": {q: read_results(path) for q, path in asked.items() if path is not None}
    }
    earlier = folder.earlier_report(reports, about["quarter"])
    if earlier is None:
        return told | {"revisions": None}
    plan = json.loads((earlier.parents[1] / folder.MANIFEST).read_text(encoding="utf-8")).get("protocol", {})
    return told | {"revisions": revisions(read_results(earlier), shown), "plan_before": plan.get("hash", "")}


def brief(run: Path | str) -> Path:
    """Render the pages of a run again from its published results, and seal it anew.

    Parameters
    ----------
    run : path
        A sealed run folder.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    InputError
        If the folder is not a sealed run.
    CheckFailed
        If another run is writing there, or the gate fails.
    """
    final = Path(run).resolve()
    if not final.is_dir():
        raise InputError(f"{run} is not a folder. Name a run, such as reports/demo-council/2019Q4.")
    folder.sealed(final)  # refused before a lock is left beside it
    with folder.lock(final.parent, final.name), folder.building(final.parent, final.name) as build:
        about = folder.sealed(final)
        shutil.copytree(final, build, dirs_exist_ok=True)
        build.chmod(0o700)
        for name in (folder.SEAL, folder.MANIFEST):
            (build / name).unlink()
        told = {**about, "policy": about["gate"]["policy"]}
        _write_documents(
            build / "publish", read_results(build / "publish" / "results.json"), told, final.parent
        )
        leaks.must_be_clean(build / "publish", makers=_called(about))
        folder.seal(build, {key: value for key, value in about.items() if key != "outputs"})
        folder.move_into_place(build, final)
    return final / "publish" / "quarterly.html"


def _called(about: Mapping[str, Any]) -> frozenset[str]:
    """Give the names of the council, which the documents give as their author: the manifest is written later."""
    return frozenset({about["council"]["name"], about["council"]["label"]})
