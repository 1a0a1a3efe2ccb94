"""Unit tests of the pictures: words, alt text, marks where the numbers are, and nothing outside the frame."""

import base64
import warnings

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt

from vcanalysis.analysis import (
    association,
    change,
    claims,
    edge,
    impact,
    middle,
    prevention,
    productivity,
    profile,
    savings,
    spending,
    stability,
    stepdown,
    sufficiency,
    value,
)
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate
from vcanalysis.output import plots
from vcanalysis.output.plots.frame import figure_of
from vcanalysis.output.plots.look import write_money

WORDS = {
    "headline": "A headline that states the finding and is long enough to need a second line on paper",
    "subtitle": "Weekly cost by type of placement, made-up council, 300 children",
    "source": "made-up data",
    "alt": "Dots on lines.",
}
TYPES = ["Kinship fostering", "Agency fostering", "Residential home", "Supported accommodation"]
DOMAINS = [f"domain_{i}" for i in range(6)]


@pytest.fixture(scope="module")
def council():
    rng = np.random.default_rng(1)
    kind, n = rng.integers(0, 4, 300), 300
    levels = rng.binomial(3, rng.choice([0.2, 0.7], 300)[:, None], (300, 6)).astype(float)
    frame = pd.DataFrame(levels, columns=DOMAINS)
    cost = np.exp(np.array([5.6, 6.7, 8.3, 7.0])[kind] + rng.normal(0, 0.4, n))
    types = pd.Categorical.from_codes(kind, TYPES, ordered=True)
    ends = pd.Series(rng.choice(["breakdown", "planned move", "home"], n)).where(rng.random(n) < 0.8)
    drawn = {"days": rng.exponential(500, n) + 1, "end": ends, "better": rng.normal(0, 1, n)}
    need = levels.sum(axis=1)
    return frame.assign(
        need=need, n3=(levels == 3).sum(axis=1), band="enhanced", cost=cost, type=types, family=kind == 0,
        later=0.6 * need + rng.normal(3, 2, n), **drawn,
    )  # fmt: skip


def scenario():
    values = {"candidates": 30, "residential_gbp_week": 4200.0}
    return savings.simulate_savings(savings.load_scenario().with_values(**values), draws=200)


def draw_all(frame):
    """Draw every picture of the package once."""
    rho = {"x": "need", "y": "cost"}
    explained = association.share_explained(frame, cost="cost", blocks={"Need": ["need"], "Type": ["type"]})
    group = middle.find_middle(frame, need="need", n3="n3", band="band", cost="cost")
    return {
        "profile": plots.plot_domain_profile(profile.domain_profile(frame, domains=DOMAINS)),
        "levels": plots.plot_level_distribution(
            profile.level_distribution(frame, domains=DOMAINS, levels=list("abcd"))
        ),
        "bands": plots.plot_band_transitions(
            change.band_transitions(frame.assign(again=frame["band"]), before="band", after="again")
        ),
        "cost": plots.plot_cost_by_type(spending.cost_by(frame, cost="cost", group="type")),
        "lorenz": plots.plot_lorenz(spending.concentration(frame, cost="cost")),
        "need": plots.plot_need_against_cost(association.cost_by_need(frame, need="need", cost="cost")),
        "rho": plots.plot_rank_correlations(
            association.rank_correlation(frame, **rho),
            association.rank_correlation_by(frame, **rho, group="type"),
        ),
        "explained": plots.plot_share_explained(explained),
        "middle": plots.plot_middle(group),
        "cut-offs": plots.plot_cut_offs(group),
        "classes": plots.plot_classes(middle.find_classes(frame[DOMAINS], max_classes=2, n_init=1)),
        "fan": plots.plot_savings_fan(scenario()),
        "years": plots.plot_savings_by_year(scenario()),
        "likelihood": plots.plot_savings_likelihood(scenario()),
        "sobol": plots.plot_sobol(savings.sobol_indices(scenario().scenario, points=16)),
    } | draw_over_time(frame)


def draw_over_time(frame):
    """Draw every picture of stays, change and value once."""
    watch, about = stability.Watch("days", "end"), {"member": "family", "cost": "cost", "effect": "better"}
    rho = association.rank_correlation(frame, x="need", y="cost")
    when = pd.DataFrame({"when": ["2019Q3", "2019Q4"] * 2, "events": [9, 7, 5, 8]})
    stock = when.assign(group=["Foster", "Foster", "Home", "Home"], children=[90, 95, 20, 18])
    flows = when.assign(flow=["came into care"] * 2 + ["left care"] * 2)
    by_first = change.change_by_first(frame, before="need", after="later", population_mean=9)
    start = pd.date_range("2016-01-05", periods=120, freq="12D")
    stays = pd.DataFrame({"child_id": range(120), "start": start, "end": start + pd.Timedelta(days=500)})
    stays = stays.assign(placement_type="Agency fostering", birth_month=pd.Timestamp("2010-01-01"))
    ahead = sufficiency.forecast(stays, day="2019-06-30", since="2016-01-01", draws=50)
    return (
        {
            "forecast": plots.plot_forecast(ahead),
            "estimates": plots.plot_estimates([rho]),
            "lasting": plots.plot_survival(stability.kaplan_meier(frame, watch)),
            "ends": plots.plot_incidence(stability.aalen_johansen(frame, watch)),
            "value": plots.plot_acceptability(value.net_benefit(frame, **about)),
            "change": plots.plot_change_by_first(by_first),
            "stock": plots.plot_stock(stock),
            "flows": plots.plot_flows(flows),
        }
        | draw_stepdown(frame)
        | draw_councils(len(frame))
        | draw_impact(len(frame))
        | draw_before_care(len(frame))
    )


def draw_councils(councils):
    """Draw every picture of councils once, of as many councils as there are children."""
    rng = np.random.default_rng(1)
    at = np.repeat(np.arange(min(councils, 60)), 2)
    panel = pd.DataFrame({"council": at, "year": np.tile([2024, 2025], len(at) // 2), "children": 300 + at})
    panel = panel.assign(spend=rng.lognormal(7.6, 0.2, len(at)), sdq=14 + at % 7 + rng.normal(0, 1, len(at)))
    layout = productivity.Layout("council", "year", "children", "spend")
    found = productivity.outcome_productivity(
        panel, outcomes=[productivity.Outcome("sdq", "lower")], layout=layout
    )
    last = panel[panel["year"] == 2025].assign(homes=rng.integers(20, 60, len(at) // 2))
    about = {"unit": "council", "value": "homes", "size": "children"}
    return {
        "funnel": plots.plot_funnel(productivity.funnel(last, **about, kind="share"), named={3: "Council 3"}),
        "counts": plots.plot_funnel(productivity.funnel(last, **about)),
        "ranks": plots.plot_ranks(found, named={3: "Council 3"}),
        "spend": plots.plot_outcome_against_spend(found, highlight=[3]),
    }


def draw_impact(councils):
    """Draw every picture of a programme once, of as many councils as there are children."""
    rng = np.random.default_rng(2)
    panel = pd.DataFrame(
        [(u, t) for u in range(min(councils, 20)) for t in range(2016, 2024)], columns=["u", "t"]
    )
    panel = panel.assign(y=panel["u"] % 5 + rng.normal(0, 1, len(panel)))
    about = {"unit": "u", "time": "t", "outcome": "y"}
    event = impact.staggered_effect(panel, **about, first_treated={0: 2020, 1: 2021}).event
    one = impact.synthetic_control(panel, **about, treated=(0, 2020))
    return {
        "event": plots.plot_event_study(event),
        "control": plots.plot_synthetic_control(one),
        "placebos": plots.plot_placebo_gaps(one),
    }


def draw_stepdown(frame):
    """Draw every picture of children who could live in a family once."""
    recipe = stepdown.Recipe(numbers=("need",), folds=2, penalties=(0.1,))
    found = stepdown.family_probability(frame, family="family", recipe=recipe)
    rows = ["lives in a residential home (not secure, hospital, or parent and child)", "is on no order"]
    table = pd.DataFrame({"criterion": rows, "met": [9, 0], "not_met": [1, 0], "left": [9, 9]})
    bounds = stepdown.contract_survival(stepdown.Contract(31, 12, 7))
    return {
        "screen": plots.plot_screen(table.assign(unjudged_so_far=[0, 2])),
        "overlap": plots.plot_overlap(found, threshold=0.7),
        "calibration": plots.plot_calibration(found.rows, outcome="family", probability="probability"),
        "contract": plots.plot_contract(list(bounds), bounds[0].named(term="As published")),
        "claim": plots.plot_claim_routes(claims.audit_published(terms=claims.Terms(draws=1000))),
    }


def draw_before_care(councils):
    """Draw every picture of the edge of care and of prevention once, of as many councils as there are children."""
    rng = np.random.default_rng(4)
    risk = rng.uniform(0, 1, max(councils, 1))
    cases = pd.DataFrame({"risk": risk, "entered": rng.uniform(size=len(risk)) < risk})
    curve = edge.decision_curve(cases, outcome="entered", probability="risk", thresholds=[0.1, 0.2])
    spent = pd.DataFrame(
        [(u, t, 100.0, 40.0 + u % 5 + t - 2017) for u in range(max(councils, 1)) for t in (2017, 2025)],
        columns=["u", "t", "all", "care"],
    )
    mix = prevention.spend_mix(spent, unit="u", year="t", whole="all", parts={"care": "care"})
    shift = prevention.Shift(
        moved_gbp_year=1e6,
        pool_year=500,
        base=0.45,
        effect=(0.16, 0.08, 0.24),
        child_gbp=(5000, 2000, 9000),
        care_gbp_week=(1400, 700, 2100),
    )
    return {
        "decision": plots.plot_decision(curve),
        "mix": plots.plot_spend_mix(mix),
        "net": plots.plot_running_net(prevention.simulate_shift(shift, draws=100)),
    }


DRAWN = (draw_all, draw_over_time, draw_stepdown, draw_councils, draw_impact, draw_before_care)


def test_every_picture_of_the_package_is_drawn_here():
    used = {name for name in plots.__all__ if name.startswith("plot_")}
    assert used <= {n for draw in DRAWN for n in draw.__code__.co_names}


def test_the_lasting_curve_stands_where_its_estimates_are(council):
    curve = stability.kaplan_meier(council, stability.Watch("days", "end"))
    line = plots.plot_survival(curve, until=400).lines[0]
    at_last = curve.at(400)
    assert line.get_ydata()[-1] == pytest.approx(at_last.value)


def test_ways_of_ending_are_stacked_up_to_what_still_lasts(council):
    found = stability.aalen_johansen(council, stability.Watch("days", "end"))
    ax = plots.plot_incidence(found, until=400)
    tops = [max(path.get_paths()[0].vertices[:, 1]) for path in ax.collections]
    assert tops[0] == pytest.approx(found.at(400, "breakdown").value)
    assert tops[-1] == pytest.approx(
        1 - stability.kaplan_meier(council, stability.Watch("days", "end")).at(400).value
    )


def test_the_chance_of_better_value_stands_where_it_was_found(council):
    found = value.net_benefit(council, member="family", cost="cost", effect="better")
    line = plots.plot_acceptability(found).lines[0]
    assert list(line.get_xdata()) == list(found.curve["worth_gbp"])
    assert list(line.get_ydata()) == list(found.curve["probability"])


def test_every_picture_fits_its_frame_is_sixteen_centimetres_wide_and_warns_of_nothing(council):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawn = draw_all(council)
        for name, ax in drawn.items():
            plots.finish(ax, **WORDS)
            image = plots.render(ax)
            figure = figure_of(ax)
            assert image.startswith(b"\x89PNG"), name
            assert figure.get_figwidth() * 2.54 == pytest.approx(16), name
            box, bounds = figure.get_tightbbox(figure.canvas.get_renderer()), figure.bbox_inches
            assert box.x0 >= -0.02, name
            assert box.x1 <= bounds.x1 + 0.02, name
            assert box.y0 >= -0.02, name
            assert box.y1 <= bounds.y1 + 0.02, name


def test_every_picture_of_too_few_children_is_drawn_without_a_warning(council):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for ax in draw_all(council.head(3)).values():
            plots.render(plots.finish(ax, **WORDS))


def test_need_is_horizontal_and_cost_is_vertical_on_a_log_scale(council):
    result = association.cost_by_need(council, need="need", cost="cost")
    ax = plots.plot_need_against_cost(result)
    assert "need" in ax.get_xlabel().lower()
    assert "cost" in ax.get_ylabel().lower()
    assert ax.get_yscale() == "log"
    costs = ax.collections[0].get_offsets()[:, 1]
    assert sorted(costs) == pytest.approx(sorted(council["cost"]))


def test_each_dot_stands_where_its_estimate_is():
    items = [Estimate("A", 0.2, 0.1, 0.3, n=50, unit="share"), Estimate.not_estimable("B", n=3, reason="few")]
    ax = plots.plot_estimates(items)
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    assert [list(d.get_xdata()) for d in dots] == [[0.2]]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["A", "B"]
    assert any("not estimable" in t.get_text() for t in ax.texts)


def test_a_group_of_fewer_than_ten_is_not_drawn():
    frame = pd.DataFrame({"cost": range(500, 529), "type": ["Foster"] * 20 + ["Secure home"] * 9})
    ax = plots.plot_cost_by_type(spending.cost_by(frame, cost="cost", group="type"))
    assert [t.get_text() for t in ax.get_yticklabels()] == ["Foster (about 20)"]


def test_a_picture_without_headline_or_alt_text_is_refused():
    ax = plots.new_axes()
    with pytest.raises(InputError, match="Call finish"):
        plots.show(ax)
    for missing in ("headline", "alt"):
        with pytest.raises(InputError, match="headline"):
            plots.finish(ax, **{**WORDS, missing: " "})
    plots.finish(ax, **WORDS)
    with pytest.raises(InputError, match="once"):
        plots.finish(ax, **WORDS)


def test_showing_publishes_a_png_with_alt_text_and_the_headline_as_text(monkeypatch):
    published = {}
    monkeypatch.setattr(
        "vcanalysis.output.plots.frame.publish_display_data",
        lambda data, metadata: published.update(data=data, metadata=metadata),
    )
    plots.show(plots.finish(plots.new_axes(), **WORDS))
    assert published["data"]["text/plain"] == f"Figure: {WORDS['headline']}"
    assert base64.b64decode(published["data"]["image/png"]).startswith(b"\x89PNG")
    assert published["metadata"]["image/png"]["alt"] == WORDS["alt"]


def test_a_figure_of_pyplot_is_closed_after_it_was_shown(monkeypatch):
    monkeypatch.setattr("vcanalysis.output.plots.frame.publish_display_data", lambda *_, **__: None)
    _, ax = plt.subplots()
    plots.show(plots.finish(plots.plot_estimates([Estimate("A", 1.0, n=20)], ax=ax), **WORDS))
    assert not plt.get_fignums()


def test_the_same_picture_gives_the_same_bytes(council):
    def draw(kind):
        ax = plots.plot_need_against_cost(association.cost_by_need(council, need="need", cost="cost"))
        return plots.render(plots.finish(ax, **WORDS), file_format=kind)

    assert draw("png") == draw("png")
    assert draw("svg") == draw("svg")


def test_the_look_of_the_caller_returns_after_a_picture():
    before = plt.rcParams["axes.spines.top"]
    plots.plot_estimates([Estimate("A", 1.0, n=20)])
    assert plt.rcParams["axes.spines.top"] == before


@pytest.mark.parametrize(
    ("value", "text"), [(0, "£0"), (400, "£400"), (-2500, "-£2,500"), (250_000, "£0.25m"), (2_000_000, "£2m")]
)
def test_money_on_an_axis_is_short(value, text):
    assert write_money(value) == text
