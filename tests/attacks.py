"""The attack catalogue: everything a motivated reader would try on a published report, tried on drawn canary children.

Every attack gives how many values it went for, how many it recovered from what is published, and how many from
the same figures unprotected: an attack that gains nothing there either would prove nothing. `python -m
tests.write_attacks` writes the outcomes into `docs/disclosure.md`.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import math
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

from tests.drawn_tables import draw_table
from tests.planted_leaks import LEAKS, pdf, png, points
from vcanalysis.analysis import edge, matching, profile, savings, stepdown
from vcanalysis.analysis.contracts.risk import Risk
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import bonett_wright, support_of, wilson
from vcanalysis.core.parts import column_support, parts_of, priced_alike, sellers_of, step_of
from vcanalysis.core.survival import Watch, kaplan_meier
from vcanalysis.output.disclosure import STRICT, gate
from vcanalysis.output.disclosure.attack import TOTAL, Seen, attack
from vcanalysis.output.disclosure.crossed import seen_tables
from vcanalysis.output.disclosure.inverse import numerators, one_more
from vcanalysis.output.disclosure.register import differing, release_of
from vcanalysis.output.disclosure.rounding import pounds_step, width_step
from vcanalysis.output.disclosure.totals import with_totals
from vcanalysis.output.leaks import scan
from vcanalysis.output.records import Record, Results

WIDTH = 10


@dataclass(frozen=True)
class Outcome:
    """What an attack went for and got: from what is published, and from the same unprotected."""

    tried: int
    recovered: int
    unprotected: int
    hidden: float | None = None


@dataclass(frozen=True)
class Attack:
    """An attack of the catalogue."""

    number: str
    title: str
    run: Callable[[], Outcome]


CATALOGUE: list[Attack] = []  # in the order entered


def attack_on(number: str, title: str):
    """Enter an attack into the catalogue; of one entered before, its module read twice, this takes the place."""

    def enter(run):
        CATALOGUE[:] = [a for a in CATALOGUE if (a.number, a.title) != (number, title)]
        CATALOGUE.append(Attack(number, title, run))
        return run

    return enter


def canaries(n: int = 50, seed: int = 7) -> pd.DataFrame:
    """Draw children who do not exist, with costs to the penny."""
    rng = np.random.default_rng(seed)
    cost = np.round(rng.lognormal(6.4, 0.7, n), 2)
    return pd.DataFrame(
        {"child_id": [f"canary-{i:06d}" for i in range(n)], "cost": cost, "need": rng.integers(0, 37, n)}
    )


def primary_only(table: pd.DataFrame, by: list[str]) -> Seen:
    """Publish a table as many do: small counts hidden, all else and the totals exact."""
    names = [sorted(table[b].unique()) for b in by]
    array = table.pivot_table("children", by, aggfunc="sum").to_numpy().reshape([len(n) for n in names])
    labels = itertools.product(*[[*n, TOTAL] for n in names])
    full = with_totals(array.astype(float)).ravel()
    frame = pd.DataFrame(list(labels), columns=by).assign(
        children=np.where((full > 0) & (full < 10), np.nan, full)
    )
    return Seen(frame, tuple(by), base=1)


def narrow(*seen: Seen, watch=None) -> int:
    """Count the cells an attacker knows within less than ten children."""
    found = attack(seen, watch=watch, width=WIDTH)
    return int((~(found["width"] >= WIDTH)).sum())


def at_the_door(*tables: pd.DataFrame) -> tuple[list[Seen], dict, Results]:
    """Hand tables of the same children to the gate: what a reader sees, the small cells hidden, the records."""
    raw = Results(
        tuple(
            Record(f"t{t}.c{c}", "Q?", "Children", n, unit="children", n=int(n), kind="count", family="t",
                   group="; ".join(f"{by}: {what}" for by, what in zip(frame.columns, key, strict=False)))
            for t, frame in enumerate(tables)
            for c, (*key, n) in enumerate(frame.itertuples(index=False, name=None))
        )
    )  # fmt: skip
    shown = gate(raw)[0]
    return *seen_tables(raw, shown, STRICT), shown


def few_of(*tables: pd.DataFrame) -> int:
    """Count the small cells that an attacker would want."""
    return int(sum(((t["children"] > 0) & (t["children"] < 10)).sum() for t in tables))


def hidden_in(shown: Results) -> float:
    return sum(r.value is None for r in shown) / len(shown)


def on_tables(shapes, children, *, dims=("council", "placement", "age")) -> Outcome:
    """Attack drawn tables, one at a time."""
    tried = recovered = naive = cells = hidden = 0
    for seed, (shape, n) in enumerate(zip(shapes, children, strict=True)):
        table, by = draw_table(shape, n, seed), list(dims[: len(shape)])
        seen, watch, shown = at_the_door(table[[*by, "children"]])
        tried += few_of(table)
        recovered += narrow(*seen, watch=watch)
        naive += narrow(primary_only(table, by))
        cells, hidden = cells + len(shown), hidden + sum(r.value is None for r in shown)
    return Outcome(tried, recovered, naive, hidden / cells)


@attack_on("A1", "total less the shown cells of a line")
def one_way() -> Outcome:
    return on_tables([(8,)] * 8, range(60, 220, 20))


@attack_on("A2", "margins of tables of two and three ways")
def margins() -> Outcome:
    return on_tables([(5, 4), (8, 5), (8, 5), (5, 8), (3, 4, 3)], [400, 500, 1500, 2000, 900])


def three_linked() -> tuple[list, list[pd.DataFrame]]:
    whole = draw_table((5, 6, 4), 1500, 3)
    pairs = [["council", "placement"], ["council", "age"], ["placement", "age"]]
    return pairs, [whole.groupby(p, as_index=False)["children"].sum() for p in pairs]


@attack_on("A3", "linked tables of one report, together")
def linked() -> Outcome:
    pairs, frames = three_linked()
    seen, watch, shown = at_the_door(*frames)
    naive = [primary_only(f, p) for f, p in zip(frames, pairs, strict=True)]
    return Outcome(few_of(*frames), narrow(*seen, watch=watch), narrow(*naive), hidden_in(shown))


@attack_on("A4", "percentages turned back into counts")
def percentages() -> Outcome:
    tried = recovered = naive = 0
    for n, count in [(m, c) for m in range(20, 120, 7) for c in range(1, m, 3)]:
        low, high = wilson(count, n)
        record = Record("a.b", "Q?", "S", count / n, low, high, unit="share", n=n, method="share; Wilson")
        shown = gate([record])[0].records[0]
        tried += 1
        naive += len(numerators(round(count / n, 2), n, base=1)) == 1
        if shown.value is not None:
            # the share gives no more than the rounded count: five counts fit it
            fives = shown.value * shown.n / 5
            recovered += min(count, n - count) < WIDTH or abs(fives - round(fives)) > 0.2
    return Outcome(tried, recovered, naive)


@attack_on("A5", "means with and without one child")
def means() -> Outcome:
    costs = canaries(60)["cost"].to_numpy()
    tried = recovered = naive = 0
    for n in (12, 20, 40, 59):
        before, after = costs[:n], costs[: n + 1]
        child, dear = costs[n], after.max()
        low, high = one_more((before.mean(), n), (after.mean(), n + 1), base=1)
        naive += abs(low - child) < 0.01 and abs(high - child) < 0.01
        told = [through_the_door("mean", v.mean(), n, parts=parts_of(v)).value for v in (before, after)]
        step = pounds_step(after.mean(), n, largest=dear)
        low, high = one_more((told[0], n), (told[1], n + 1), steps=(step, step), base=1)
        tried, recovered = tried + 1, recovered + (high - low < 0.2 * child)
    return Outcome(tried, recovered, naive)


def through_the_door(name: str, value: float, n: int, **about) -> Record:
    """Publish pounds as a run does."""
    record = Record(f"cost.{name}", "Q?", "Cost", value, unit="GBP per week", n=n, method=name, **about)
    return gate([record])[0].records[0]


@attack_on("A6", "this quarter less the last, one child having come")
def quarters() -> Outcome:
    changed = sum(
        gate([counted(n)])[0].records[0].value != gate([counted(n + 1)])[0].records[0].value
        for n in range(10, 200)
    )
    return Outcome(190, max(0, changed - 190 // 5 - 1), 190)


def counted(n: int, name: str = "in.care", group: str = "all") -> Record:
    return Record(name, "Q?", "Children", n, unit="children", n=n, kind="count", group=group)


def release(n: int):
    raw = Results((counted(n),))
    return release_of(raw, gate(raw)[0], quarter="2019Q4", run=str(n), policy="strict", digest=str(n))


@attack_on("A7", "a report and its second version")
def versions() -> Outcome:
    pairs = [(n, n + d) for n in range(50, 90, 3) for d in range(1, 10)]
    told = [a for a in pairs if release(a[0]).figures["in.care"][2] != release(a[1]).figures["in.care"][2]]
    stopped = [a for a in told if differing([release(a[0])], release(a[1]))]
    return Outcome(len(pairs), len(told) - len(stopped), len(told))


@attack_on("A8", "the same figure with another filter")
def filters() -> Outcome:
    tried = recovered = 0
    for n, less in itertools.product(range(60, 300, 11), range(1, 10)):
        records = [
            Record(f"cost.f{i}", "Q?", "C", 500.0, unit="GBP", n=m) for i, m in enumerate((n, n - less))
        ]
        shown = [r.n for r in gate(records)[0]]
        tried, recovered = tried + 1, recovered + (shown[0] != shown[1])
    return Outcome(tried, recovered, tried)


def official_totals(table: pd.DataFrame, by: list[str], seen: Seen) -> list[Seen]:
    """Give the exact totals of the council's groups as they are shown, from where the department prints them."""
    shown = seen.frame
    totals = shown[(shown[by] == TOTAL).sum(axis=1).eq(1)].copy()
    exact = {(b, str(k)): n for b in by for k, n in table.groupby(b)["children"].sum().items()}
    totals["children"] = [
        next((exact[b, row[b]] for b in by if (b, row[b]) in exact), np.nan) for _, row in totals.iterrows()
    ]
    kept = totals.dropna(subset="children")
    kept = kept[kept["children"] >= 10]  # a smaller one the official table gives away by itself
    return [Seen(kept.iloc[[i]], seen.by, base=1) for i in range(len(kept))]


@attack_on("A9", "exact totals of the department's own tables")
def official() -> Outcome:
    tried = recovered = naive = 0
    for seed in (0, 1):  # every total of ten or more: a smaller one the official table gives away by itself
        table, by = draw_table((8, 5), 900, seed), ["council", "placement"]
        seen, watch, _ = at_the_door(table[[*by, "children"]])
        tried += few_of(table)
        recovered += narrow(*seen, *official_totals(table, by, seen[0]), watch=watch)
        naive += narrow(primary_only(table, by))
    return Outcome(tried, recovered, naive)


@attack_on("A10", "the region less its councils, one of them small")
def neighbours() -> Outcome:
    sizes = {"Large": 410, "Middle": 230, "Rutland": 7, "Isles": 4}
    frame = pd.DataFrame({"council": list(sizes), "children": list(sizes.values())})
    seen, watch, shown = at_the_door(frame)
    told = sum(r.value is not None and r.value < 10 for r in shown)
    return Outcome(2, narrow(*seen, watch=watch) + told, narrow(primary_only(frame, ["council"])) or 2)


@attack_on("A11", "noughts and hundreds: a line all of one kind")
def all_alike() -> Outcome:
    rows = [
        ("a", "foster", 40),
        ("a", "home", 0),
        ("b", "foster", 30),
        ("b", "home", 55),
        ("c", "foster", 61),
        ("c", "home", 33),
    ]
    frame = pd.DataFrame(rows, columns=["council", "placement", "children"])
    shown = at_the_door(frame)[2]
    line = [
        r.value for r in shown if r.group in ("council: a; placement: foster", "council: a; placement: home")
    ]
    whole = Record("a.b", "Q?", "Share", 1.0, 0.9, 1.0, unit="share", n=40, method="share; Wilson")
    return Outcome(2, sum(v is not None for v in line) + (gate([whole])[0].records[0].value is not None), 2)


@attack_on("A12", "one dear placement among cheap ones: mean and total")
def dominance() -> Outcome:
    costs = np.array([400.0] * 11 + [160_000.0])
    made = [through_the_door(name, value, 12, **about)
            for name, value in (("mean", costs.mean()), ("sum", costs.sum()))
            for about in ({"parts": parts_of(costs)}, {})]  # fmt: skip
    return Outcome(4, sum(r.value is not None for r in made), 4)


@attack_on("A13", "the dearest and the cheapest placement")
def extremes() -> Outcome:
    tried = recovered = 0
    for seed in range(40):
        costs = canaries(276, seed)["cost"].to_numpy()
        for end in (costs.min(), costs.max()):
            made = [through_the_door("extreme", end, 276, **about) for about in ({}, {"support": 1})]
            tried, recovered = tried + 2, recovered + sum(r.value is not None for r in made)
    return Outcome(tried, recovered, tried)


@attack_on("A14", "quantiles of few, fliers and whiskers")
def quantiles() -> Outcome:
    tried = recovered = naive = 0
    for n, q in itertools.product((12, 15, 40, 90, 250), (0.05, 0.1, 0.5, 0.9, 0.95)):
        costs = np.sort(canaries(n, n)["cost"].to_numpy())
        exact = float(costs[round(q * (n - 1))])
        said = through_the_door("quantile", exact, n, support=support_of(costs, exact, None, None)).value
        tried, naive = tried + 1, naive + 1
        recovered += said is not None and (n * min(q, 1 - q) < 9 - 1e-6 or abs(said - exact) < 0.01)
    return Outcome(tried, recovered, naive)


def refused(name: str, content: bytes | str) -> bool:
    """Whether the gate refuses a release with this file."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return bool(scan(folder, pseudonyms=frozenset(canaries()["child_id"])))


def through(*files: tuple[str, bytes | str]) -> Outcome:
    """Try to carry leaks through the gate."""
    return Outcome(len(files), sum(not refused(*file) for file in files), len(files))


@attack_on("A15", "coordinates of points, lines and bars in a drawing")
def drawings() -> Outcome:
    return through(
        ("spend.svg", points(400)), *(file for name, file in LEAKS.items() if "every child" in name)
    )


@attack_on("A16", "data carried by charts that can be clicked")
def interactive() -> Outcome:
    data = json.dumps({"data": [{"customdata": ["canary-000007"], "hovertemplate": "need"}]})
    return through(("page.html", f"<script>Plotly.newPlot('x', {data})</script>"), ("chart.json", data))


@attack_on("A17", "outputs hidden, collapsed or in a second form")
def outputs() -> Outcome:
    return through(*(LEAKS[k] for k in ("a hidden output", "an unmasked form of an output")))


@attack_on("A18", "error traces, warnings and logs")
def traces() -> Outcome:
    stderr = LEAKS["an error output"][1].replace('"error"', '"stream", "name": "stderr"')
    return through(LEAKS["a trace in a page"], LEAKS["an error output"], ("run.ipynb", stderr))


@attack_on("A19", "metadata of notebooks: parameters, paths, attachments")
def metadata() -> Outcome:
    return through(
        *(LEAKS[k] for k in ("parameters of a run", "an attachment of a cell", "a path in a table"))
    )


@attack_on("A20", "metadata of pictures and pages")
def pictures() -> Outcome:
    dated = "<svg><metadata><dc:date>2026-01-01</dc:date></metadata></svg>"
    files = (
        ("map.png", png((b"eXIf", b"MM"))),
        ("map.svg", dated),
        ("b.pdf", pdf(author="J Smith")),
    )
    return through(LEAKS["metadata of a picture"], *files)


@attack_on("A21", "workbooks: hidden sheets, pivot caches, comments, authors")
def workbooks() -> Outcome:
    names = (
        "a hidden sheet",
        "a hidden column",
        "a pivot cache",
        "the name of an author",
        "a comment in a document",
    )
    return through(*(LEAKS[name] for name in names))


@attack_on("A22", "formulas in tables that are opened in a spreadsheet")
def formulas() -> Outcome:
    starts = ["=1+1", "@SUM(1)", "+cmd|x", "-cmd|x", "\t=1"]
    return through(
        *(("table.csv", f"name,children\n{s},20\n") for s in starts), LEAKS["a formula in a workbook"]
    )


@attack_on("A23", "code in names and free text")
def injected() -> Outcome:
    page = (
        "<script>x</script>",
        '<img onerror="x()" src=x>',
        '<a href="javascript:x()">y</a>',
        '<svg onload="x"/>',
    )
    return through(*(("page.html", f"<td>{said}</td>") for said in page))


@attack_on("A24", "models: a column for one child, and stored models")
def models() -> Outcome:
    rng = np.random.default_rng(1)
    design = np.column_stack([np.ones(60), rng.normal(size=60), np.arange(60) < 1])
    cost = rng.normal(500, 50, 60)
    cost[0] = 456.58
    fitted = np.linalg.lstsq(design, cost, rcond=None)[0]
    naive = int(abs(fitted @ design[0] - 456.58) < 0.01)
    made = through_the_door("slope", float(fitted[2]), 60, support=column_support(design))
    stored = refused("model.json", LEAKS["a pickle with another name"][1])
    return Outcome(2, (made.value is not None) + (not stored), naive + 1)


@attack_on("A25", "steps of survival curves where few are left")
def curves() -> Outcome:
    tried = recovered = 0
    for left in range(1, 10):
        step = Record("stay.lasting", "Q?", "Still there", 0.4, 0.2, 0.6, unit="share", n=80, support=left)
        tried, recovered = tried + 1, recovered + (gate([step])[0].records[0].value is not None)
    return Outcome(tried, recovered, tried)


@attack_on("A26", "an example child too near a real one")
def examples() -> Outcome:
    # the only door for a child's own row is the private list: no record or page holds one
    row = canaries(1).to_csv(index=False)
    return through(("example.csv", row), ("example.html", canaries(1).to_html()))


@attack_on("A27", "pseudonyms turned back by trying every number")
def pseudonyms() -> Outcome:
    numbers = [f"{n:06d}" for n in range(0, 60_000, 3)]
    tried = [numbers[i] for i in (5, 700, 9_000)]
    plain = {hashlib.sha256(n.encode()).hexdigest()[:16]: n for n in numbers}
    naive = sum(hashlib.sha256(n.encode()).hexdigest()[:16] in plain for n in tried)
    keyed = [
        hmac.new(b"a key of the council's own, 32 byte", n.encode(), "sha256").hexdigest()[:16] for n in tried
    ]
    return Outcome(3, sum(k in plain for k in keyed), naive)


@attack_on("A28", "names of files, order of rows")
def names() -> Outcome:
    files = [(name, "x") for name in ("canary-000007.html", "B801200005001.html", "NR1 2DH.html", ".history")]
    return through(*files)


@attack_on("A29", "five particulars of one child put together")
def particulars() -> Outcome:
    table = draw_table((6, 4, 3), 400, 2)
    seen, watch, shown = at_the_door(table[["council", "placement", "age", "children"]])
    told = sum(r.value is not None and 0 < r.value < 10 for r in shown)
    return Outcome(few_of(table), narrow(*seen, watch=watch) + told, few_of(table), hidden_in(shown))


@attack_on("A30", "the price of a provider that makes most of a sum")
def providers() -> Outcome:
    paid = np.array([4200.0 * 95, 100.0, 100.0, *[50.0] * 20])
    homes = np.full(24, 4200.0)  # of children alike, all paid to two providers
    about = {"parts": parts_of(homes), "sellers": sellers_of(homes, ["a", "b"] * 12)}
    made = [
        through_the_door("sum", paid.sum(), len(paid), parts=parts_of(paid)),
        through_the_door("mean", 4200.0, 24, **about),
    ]
    return Outcome(2, sum(r.value is not None for r in made), 2)


@attack_on("A31", "intervals and standard errors turned back into bases")
def intervals() -> Outcome:
    tried = recovered = 0
    known: dict[tuple[float, ...], set[tuple[int, int]]] = {}  # every base that gives a rounded interval
    for m in range(10, 80):
        for c in range(m + 1):
            known.setdefault(tuple(round(v, 2) for v in wilson(c, m)), set()).add((c, m))
    for n, count in itertools.product(range(20, 60, 3), range(10, 30, 4)):
        if count > n - 10:
            continue
        low, high = wilson(count, n)
        shown = gate(
            [Record("a.b", "Q?", "S", count / n, low, high, unit="share", n=n, method="share; Wilson")]
        )[0].records[0]
        fits = known.get((shown.low, shown.high), set())
        tried, recovered = tried + 1, recovered + (fits == {(count, n)} and (count % 5 or n % 5) != 0)
    return Outcome(tried, recovered, tried)


@attack_on("A32", "an unrounded number in a sentence beside a rounded table")
def sentences() -> Outcome:
    typed = Record("a.b", "Q?", "Cost", 5600.51, 5100.13, 6200.77, unit="GBP per week", n=143, method="mean")
    typed = replace(typed, wording="{value}, one at £7,313.37", sentence="exactly £5,600.51")
    shown = gate([typed])[0].records[0]
    said = json.dumps([shown.sentence, shown.wording])
    found = sum(value in said for value in ("7,313", "5600.51", "5,600.51", "143"))
    return Outcome(4, found + (not refused("page.html", "<p>£7,313.37</p>")), 4)


def sums_at_known_prices(n: int) -> Iterator[tuple[Estimate, Callable[[int], float]]]:
    """Give sums that count children, and what a reader who knows the price would expect of any number of them."""
    gap = Estimate("Gap", 293.4, 236.8, 348.3, n=140, unit="GBP per week", support=140)
    yield matching.more_in_house(n, gap)[1], lambda k: 0.14 * k * 293.4
    paid = np.full(9, 300_000.0)
    risk = Risk("a form", paid, paid, 8_000.0 * n, 2 * paid, n, weeks=np.full(9, 900.0))
    yield risk.estimates()[2], lambda k: 300_000.0 - 8_000.0 * k
    part = priced_alike(n, 3_587.31 * n)
    yield (
        Estimate("Part of a claim", 3_587.31 * n, n=n, unit="GBP per year", support=n, priced=part),
        lambda k: 3_587.31 * k,
    )
    found = effect_of(n)
    money = {"gbp_week": 1_900.0, "service_gbp_child": 2_500.0}
    share = (0.1617, 0.08, 0.25)
    net = edge.support_worth(
        found, **money, case="By a trial", share=share, parts=parts_of([1_900.0] * 20)
    ).net
    yield net, lambda k: k * (0.1617 * found.days_each / 7 * 0.12 * 1_900.0 - 2_500.0)


def effect_of(n: int) -> edge.Effect:
    """Say of n children supported that 12 in 100 were expected to come into care."""
    drawn = pd.DataFrame({name: np.full(50, 0.12 * n) for name in ("expected", "averted", "days")})
    expected = Estimate("Entries expected", 0.12 * n, n=n, unit="children")
    none = Estimate.not_estimable("Entries averted", n=n, reason="few")
    return edge.Effect(Estimates(()), expected, none, none, Estimates(()), 365, n, 180.0, drawn, ())


@attack_on("A33", "a count from a sum at a price that all know")
def counts_behind_sums() -> Outcome:
    tried = recovered = naive = 0
    for n in range(20, 220, 3):
        for made, expected in sums_at_known_prices(n):
            raw = Record.from_estimate(made, id="a.b", question="Q?")
            shown = gate([raw])[0].records[0]
            tried += 1
            recovered += n % 5 != 0 and counts_that_fit(shown.value, n, expected) == {n}
            naive += counts_that_fit(float(f"{raw.value:.3g}"), n, expected) == {n}
    return Outcome(tried, recovered, naive)


def counts_that_fit(told: float | None, n: int, expected: Callable[[int], float]) -> set[int]:
    """Give the numbers near n that a told sum leaves open to a reader who knows its price to the penny."""
    if told is None:
        return set()
    step = pounds_step(told, n) if told else 0.0
    return {k for k in range(n - 4, n + 5) if abs(expected(k) - told) <= step / 2 + 1e-6}


@attack_on("A34", "events from the exact ends of a rate, and the day of one child from a median of few")
def ends_of_rates() -> Outcome:
    tried = recovered = naive = 0
    for n, years in itertools.product(range(11, 60, 3), (7.3, 21.7, 61.9)):
        events, base = n, 5 * math.floor(n / 5 + 0.5)
        made = 100 * events / years, *(100 * end / years for end in garwood(events))
        raw = Record("a.b", "Q?", "Rate", *made, unit="per 100 child-years", n=n, of="events")
        shown = gate([raw])[0].records[0]
        tried += 1
        naive += events_that_fit(made, base) == {n}
        recovered += n % 5 != 0 and events_that_fit((shown.value, shown.low, shown.high), base) == {n}
    for n in (10, 12, 15, 19):
        waits = pd.DataFrame({"days": np.arange(n) * 7.0 + 20.0, "end": ["move"] * n})
        found = kaplan_meier(waits, Watch("days", "end", of="children")).median()
        shown = gate([Record.from_estimate(found, id="a.b", question="Q?")])[0].records[0]
        tried, naive = tried + 1, naive + (found.value in set(waits["days"]))
        recovered += shown.value is not None
    return Outcome(tried, recovered, naive)


def garwood(events: int) -> tuple[float, float]:
    """Give the exact ends of a number of events."""
    return float(stats.chi2.ppf(0.025, 2 * events)) / 2, float(stats.chi2.isf(0.025, 2 * events + 2)) / 2


def events_that_fit(told: tuple[float | None, ...], base: int) -> set[int]:
    """Give the numbers of events about a rounded base that three figures of a rate and its ends leave open."""
    said = [float(f"{value:.3g}") for value in told if value is not None]
    steps = [10.0 ** (math.floor(math.log10(value)) - 2) / 2 for value in said]
    left = set()
    for k in range(base - 2, base + 3):
        laid = [((v - s) / e, (v + s) / e) for v, s, e in zip(said, steps, (k, *garwood(k)), strict=True)]
        if max(low for low, _ in laid) <= min(high for _, high in laid):
            left.add(k)
    return left


def fewer_than_ten(numbers: set[int]) -> bool:
    """Whether the numbers an attacker is left with lie closer together than the policy asks."""
    return bool(numbers) and max(numbers) - min(numbers) + 1 < WIDTH


def behind_gap(told: Record, sizes: tuple[int, int], total: int) -> set[int]:
    """Give the numerators of a group that a difference of shares leaves open, sizes and total known in fives."""
    near = range(-2, 3)
    return {
        k
        for k in range(sizes[0] + 3)
        for a, b, c in itertools.product(near, near, near)
        if k <= sizes[0] + a
        and abs(100 * (k / (sizes[0] + a) - (total + c - k) / (sizes[1] + b)) - told.value) <= 0.5
    }


def behind_calibration(told: Record, size: int) -> set[int]:
    """Give the numerators that a share less its mean prediction leaves open: the prediction drops out of the widths."""
    left = set()
    for n in range(size - 2, size + 3):
        for k in range(n + 1):
            low, high = wilson(k, n)
            sides = 100 * (k / n - low), 100 * (high - k / n)
            said = told.value - told.low, told.high - told.value
            if all(abs(one - other) <= 1 for one, other in zip(sides, said, strict=True)):
                left.add(k)
    return left


def in_whole_points(made: Estimate) -> Record:
    """Publish a difference as its unit is, without what its record says of the children behind it."""
    ends = {name: float(round(getattr(made, name))) for name in ("value", "low", "high")}
    return Record.from_estimate(replace(made, support=None, **ends), id="a.b", question="Q?")


def small_groups() -> Iterator[tuple[Estimate, Callable[[Record], set[int]]]]:
    """Give differences in which a group of 13 to 40 has none to nine, and what an attacker makes of each."""
    for size, few in itertools.product((13, 23, 40), range(10)):
        others = np.repeat([3, 0], [60, 89])
        levels = np.concatenate([np.repeat([3, 0], [few, size - few]), others])
        frame = pd.DataFrame({"safe": levels, "young": np.arange(len(levels)) < size})
        sizes, total = (5 * round(size / 5), 150), 5 * round((few + 60) / 5)
        made = profile.domain_gaps(frame, domains=["safe"], group="young")[0]
        yield made, lambda told, sizes=sizes, total=total: behind_gap(told, sizes, total)
        if few < 5:
            rows = pd.DataFrame(
                {"happened": levels > 0, "p": 0.2, "of": frame["young"].map({True: "a", False: "b"})}
            )
            about = {"outcome": "happened", "probability": "p", "threshold": 0.1, "groups": {"Of": "of"}}
            held = stepdown.fairness(rows, **about).calibration[0]
            yield held, lambda told, size=sizes[0]: behind_calibration(told, size)


@attack_on("A35", "a small count behind the difference of two groups")
def differences() -> Outcome:
    tried = recovered = naive = 0
    for made, left in small_groups():
        shown = gate([Record.from_estimate(made, id="a.b", question="Q?")])[0].records[0]
        tried, naive = tried + 1, naive + fewer_than_ten(left(in_whole_points(made)))
        recovered += shown.value is not None and fewer_than_ten(left(shown))
    return Outcome(tried, recovered, naive)


def apart(d: float, n: int) -> tuple[float, float, float]:
    """Give a standardised difference between n children and 240 others, with its ends."""
    half = 1.959964 * math.sqrt(1 / n + 1 / 240 + d * d / (2 * (n + 240)))
    return d, d - half, d + half


def over(ratio: float, n: int) -> tuple[float, float, float]:
    """Give a ratio of two rates, of n events and 240, with its ends."""
    spread = math.exp(1.959964 * math.sqrt(1 / n + 1 / 240))
    return ratio, ratio / spread, ratio * spread


def ranked(rho: float, n: int) -> tuple[float, float, float]:
    """Give a rank correlation of n children with its ends."""
    return rho, *bonett_wright(rho, n)


def sizes_that_fit(told: tuple[float | None, ...], n: int, law, step: float) -> set[int]:
    """Give the numbers about n that an estimate and its ends, rounded to a step, leave open."""
    values = np.linspace(told[0] - step / 2, told[0] + step / 2, 9)
    return {
        k
        for k in range(max(n - 6, 6), n + 7)
        if any(
            all(abs(end - said) <= step / 2 + 1e-9 for end, said in zip(law(v, k)[1:], told[1:], strict=True))
            for v in values
        )
    }


@attack_on("A36", "how many there are, from the width of an interval that counts alone make")
def widths() -> Outcome:
    laws = (
        (apart, "standard deviations", (-0.4, 0.15)),
        (over, "ratio", (0.7, 1.4)),
        (ranked, "correlation", (0.1, 0.4)),
    )
    tried = recovered = naive = 0
    for (law, unit, values), n in itertools.product(laws, range(11, 60, 5)):
        for value in values:
            made = law(value, n)
            raw = Record("a.b", "Q?", "Apart", *made, unit=unit, n=n if law is ranked else n + 240, support=n)
            shown = gate([raw])[0].records[0]
            step = max(step_of(width_step(raw)), 0.01)
            tried += 1
            naive += len(sizes_that_fit(tuple(round(v, 2) for v in made), n, law, 0.01)) == 1
            left = sizes_that_fit((shown.value, shown.low, shown.high), n, law, step)
            recovered += n % 5 != 0 and left == {n}
    return Outcome(tried, recovered, naive)


@attack_on("A37", "the council's own few, from the range an assumption is given")
def ranges_of_assumptions() -> Outcome:
    assumed, tried, recovered, naive = savings.load_scenario(), 0, 0, 0

    def told(count: int, n: int, **rule: int) -> tuple[float, float]:
        made = savings.with_own_shares(assumed, **rule, matched_share=(count, n)).inputs["matched_share"]
        return round(made.low, 2), round(made.high, 2)

    pairs = [(count, n) for n in range(1, 25) for count in range(n + 1)]
    known: dict[tuple[float, float], set[int]] = {}  # how many did, by the range that is shown
    protected: dict[tuple[float, float], set[int]] = {}
    for count, n in pairs:
        known.setdefault(told(count, n), set()).add(count)
        protected.setdefault(told(count, n, least=10, base=5), set()).add(count)
    for count, n in pairs[::7]:
        few = min(count, n - count) < 10
        tried += 1
        naive += few and fewer_than_ten(known[told(count, n)])
        left = protected[told(count, n, least=10, base=5)]
        recovered += fewer_than_ten(left) if few else left == {count}
    return Outcome(tried, recovered, naive)


@attack_on("A38", "the mean of few, from that of many and the difference of the two")
def means_by_difference() -> Outcome:
    rng, tried, recovered, naive = np.random.default_rng(5), 0, 0, 0
    for size in (10, 12, 16, 25, 40):
        homes, families = rng.normal(3_900, 700, size), rng.normal(640, 120, 90)
        gap, dearest = float(homes.mean() - families.mean()), float(homes.max())
        about = {"unit": "GBP per week", "of": "children"}
        one = Estimate("Mean", float(families.mean()), n=90, parts=parts_of(families), **about)
        other = Estimate(
            "Difference", gap, n=size + 90, support=size, parts=parts_of(np.r_[homes, families]), **about
        )
        raw = [Record.from_estimate(e, id=f"a.{i}", question="Q?") for i, e in enumerate((one, other))]
        shown = gate(raw)[0].records
        steps = (pounds_step(one.value, 90, largest=families.max()), pounds_step(gap, size, largest=dearest))
        fine = (steps[0], pounds_step(gap, size + 90, largest=gap))
        needed = STRICT.pounds_width * dearest
        tried += 1
        naive += (2 * size + 1) * sum(fine) < needed
        recovered += any(r.value is None for r in shown) or (2 * size + 1) * sum(steps) < needed
        recovered += abs(shown[1].value / steps[1] - round(shown[1].value / steps[1])) > 1e-6
    return Outcome(tried, recovered, naive)


@attack_on("A39", "what one child more cost, from two totals")
def totals_of_pounds() -> Outcome:
    rng, tried, recovered, naive = np.random.default_rng(8), 0, 0, 0
    for n in (12, 25, 60, 200):
        costs = np.append(rng.lognormal(9, 0.7, n), 70_000.0)  # the last came this quarter
        told, fine = [], []
        for paid in (costs[:-1], costs):
            made = Estimate("Spend", paid.sum(), n=len(paid), unit="GBP", parts=parts_of(paid))
            told.append(gate([Record.from_estimate(made, id="a.b", question="Q?")])[0].records[0].value)
            fine.append(10.0 ** (math.floor(math.log10(paid.sum())) - 2))
        steps = [
            step_of(STRICT.pounds_width * costs[:-1].max()),
            step_of(STRICT.pounds_width * 70_000.0),
        ]
        tried += 1
        naive += sum(fine) < STRICT.pounds_width * 70_000
        on_steps = all(abs(t / s - round(t / s)) < 1e-9 for t, s in zip(told, steps, strict=True))
        recovered += not on_steps or sum(steps) < STRICT.pounds_width * 70_000
    return Outcome(tried, recovered, naive)
