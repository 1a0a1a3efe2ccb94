"""Unit and property tests of the needs framework: bands, vetoes, strengths, and the refusal of holes and overlaps."""

from __future__ import annotations

import itertools
import tomllib

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vcanalysis.core.errors import InputError
from vcanalysis.core.expressions import parse_condition
from vcanalysis.core.framework import build_framework, cases, frameworks, load_framework, validate
from vcanalysis.core.paths import data_file

DEFAULT = "vcw-default-12"


def file_of(name):
    return tomllib.loads(data_file(f"frameworks/{name}.toml").read_text(encoding="utf-8"))


def assessment(levels, framework):
    """One assessment with these levels, the other domains at 0."""
    row = [*levels, *[0] * (len(framework.domains) - len(levels))]
    return pd.DataFrame([row], columns=list(framework.domains), dtype=float)


def test_default_framework_has_the_declared_shape():
    framework = load_framework(DEFAULT)
    assert len(framework.domains) == 12
    assert len(framework.outcomes) == 6
    assert {len(ds) for ds in framework.outcomes.values()} == {2}
    assert framework.bands == ("standard", "enhanced", "complex")
    assert "not IMPOWER" in framework.title
    assert all(framework.domain_titles[d] != d for d in framework.domains)


def test_every_full_count_vector_of_the_default_has_one_band():
    framework = load_framework(DEFAULT)
    full = cases(framework).dropna()
    independent = sum(1 for n in itertools.product(range(13), repeat=3) if sum(n) <= 12)
    bands = framework.score(full)["need_band"].value_counts()
    assert len(full) == independent == 455
    assert bands.to_dict() == {"complex": 286, "enhanced": 133, "standard": 36}


# n2  n3  band      ours?   the fee rule of Norfolk, "level 2 only"
DRAWN = """
  0   0  standard  no
  2   0  standard  no
  3   0  enhanced  no
  0   1  enhanced  yes
  2   1  enhanced  yes
  3   1  enhanced  no
  0   2  complex   no
  9   3  complex   no
"""


@pytest.mark.parametrize("row", DRAWN.strip().splitlines())
def test_norfolk_bands_are_as_published_and_our_completion_is_marked(row):
    n2, n3, band, ours = row.split()
    framework = load_framework("norfolk-fee")
    wide = assessment([2] * int(n2) + [3] * int(n3), framework)
    assert framework.score(wide)["need_band"].tolist() == [band]
    assert framework.is_completed(wide).tolist() == [ours == "yes"]


def test_norfolk_rule_as_published_is_refused_with_its_three_holes(tmp_path):
    text = data_file("frameworks/norfolk-fee.toml").read_text(encoding="utf-8")
    published = "\n".join(line for line in text.splitlines() if not line.startswith("completes"))
    path = tmp_path / "published.toml"
    path.write_text(published, encoding="utf-8")
    with pytest.raises(InputError, match=r"no band covers \(n2, n3\) = \(0, 1\), \(1, 1\), \(2, 1\)\."):
        load_framework(path)


def test_norfolk_rule_read_as_level_two_or_more_leaves_two_holes():
    content = file_of("norfolk-fee")
    content["band"][1] = {"name": "enhanced", "when": "n3 <= 1 and nA >= 3"}
    content["band"][2]["when"] = "n3 == 0 and nA <= 2"
    holes = {tuple(v for k, v in f.case if k in ("nA", "n3")) for f in validate(build_framework(content))}
    assert holes == {(1, 1), (1, 2)}  # n3 = 1 with 0 or 1 further need for action


def test_overlapping_bands_are_refused_unless_the_first_match_counts():
    content = file_of(DEFAULT)
    content["framework"]["match"] = "exclusive"
    findings = validate(build_framework(content))
    assert findings
    assert {f.bands for f in findings} == {("complex", "enhanced")}
    assert not any(f.is_hole for f in findings)
    assert validate(build_framework(file_of(DEFAULT))) == []


@pytest.mark.parametrize("name", frameworks())
def test_every_framework_that_ships_covers_every_case_and_never_lowers_a_band_when_a_need_rises(name):
    framework = load_framework(name)
    assert validate(framework) == []
    frame = cases(framework)
    before = framework.score(frame)["need_band"].cat.codes.to_numpy()
    for domain in framework.domains:
        higher = frame.assign(**{domain: frame[domain] + 1})
        possible = (higher[domain] <= framework.top_level).to_numpy()
        after = framework.score(higher[possible])["need_band"].cat.codes.to_numpy()
        assert (after >= before[possible]).all()


def test_sdq_bands_are_those_of_the_return():
    framework = load_framework("sdq-total")
    bands = framework.score(pd.DataFrame({"total_difficulties": [13, 14, 16, 17, 40]}))["need_band"]
    assert bands.tolist() == ["normal", "borderline", "borderline", "concern", "concern"]
    four = load_framework("sdq-4").score(
        pd.DataFrame([[7, 4, 3, 3]], columns=load_framework("sdq-4").domains)
    )
    assert four[["need_total", "need_band"]].to_dict("records") == [
        {"need_total": 17.0, "need_band": "concern"}
    ]


def test_total_is_scaled_to_all_domains_and_missing_below_the_share():
    framework = load_framework(DEFAULT)
    wide = assessment([3, 2, 1], framework)
    wide = pd.concat([wide] * 3, ignore_index=True)
    wide.iloc[1, -2:] = np.nan  # ten rated: 10 of 12 is enough
    wide.iloc[2, -3:] = np.nan  # nine rated: too few
    scores = framework.score(wide)
    assert scores["need_total"].tolist()[:2] == pytest.approx([6.0, 6.0 * 12 / 10])
    assert scores["n_missing"].tolist() == [0, 2, 3]
    assert scores.drop(columns="n_missing").iloc[2].isna().all()
    assert scores.loc[0, ["need_mean", "need_peak", "n2", "n3"]].tolist() == [0.5, 3.0, 1.0, 1.0]
    assert scores.loc[0, "need_index"] == pytest.approx(100 * 6 / 36)


def test_missing_is_never_nought():
    framework = load_framework(DEFAULT)
    empty = pd.DataFrame(np.nan, index=[7], columns=list(framework.domains))
    scores = framework.score(empty)
    assert scores.index.tolist() == [7]
    assert scores["need_total"].isna().all()
    assert scores["need_band"].isna().all()


def test_one_intensive_need_vetoes_whatever_the_total():
    framework = load_framework(DEFAULT)
    wide = pd.concat(
        [assessment([3], framework), assessment([2] * 12, framework), assessment([np.nan] * 5, framework)]
    )
    assert framework.is_vetoed(wide).tolist() == [True, False, pd.NA]
    with pytest.raises(InputError, match="no veto on 'adoption'"):
        framework.is_vetoed(wide, decision="adoption")


def test_a_framework_that_names_no_veto_leaves_it_open_for_everyone():
    framework = load_framework("sdq-total")
    assert not framework.vetoes
    wide = pd.DataFrame({name: [0.0, 30.0] for name in framework.domains})
    assert framework.is_vetoed(wide).isna().all()


def test_inverted_strengths_read_the_same_way_round():
    framework = load_framework("cans-like")
    wide = pd.DataFrame([[0] * 14, [3] * 14], columns=list(framework.domains))
    assert framework.strength_index(wide).tolist() == [100.0, 0.0]
    with pytest.raises(InputError, match="records no strengths"):
        load_framework("norfolk-fee").strength_index(wide)


def test_outcomes_are_the_means_of_their_domains():
    framework = load_framework(DEFAULT)
    scores = framework.outcome_scores(assessment([3, 1], framework))
    assert scores.columns.tolist() == list(framework.outcomes)
    assert scores.loc[0, ["safe", "healthy"]].tolist() == [2.0, 0.0]


def test_scoring_leaves_the_input_alone_and_reads_nullable_and_empty_frames():
    framework = load_framework(DEFAULT)
    wide = pd.DataFrame({d: pd.array([1, None], dtype="Int64") for d in framework.domains})
    before = wide.copy()
    assert framework.score(wide)["need_total"].tolist()[0] == 12.0
    pd.testing.assert_frame_equal(wide, before)
    assert len(framework.score(pd.DataFrame())) == 0


@pytest.mark.parametrize("level", [4, -1, 1.5])
def test_levels_that_do_not_exist_are_refused_without_a_child(level):
    framework = load_framework(DEFAULT)
    wide = assessment([level], framework).assign(child_id="child-1")
    with pytest.raises(InputError, match="harm_exploitation: 1 levels do not exist") as caught:
        framework.score(wide)
    assert "child-1" not in str(caught.value)


def test_a_frame_without_any_domain_is_refused():
    with pytest.raises(InputError, match="None of the domains"):
        load_framework(DEFAULT).score(pd.DataFrame({"child_id": ["child-1"]}))


def test_overlaps_in_a_file_are_refused_by_the_names_of_the_bands(tmp_path):
    text = data_file(f"frameworks/{DEFAULT}.toml").read_text(encoding="utf-8")
    path = tmp_path / "overlapping.toml"
    path.write_text(text.replace('match = "first"', 'match = "exclusive"'), encoding="utf-8")
    with pytest.raises(InputError, match="bands complex and enhanced both cover"):
        load_framework(path)


def test_unknown_framework_names_the_nearest():
    with pytest.raises(InputError, match="Did you mean 'vcw-default-12'"):
        load_framework("vcw-default")


# what is changed -> what the message says
BROKEN = {
    "a domain in two outcomes": (
        lambda c: c["outcomes"]["safe"].append("education_learning"),
        "more than once",
    ),
    "a level twice": (lambda c: c["framework"].update(levels=["a", "a"]), "2 to 41 different labels"),
    "no levels": (lambda c: c["framework"].pop("levels"), "2 to 41 different labels"),
    "a weight that is not finite": (lambda c: c["weights"].update(risk_self_others=float("inf")), "inf"),
    "a negative weight": (lambda c: c["weights"].update(risk_self_others=-1), "-1"),
    "only weights of nought": (lambda c: c["framework"].update(default_weight=0), "all weights are 0"),
    "a weight for no domain": (lambda c: c["weights"].update(risk=1), "no domain 'risk'"),
    "a title for no domain": (lambda c: c["titles"].update(risk="Risk"), "no domain 'risk'"),
    "a band twice": (lambda c: c["band"].append(dict(c["band"][0])), "name of its own"),
    "a band without rule": (lambda c: c["band"][0].pop("when"), "`when` is missing"),
    "a misspelt key": (lambda c: c["band"][0].update(wenn="n3 >= 2"), "no 'wenn'"),
    "no bands": (lambda c: c.pop("band"), "name of its own"),
    "no outcomes": (lambda c: c.pop("outcomes"), r"\[outcomes\] is missing"),
    "a domain that is no name": (
        lambda c: c["outcomes"].update(more=["school life"]),
        "letters, digits and _",
    ),
    "no id": (lambda c: c["framework"].pop("id"), "id is missing"),
    "an unknown way to match": (lambda c: c["framework"].update(match="best"), "exclusive, first"),
    "a share above one": (lambda c: c["framework"].update(min_domains_share=1.2), "0 to 1"),
    "an unknown variable": (lambda c: c["band"][0].update(when="n4 >= 2"), "no 'n4'"),
    "an unknown domain": (lambda c: c["band"][0].update(when="domain('x') >= 2"), "no domain 'x'"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_file_is_refused_in_one_line(what):
    change, message = BROKEN[what]
    content = file_of(DEFAULT)
    change(content)
    with pytest.raises(InputError, match=message) as caught:
        build_framework(content)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_toml_is_refused(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("[framework\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"mine\.toml is not TOML"):
        load_framework(path)


def test_bands_may_read_a_domain_a_weighted_total_and_the_age():
    content = file_of(DEFAULT)
    content["weights"] = {"risk_self_others": 2.0}
    content["framework"]["min_domains_share"] = 1.0
    content["framework"]["match"] = "exclusive"
    content["band"] = [
        {"name": "high", "when": "total >= 12 or domain('risk_self_others') == 3"},
        {"name": "low", "when": "total < 12 and domain('risk_self_others') < 3 and age < 16"},
        {"name": "low at 16", "when": "total < 12 and domain('risk_self_others') < 3 and age >= 16"},
    ]
    framework = build_framework(content)
    assert validate(framework) == []
    wide = assessment([0, 3], framework)
    with pytest.raises(InputError, match="add a column age_years"):
        framework.score(wide)
    ages = pd.concat([wide, assessment([1], framework)], ignore_index=True).assign(age_years=[12, 17])
    scores = framework.score(ages)
    assert scores["need_band"].tolist() == ["high", "low at 16"]
    assert scores["need_total"].tolist()[0] == pytest.approx(12 * 6 / 13)


def test_a_framework_with_too_many_cases_is_refused():
    content = file_of("vcw-five-level")
    named = " and ".join(f"domain('{d}') >= 0" for d in build_framework(content).domains)
    content["band"] = [{"name": "all", "when": named}]
    with pytest.raises(InputError, match="more than can be checked"):
        validate(build_framework(content))


def holds(text, **values):
    rule = parse_condition(text, names=["n2", "n3", "total"], domains=["school"], where="test")
    return rule.holds({k: np.array(v, dtype=float) for k, v in values.items()}, rows=2).tolist()


def test_conditions_mean_what_they_say():
    assert holds("n3 >= 2 and not n2 == 1", n3=[2, 2], n2=[1, 0]) == [False, True]
    assert holds("1 <= n2 < 3", n2=[0, 2]) == [False, True]
    assert holds("n2 + 2 * n3 - 1 > -n2", n2=[0, 1], n3=[0, 0]) == [False, True]
    assert holds("domain('school') != 2", school=[np.nan, 1]) == [False, True]
    assert holds("1 < 2") == [True, True]


@pytest.mark.parametrize(
    "text",
    [
        "n3", "1", "", "n3 >=", "n3 >= 2 if n2 else n3", "__import__('os').system('true')", "n3.real >= 1",
        "(lambda: 1)() >= 1", "[n3][0] >= 1", "n3 ** 99 >= 1", "n3 / 0 > 1", "'a' < 'b'", "domain(n3) > 1",
        "domain('school', 'x') > 1", "domain(x='school') > 1", "abs(n3) > 1", "n3 in (1, 2)", "True", "n3 >= True",
        "(n3 := 2) > 1", "n3 > 0 or " * 150 + "n3 > 1", "n3 > 1; n2 > 1", "n3 is n2", "f'{n3}' > 1", "n3 >= 1j",
    ],
)  # fmt: skip
def test_anything_else_is_refused(text):
    with pytest.raises(InputError) as caught:
        parse_condition(text, names=["n2", "n3"], domains=["school"], where="test")
    assert "Allowed are" in str(caught.value)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([0, 1, 2, 3, np.nan]), min_size=12, max_size=12), st.permutations(range(12)))
def test_scores_do_not_depend_on_the_order_of_the_domains(levels, order):
    framework = load_framework(DEFAULT)
    wide = pd.DataFrame([levels, [levels[i] for i in order]], columns=list(framework.domains))
    scores = framework.score(wide)
    for column in scores:
        first, second = scores[column]
        assert (pd.isna(first) and pd.isna(second)) or first == pytest.approx(second) or first == second
