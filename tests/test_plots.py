"""Unit tests of the pictures: words, alt text, marks where the numbers are, and nothing outside the frame."""

import base64
import warnings

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt

from vcanalysis.analysis import association, middle, profile, savings, spending
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
    return frame.assign(
        need=levels.sum(axis=1), n3=(levels == 3).sum(axis=1), band="enhanced", cost=cost, type=types
    )


def scenario():
    values = {"candidates": 30, "residential_gbp_week": 4200.0}
    return savings.simulate_savings(savings.load_scenario().with_values(**values), draws=200)


def draw_all(frame):
    """Draw every picture of the package once."""
    rho = {"x": "need", "y": "cost"}
    explained = association.share_explained(frame, cost="cost", blocks={"Need": ["need"], "Type": ["type"]})
    rule = {"need": "need", "n3": "n3", "band": "band", "cost": "cost"}
    return {
        "profile": plots.plot_domain_profile(profile.domain_profile(frame, domains=DOMAINS)),
        "levels": plots.plot_level_distribution(
            profile.level_distribution(frame, domains=DOMAINS, levels=list("abcd"))
        ),
        "bands": plots.plot_band_shares(profile.band_shares(frame, band="band")),
        "cost": plots.plot_cost_by_type(spending.cost_by(frame, cost="cost", group="type")),
        "lorenz": plots.plot_lorenz(spending.concentration(frame, cost="cost")),
        "need": plots.plot_need_against_cost(association.cost_by_need(frame, need="need", cost="cost")),
        "rho": plots.plot_rank_correlations(
            association.rank_correlation(frame, **rho),
            association.rank_correlation_by(frame, **rho, group="type"),
        ),
        "explained": plots.plot_share_explained(explained),
        "middle": plots.plot_middle(middle.find_middle(frame, **rule)),
        "classes": plots.plot_classes(middle.find_classes(frame[DOMAINS], max_classes=2, n_init=1)),
        "fan": plots.plot_savings_fan(scenario()),
        "years": plots.plot_savings_by_year(scenario()),
    }


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
    assert [t.get_text() for t in ax.get_yticklabels()] == ["Foster (20)"]


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
