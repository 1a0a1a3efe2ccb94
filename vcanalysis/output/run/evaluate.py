"""Evaluate: the notebooks of a quarter, run, gated, sealed and moved into place."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vcanalysis.output.disclosure import register
from vcanalysis.output.records import INVENTED, PANEL_BASES, Record, Results, harvest, write_results
from vcanalysis.output.run import folder, kernels, manifest, release
from vcanalysis.output.run.cache import Cache, digest, notebook_key
from vcanalysis.output.run.named_paths import PANEL
from vcanalysis.output.run.notebook import Job, RunFailed, execute
from vcanalysis.output.run.parameters import RESULTS, declared, in_full, without_paths
from vcanalysis.output.run.plan import Plan, make_plan
from vcanalysis.output.run.progress import Progress

if TYPE_CHECKING:
    from vcanalysis.intake.council import Council


@dataclass(frozen=True)
class Done:
    """An executed notebook: its records, and how it came about."""

    name: str
    records: list[Record]
    key: str
    seconds: float
    reused: bool

    def entry(self) -> dict[str, Any]:
        """Give the line of the manifest."""
        return {"name": self.name, "key": self.key, "seconds": round(self.seconds, 2), "reused": self.reused}


def evaluate(
    council: Path | str,
    *,
    quarter: str | None = None,
    settings: Path | str | Mapping[str, Any] | None = None,
    out: Path | str = "reports",
    only: str | Iterable[str] | None = None,
    jobs: int | None = None,
    fresh: bool = False,
    progress: bool = False,
    notebooks: Path | str | None = None,
    kernel: str | None = None,
    policy: str = "strict",
    unsent: bool = False,
) -> Path:
    """Run the notebooks on a council's quarter and publish what passes the gate.

    Parameters
    ----------
    council : path
        The council folder.
    quarter : str, optional
        Such as "2019Q4"; the last complete quarter of the data when left out.
    settings : path or mapping, optional
        TOML file with parameters of notebooks, or what it would hold.
    out : path
        Where reports go, in a folder per council and quarter.
    only : str or iterable of str, optional
        Numbers of the notebooks to run, such as "04,05"; those from 90 on draw on what there is.
    jobs : int, optional
        Notebooks run at the same time; one per processor when left out.
    fresh : bool
        Whether to run notebooks again whose inputs are unchanged.
    progress : bool
        Whether to say on the error stream how far it has come.
    notebooks : path, optional
        Folder of the notebooks; the project's own when left out.
    kernel : str, optional
        "fast" (forked with libraries loaded) or "plain"; the fastest this machine has when left out.
    policy : str
        What may be published: "strict", "opensafely" or "dfe" (`data/policies.toml`).
    unsent : bool
        Whether no earlier report of the quarter ever left the council, so that this one is held against none.

    Returns
    -------
    Path
        The sealed run folder; that of some notebooks only lies beside the full one, under a name of its own.

    Raises
    ------
    InputError
        If an argument, a parameter or the council is refused; nothing has run.
    CheckFailed
        If the council's tables are unsound, or a notebook or the gate fails; nothing is published and
        the last report stays.

    Examples
    --------
    >>> evaluate("data/demo", quarter="2019Q4")  # doctest: +SKIP
    PosixPath('reports/demo-council/2019Q4')
    """
    plan = make_plan(
        council,
        quarter=quarter,
        settings=settings,
        out=out,
        only=only,
        jobs=jobs,
        fresh=fresh,
        notebooks=notebooks,
        kernel=kernel,
        policy=policy,
    )
    with folder.lock(plan.folder, plan.name), folder.building(plan.folder, plan.name) as build:
        _build(plan, build, progress=progress, unsent=unsent)
        folder.move_into_place(build, plan.folder / plan.name)
    return plan.folder / plan.name


def _build(plan: Plan, build: Path, *, progress: bool, unsent: bool) -> None:
    started, clock = datetime.now(UTC), time.monotonic()
    cache = Cache(plan.folder / ".cache", use=not plan.fresh)
    said = Progress(plan.notebooks, show=progress)
    try:
        done = _run_all(plan, build / "private", cache, said)
    finally:
        said.close()
    raw = Results(tuple(_told(r, plan) for d in done for r in d.records))
    if not plan.partial and not len(raw):
        raise RunFailed("No notebook recorded a result, so there is nothing to report.")
    write_results(build / "private" / "results.json", raw)
    cache.prune()
    about = _about(plan, done, raw) | ({"unsent": True} if unsent else {})
    with folder.lock(plan.folder, "releases", wait=True):  # runs of other quarters enter theirs as well
        _publish(plan, build, raw, about)
        about["started"] = f"{started:%Y-%m-%dT%H:%M:%SZ}"
        about["seconds"] = round(time.monotonic() - clock, 1)
        folder.seal(build, about)
        if unsent:  # only now: a run that failed leaves the register as it was
            register.strike(plan.folder, str(plan.quarter))
        register.enter(plan.folder, release.release_entry(raw, build / "publish", about, plan.policy))


def _about(plan: Plan, done: list[Done], raw: Results) -> dict[str, Any]:
    """Give the manifest as far as it is known before anything is published."""
    parameters = in_full(plan.notebooks, plan.parameters)
    return {
        **plan.inputs,
        "run": manifest.run_id({d.name: d.key for d in done}),
        "quarter": str(plan.quarter),
        "partial": plan.partial,
        "questions": list(dict.fromkeys(r.question for r in raw)),
        "parameters": parameters,
        "declared": _declared(plan, parameters),
        "settings": digest(repr(sorted(parameters.items())).encode()),
        "seeds": manifest.seeds(parameters),
        "notebooks": [d.entry() for d in done],
    }


def _declared(plan: Plan, ran: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Give what notebooks declare for parameters that they ran with otherwise: the report lists them as deviations."""
    declares = in_full(plan.notebooks, {})
    unlike = {n: {k: v for k, v in own.items() if ran[n][k] != v} for n, own in declares.items()}
    return {name: values for name, values in unlike.items() if values}


def _publish(plan: Plan, build: Path, raw: Results, about: dict[str, Any]) -> None:
    about["gate"] = release.publish(
        build / "publish",
        raw,
        about,
        policy=plan.policy,
        children=_children(plan.council),
        register=plan.folder,
    )


def _run_all(plan: Plan, private: Path, cache: Cache, said: Progress) -> list[Done]:
    private.mkdir(mode=0o700)
    try:
        alone: dict[Path, dict[str, Any]] = {path: {} for path in plan.heaviest_first()}
        done = _run_together(plan, alone, private, cache, said)
        done.sort(key=lambda d: d.name)
        for path in plan.after():
            given = _results_so_far(path, done, cache)
            done += _run_together(plan, {path: given}, private, cache, said)
    finally:
        kernels.end_all()
    return done


def _run_together(
    plan: Plan, given: dict[Path, dict[str, Any]], private: Path, cache: Cache, said: Progress
) -> list[Done]:
    # never in the main thread, where a signal would break into the middle of papermill: that one only waits
    with ThreadPoolExecutor(plan.jobs) as pool:
        waiting = [pool.submit(_run, plan, path, private, cache, said, more) for path, more in given.items()]
        try:
            wait(waiting, return_when=FIRST_EXCEPTION)
            for broken in [f for f in waiting if f.done() and f.exception()]:
                broken.result()
            return [future.result() for future in waiting]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            while any(f.running() for f in waiting):
                kernels.end_all()
                time.sleep(0.05)
            raise


def _run(plan: Plan, path: Path, private: Path, cache: Cache, said: Progress, given: dict[str, Any]) -> Done:
    clock = time.monotonic()
    parameters = {
        "council": str(Path(plan.council.path).resolve()),
        "quarter": str(plan.quarter),
        **plan.parameters[path.stem],
        **given,
    }
    about = plan.inputs
    parts = [repr(part) for part in (about["inputs"], about["code"]["digest"], about["environment"])]
    key = notebook_key(path, without_paths(parameters), *parts)
    notebook = cache.find(key)
    reused = notebook is not None
    if notebook is None:
        job = Job(path, parameters, plan.kernels, on_cell=lambda cell: said.reach(path.stem, cell))
        notebook = execute(job)
        plan.must_be_unchanged()  # what another state of the data gave is neither kept nor published
        cache.keep(key, notebook)
    release.keep_private(private / path.name, notebook, page=cache.folder / f"{key}.html")
    seconds = time.monotonic() - clock
    said.finish(path.stem, seconds, reused=reused)
    return Done(path.stem, harvest(notebook, name=path.stem), key, seconds, reused)


def _results_so_far(path: Path, done: list[Done], cache: Cache) -> dict[str, Any]:
    if RESULTS not in declared(path):
        return {}
    records = Results(tuple(r for d in done for r in d.records))
    # named after its content, so that an unchanged notebook is given an unchanged path
    name = f"{digest(repr(records).encode())}.results.json"
    write_results(cache.folder / name, records)
    return {RESULTS: str(cache.folder / name)}


def _children(council: Council) -> frozenset[str]:
    table = council.tables.get("children")
    return (
        frozenset() if table is None or "child_id" not in table else frozenset(table["child_id"].astype(str))
    )


def _told(record: Record, plan: Plan) -> Record:
    about = [plan.council.caveat]
    of_councils = record.of.split(",")[0] in PANEL_BASES or record.period.startswith("synthetic panel")
    if of_councils and not plan.parameters.get(record.notebook, {}).get(PANEL):
        about.append(INVENTED)
    return replace(record, period=record.period or plan.quarter.words(), caveat=" ".join(filter(None, about)))
