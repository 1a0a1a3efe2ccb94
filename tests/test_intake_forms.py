"""Functional tests: each published or common form drawn by hand, drafted, mapped, imported and read back as numbers.

Names of columns are those the publishers print: the Placements Data Standard v2 (specification and the schema of
the regional platform), the census of Placements North West, the CANS forms 6_21 and 0_5 of the regional platform.
"""

from __future__ import annotations

import openpyxl
import pandas as pd
import pytest
from drawn import returns, text_of, write_folder

from vcanalysis.core.errors import InputError
from vcanalysis.intake.checking import check_council
from vcanalysis.intake.drafting import draft_mapping
from vcanalysis.intake.importing import import_extracts
from vcanalysis.intake.mapping import read_mapping
from vcanalysis.intake.opening import open_council

CHILDREN = [f"QX{k:05d}" for k in range(20)]


@pytest.fixture
def bring_in(tmp_path):
    write_folder(returns(children=20), tmp_path / "f")

    def run(table, file, mapping=None, **more):
        given = {table: file, "mapping": mapping, **more}
        return import_extracts(
            tmp_path / "out", ssda903=tmp_path / "f", key=tmp_path / "k" / "k.key", **given
        )

    return run


def as_csv(folder, rows, name="table"):
    (folder / f"{name}.csv").write_text(text_of(rows), encoding="utf-8")
    return folder / f"{name}.csv"


def as_workbook(folder, rows, name="table"):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(folder / f"{name}.xlsx")
    return folder / f"{name}.xlsx"


def table(report, name):
    return pd.read_parquet(report.path / f"{name}.parquet")


def toml(folder, text):
    (folder / "m.toml").write_text(text, encoding="utf-8")
    return folder / "m.toml"


# --- tables with a mapping of the council's own ----------------------------------------------------

GOALS = [["Person", "Goal set", "Area", "Term", "Own words", "Status"]] + [
    [child, "01/06/2019", "education_learning", "Short term", "Y", "Achieved"] for child in CHILDREN
]
GOALS_MAPPING = """
[goals]
child_id = "Person"
set_on = "Goal set"
domain = "Area"
horizon = "Term"
child_authored = "Own words"
progress = "Status"
[goals.values.horizon]
"Short term" = "short"
"Long term" = "long"
[goals.values.progress]
Achieved = "met"
"""
STEPDOWN = [["Person", "Profile date", "Panel", "Matched", "Moved", "Held 13 weeks"]] + [
    [
        child,
        "01/06/2019",
        "Go to search",
        "01/08/2019",
        "01/09/2019" if k < 12 else "",
        "Yes" if k < 9 else "",
    ]
    for k, child in enumerate(CHILDREN)
]
STEPDOWN_MAPPING = """
[stepdown]
child_id = "Person"
profiled = "Profile date"
decision = "Panel"
match = "Matched"
move = "Moved"
sustained_13_weeks = "Held 13 weeks"
[stepdown.values.decision]
"Go to search" = "search"
"""
CARERS = [["Carer ref", "Places", "Skill", "Up to"]] + [
    [f"C{k:03d}", "2", skill, level]
    for k in range(5)
    for skill, level in (("education_learning", "2"), ("behaviour_self_regulation", "3"))
]
CARERS_MAPPING = """
[carers]
household_id = "Carer ref"
approved_places = "Places"
domain = "Skill"
capability = "Up to"
"""


@pytest.mark.parametrize("write", [as_csv, as_workbook])
def test_goals_are_read_by_mapping(bring_in, tmp_path, write):
    report = bring_in("goals", write(tmp_path, GOALS), toml(tmp_path, GOALS_MAPPING))
    goals = table(report, "goals")
    assert len(goals) == 20
    assert set(goals["horizon"]) == {"short"}
    assert set(goals["progress"]) == {"met"}
    assert goals["child_authored"].all()
    assert set(goals["set_on"]) == {pd.Timestamp("2019-06-01")}
    assert set(goals["child_id"]) <= set(table(report, "children")["child_id"])


@pytest.mark.parametrize("write", [as_csv, as_workbook])
def test_a_stepdown_pipeline_is_read_by_mapping(bring_in, tmp_path, write):
    report = bring_in("stepdown", write(tmp_path, STEPDOWN), toml(tmp_path, STEPDOWN_MAPPING))
    moves = table(report, "stepdown")
    assert (len(moves), moves["move"].notna().sum(), moves["sustained_13_weeks"].sum()) == (20, 12, 9)
    assert set(moves["decision"]) == {"search"}
    assert moves["sustained_13_weeks"].isna().sum() == 11
    said = str(check_council(open_council(report.path)))
    assert "12 moves to a family are recorded." in said


@pytest.mark.parametrize("write", [as_csv, as_workbook])
def test_carers_are_read_by_mapping_under_pseudonyms_of_their_own(bring_in, tmp_path, write):
    report = bring_in("carers", write(tmp_path, CARERS), toml(tmp_path, CARERS_MAPPING))
    carers = table(report, "carers")
    assert len(carers) == 10
    assert carers.groupby("domain")["capability"].unique().map(list).to_dict() == {
        "behaviour_self_regulation": [3],
        "education_learning": [2],
    }
    assert carers["household_id"].nunique() == 5
    assert not carers["household_id"].str.startswith("C0").any()


@pytest.mark.parametrize(
    ("kind", "rows", "text"),
    [
        ("goals", GOALS, GOALS_MAPPING),
        ("stepdown", STEPDOWN, STEPDOWN_MAPPING),
        ("carers", CARERS, CARERS_MAPPING),
    ],
)
def test_our_own_names_need_no_mapping(bring_in, tmp_path, kind, rows, text):
    mapping = read_mapping(toml(tmp_path, text))[kind]
    ours = {names[0]: name for name, names in mapping.columns.items()}
    words = {their: our for values in mapping.translations.values() for their, our in values.items()}
    plain = [[ours[c] for c in rows[0]], *([words.get(cell, cell) for cell in row] for row in rows[1:])]
    first = table(bring_in(kind, as_csv(tmp_path, rows), tmp_path / "m.toml"), kind)
    pd.testing.assert_frame_equal(first, table(bring_in(kind, as_csv(tmp_path, plain)), kind))


# --- published forms ------------------------------------------------------------------------------

RISKS = {
    "Risk to child: Self-harm": "risk_to_child_self_harm",
    "Risk to child: Sexual exploitation": "risk_to_child_sexual_exploitation",
    "Risk to child: Criminal exploitation": "risk_to_child_criminal_exploitation",
    "Risk to child: Drug and alcohol use": "risk_to_child_drug_and_alcohol_use",
    "Risk to child: Eating disorder": "risk_to_child_eating_disorder",
    "Risk to child: Going missing": "risk_to_child_going_missing",
    "Risk to others or property: Physical harm": "risk_to_others_physical_harm",
    "Risk to others or property: Sexual harm": "risk_to_others_sexual_harm",
    "Risk to others or property: Fire-setting": "risk_to_others_fire_setting",
    "Risk to others or property: Harm to animals": "risk_to_others_harm_to_animals",
    "Risk to others or property: Criminal exploitation": "risk_to_others_criminal_exploitation",
}
STANDARD = ["Child ID", *RISKS, "Date of Data entry (referral)", "Date of Data entry (placement)"]
STANDARD += ["Total Weekly Cost (actual weekly fee paid)", "Name of officer (referral)"]
PLATFORM = ["child_ID", *RISKS.values(), "date_entry_referral", "placement_start_date", "total_weekly_cost"]
PLATFORM += ["name_of_officer_referral"]


@pytest.mark.parametrize("head", [STANDARD, PLATFORM], ids=["specification", "platform"])
def test_the_placements_data_standard_gives_risks_as_needs_and_the_weekly_fee(bring_in, tmp_path, head):
    risks = ["Risk present", "Risk Present", *["No known risk"] * 9]
    rows = [head] + [[child, *risks, "01/06/2018", "03/06/2018", "4250", "Ann Lee"] for child in CHILDREN]
    file = as_csv(tmp_path, rows)
    report = bring_in("needs", file, "placements-data-standard", costs=file)
    council = open_council(report.path)
    scored = council.assessments()
    assert council.framework_id == "pds-risks"
    assert set(scored["need_total"]) == {2.0}
    assert set(scored["need_band"]) == {"enhanced"}
    assert scored["self_harm"].tolist() == scored["sexual_exploitation"].tolist() == [1.0] * 20
    costs = table(report, "costs")
    assert set(costs["gbp_week"]) == {4250.0}
    assert set(costs["from"]) == {pd.Timestamp("2018-06-03")}
    assert "Ann Lee" not in "".join(f.read_text() for f in (report.path / "import").rglob("*.*"))


def test_the_census_of_the_north_west_gives_price_and_payers_of_children_in_care(bring_in, tmp_path):
    head = ["Looked after child?", "Placing Authority", "Identifier", "Age", "Placement start date"]
    head += [
        "Total weekly cost",
        *(f"Contribution from {payer}" for payer in ("Social Care", "Education", "Health")),
        "price_year",
    ]
    start = ["Looked after child (under 18)", "Wigan"]
    rows = [head]
    rows += [
        [*start, child, "15", "01/06/2018", "£1,000", "600", "300", "100", "2019-20"]
        for child in CHILDREN[:18]
    ]
    rows += [[*start, CHILDREN[18], "15", "01/06/2018", "800", "800", "", "", "2019-20"]]
    rows += [
        ["Post 18 (CSC placement)", "Wigan", f"OLD{k}", "19", "01/06/2018", "900", "900", "", "", "2019-20"]
        for k in range(9)
    ]
    report = bring_in("costs", as_workbook(tmp_path, rows), "placements-northwest")
    costs = table(report, "costs")
    shares = costs[["care_share", "education_share", "health_share"]]
    assert report.rules["left-out"] == 9
    assert shares.drop_duplicates().sort_values("care_share").values.tolist() == [
        [0.6, 0.3, 0.1],
        [1.0, 0.0, 0.0],
    ]
    money = report.money
    lasts = (pd.Timestamp("2020-04-01") - pd.Timestamp("2018-06-01")).days
    assert money.pounds_left_out == pytest.approx(9 * 900 * lasts / 7, abs=0.01)
    assert money.pounds_in == pytest.approx(money.pounds_kept + money.pounds_aside + money.pounds_left_out)
    assert "9 left out by the mapping" in report.balance_lines()[0]
    assert " + £775,285.72 left out by the mapping. They balance." in report.balance_lines()[1]
    assert sum(money.by_payer.values()) == pytest.approx(money.pounds_matched, abs=0.005)


CANS_6_21 = {
    "Family Functioning": "1", "Living Situation": "0", "Social Functioning": "1", "Job Functioning": "N/A",
    "Job Functioning*": "", "Medical/Physical": "0", "Medical/Physical (Caregiver needs)": "2",
    "School Attendance": "0", "School Behaviour": "3", "School Achievement": "1", "Depression": "2", "Anxiety": "1",
    "Adjustment to Trauma": "1", "Attachment Difficulties": "1", "Anger Control": "1", "Suicide Risk": "0",
    "Non-Suicidal Self-Harm/Self-Injury": "0", "Other Self-Harm": "0", "Danger to Others*": "0",
    "Running Away*": "0", "Victimisation/Exploitation*": "1", "Supervision (Caregiver needs)": "N/A",
    "Family Strengths": "0", "Educational Setting": "3", "Interpersonal": "N/A", "Relationship Permanence": "1",
}  # fmt: skip
CANS_0_5 = {
    "Family Functioning": "1", "Early Education": "0", "Social Emotional Functioning": "1",
    "Development/Intellectual": "2", "Medical/Physical": "0", "Failure to Thrive": "1", "Sleep (12mo+)": "0",
    "Depression": "0", "Anxiety": "1", "Adjustment to Trauma": "1", "Attachment Difficulties": "2",
    "Regulatory: Body/Emotion": "1", "Impulsivity/Hyperactivity (3yrs+)": "N/A", "Oppositional (3yrs+)": "1",
    "Atypical Behaviours": "0", "Self-Injury (12mo+)": "0", "Supervision (Caregiver needs)": "1",
    "Family Strengths": "1", "Interpersonal": "2", "Relationship Permanence": "0",
}  # fmt: skip


def cans_rows(items, child="Youth"):
    head = [
        "Assessor Name",
        "Assessment Date",
        f"{child} Unique ID",
        f"{child} Last Name",
        "DOB",
        "Assessment Type",
    ]
    return [[*head, *items]] + [
        ["Ann Lee", "01/12/2018", c, "Smith", "01/02/2008", "Initial" if k else "Transition", *items.values()]
        for k, c in enumerate(CHILDREN)
    ]


def test_the_cans_form_for_6_to_21_gives_needs_and_strengths_the_highest_item_of_a_domain(bring_in, tmp_path):
    report = bring_in("needs", as_csv(tmp_path, cans_rows(CANS_6_21)), "cans-6-21")
    needs, council = table(report, "needs"), open_council(report.path)
    first = needs.loc[needs["child_id"].eq(needs["child_id"].iloc[0])].set_index("domain")
    expected = {"school_life": 3, "mood_anxiety": 2, "physical_health": 0, "exploitation": 1}
    assert {domain: int(first.loc[domain, "level"]) for domain in expected} == expected
    assert "caregiver_capacity" not in first.index  # N/A is missing, never nought
    strengths = first["strength"].dropna().astype(int).to_dict()
    assert strengths == {"family_life": 0, "school_life": 3, "attachment": 1}
    assert council.framework_id == "cans-like"
    scored = council.assessments()
    assert set(scored["n3"]) == {1}
    assert set(scored["need_band"]) == {"intensive"}
    assert needs.drop_duplicates("child_id")["context"].value_counts().to_dict() == {
        "placement request": 19,
        "review": 1,
    }
    assert not {"Ann Lee", "Smith"} & set(needs.astype("str").to_numpy().ravel())


def test_the_cans_form_for_under_six_is_read_in_its_own_framework(bring_in, tmp_path):
    report = bring_in("needs", as_workbook(tmp_path, cans_rows(CANS_0_5, "Child")), "cans-0-5")
    council = open_council(report.path)
    scored = council.assessments()
    assert council.framework_id == "cans-like-0-5"
    assert set(scored["physical_health"]) == {1.0}
    assert set(scored["n2"]) == {2}  # development, attachment
    assert set(scored["need_band"]) == {"action"}


def test_sdq_scores_kept_outside_the_return_are_needs(bring_in, tmp_path):
    rows = [["Child ID", "Completed date", "SDQ score"]]
    rows += [[child, "01/12/2018", str(10 + k)] for k, child in enumerate(CHILDREN)]
    council = open_council(bring_in("needs", as_csv(tmp_path, rows), "sdq").path)
    bands = council.assessments()["need_band"].value_counts().to_dict()
    assert bands == {"normal": 4, "borderline": 3, "concern": 13}  # 10-13, 14-16, 17-29


@pytest.mark.parametrize("long", [True, False])
def test_levels_in_words_are_read_by_mapping_long_and_wide(bring_in, tmp_path, long):
    domains = open_council("data/demo").framework.domains
    words = ["None", "low", "MEDIUM", "High"]
    if long:
        rows = [["Child ID", "Date", "Worker", "Domain", "Level"]]
        rows += [[c, "01/12/2018", "w1", d, words[k % 4]] for c in CHILDREN for k, d in enumerate(domains)]
        text = "[needs.values.level]\nNone = '0'\nLow = '1'\nMedium = '2'\nHigh = '3'\n"
        mapping = toml(tmp_path, f"[needs]\nchild_id = 'Child ID'\nrater_id = 'Worker'\n{text}")
    else:
        rows = [["Child ID", "Date", "Worker", *domains]]
        rows += [[c, "01/12/2018", "w1", *(words[k % 4] for k in range(12))] for c in CHILDREN]
        named = "\n".join(f"{d} = '{d}'" for d in domains)
        shipped = read_mapping("words")["needs"]
        values = "\n".join(f"{k} = '{v}'" for k, v in shipped.translations["level"].items())
        text = f"[needs]\nchild_id = 'Child ID'\nrater_id = 'Worker'\n[needs.domains]\n{named}\n"
        mapping = toml(tmp_path, f"{text}[needs.values.level]\n{values}\n")
    scored = open_council(bring_in("needs", as_csv(tmp_path, rows), mapping).path).assessments()
    assert set(scored["need_total"]) == {18.0}  # three times 0 + 1 + 2 + 3
    assert set(scored["n3"]) == {3}


# --- finance extracts -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "row", "text", "week", "days"),
    [
        (  # a payments extract: service lines with a rate and its frequency, the end the last day paid
            ["Client Ref", "Service Start", "Service End", "Gross Rate", "Frequency"],
            ["01/06/2018", "30/06/2018", "£1,400.00", "2 weekly"],
            "amount = 'Gross Rate'\nfrom = 'Service Start'\nto = 'Service End'\nperiod = 'Frequency'\n"
            "last_day = 'included'\n[costs.values.period]\n'2 weekly' = 'fortnight'\n",
            700.0,
            30,
        ),
        (  # a case system: a weekly unit cost with ISO dates, the end the day of leaving
            ["Client Ref", "purchase_start", "purchase_end", "unit_cost_weekly"],
            ["2018-06-01", "2018-07-01", "700"],
            "amount = 'unit_cost_weekly'\nfrom = 'purchase_start'\nto = 'purchase_end'\nevery = 'week'\n",
            700.0,
            30,
        ),
        (  # a spreadsheet: a year's budget line
            ["Client Ref", "From", "To", "Annual cost"],
            ["01/06/2018", "31/05/2019", "36,525"],
            "amount = 'Annual cost'\nevery = 'year'\nlast_day = 'included'\n",
            700.0,
            365,
        ),
        (  # a ledger: an invoice for a stretch of days
            ["Client Ref", "From", "To", "Invoice"],
            ["01/06/2018", "28/06/2018", "2800"],
            "amount = 'Invoice'\nevery = 'total'\nlast_day = 'included'\n",
            700.0,
            28,
        ),
    ],
    ids=["payments", "case system", "spreadsheet", "invoice"],
)
def test_extracts_of_finance_systems_give_the_same_weekly_price(
    bring_in, tmp_path, head, row, text, week, days
):
    rows = [head, [CHILDREN[1], *row]]
    mapping = toml(tmp_path, f"[costs]\nchild_id = 'Client Ref'\n{text}")
    report = bring_in("costs", as_csv(tmp_path, rows), mapping)
    cost = table(report, "costs").iloc[0]
    assert round(cost["gbp_week"], 2) == week
    assert (cost["to"] - cost["from"]).days == days
    assert report.money.pounds_in == pytest.approx(week * days / 7, abs=0.01)


# --- drafts: the person's edit is written down, the numbers that come of it are drawn ------------------


def edited(draft, *changes):
    for found, better in changes:
        assert found in draft, draft
        draft = draft.replace(found, better)
    return draft


def test_a_draft_of_needs_with_a_column_per_domain_names_framework_and_domains(bring_in, tmp_path):
    head = [
        "Person ID",
        "Assessment date",
        "Assessor",
        "Physical health and disability",
        "Attachment and trust",
    ]
    head += ["Education and learning", "Self-care", "Family and friends", "Identity", "Harm and exploitation"]
    rows = [head] + [[c, "01/12/2018", "w1", *["Low", "High"] * 3, "Low"] for c in CHILDREN]
    file = as_csv(tmp_path, rows)
    draft = draft_mapping(file)
    assert "QX0" not in draft
    assert 'framework = "vcw-default-12"' in draft
    assert 'physical_health_disability = "Physical health and disability"' in draft
    change = ("# [needs.values.level]  # if levels are words", "[needs.values.level]")
    with pytest.raises(InputError, match=r"140 of 140 levels are none of the needs framework \(0 to 3\)"):
        bring_in("needs", file, toml(tmp_path, draft))
    low, high = ('# Low = "1"', 'Low = "1"'), ('# High = "3"', 'High = "3"')
    report = bring_in("needs", file, toml(tmp_path, edited(draft, change, low, high)))
    needs = table(report, "needs")
    assert needs.groupby("level").size().to_dict() == {1: 80, 3: 60}


EDITS = {
    "goals": [
        ('# "Their word" = "short"', '"Short term" = "short"'),
        ('# "Their word" = "not started"', 'Achieved = "met"'),
    ],
    "stepdown": [('# "Their word" = "search"', '"Go to search" = "search"')],
    "carers": [],
}
CARERS_AS_NAMED = [["Foster carer ID", "Approved places", "Domain", "Capability"], *CARERS[1:]]


@pytest.mark.parametrize(
    ("kind", "rows", "count"),
    [("goals", GOALS, 20), ("stepdown", STEPDOWN, 20), ("carers", CARERS_AS_NAMED, 10)],
)
def test_a_draft_of_other_tables_is_edited_and_used(bring_in, tmp_path, kind, rows, count):
    file = as_csv(tmp_path, rows)
    draft = draft_mapping(file, table=kind)
    assert "QX0" not in draft
    assert "Achieved" not in draft
    report = bring_in(kind, file, toml(tmp_path, edited(draft, *EDITS[kind])))
    rows = table(report, kind)
    assert len(rows) == count
    code = {"goals": "progress", "stepdown": "decision", "carers": "capability"}[kind]
    assert rows[code].notna().all()


@pytest.mark.parametrize(
    ("items", "child", "preset"), [(CANS_6_21, "Youth", "cans-6-21"), (CANS_0_5, "Child", "cans-0-5")]
)
def test_a_draft_of_a_published_form_is_its_mapping(tmp_path, items, child, preset):
    draft = draft_mapping(as_csv(tmp_path, cans_rows(items, child)))
    assert f"--mapping {preset}" in draft
    assert read_mapping(toml(tmp_path, draft)) == read_mapping(preset)


def test_a_draft_of_costs_in_months_asks_for_the_period(bring_in, tmp_path):
    rows = [["Client ID", "Start date", "End date", "Amount", "Unit"]]
    rows += [[c, "01/06/2018", "31/05/2019", "4348.21", "calendar mth"] for c in CHILDREN]
    file = as_csv(tmp_path, rows)
    draft = draft_mapping(file)
    assert "1 words for the period are not known" in draft
    with pytest.raises(InputError, match="no known period"):
        bring_in("costs", file, toml(tmp_path, draft))
    more = "\n[costs.values.period]\n'calendar mth' = 'month'\n"
    costs = table(bring_in("costs", file, toml(tmp_path, draft + more)), "costs")
    assert costs["gbp_week"].round(2).tolist() == [1000.0] * 20


@pytest.mark.parametrize(
    "first",
    [
        ["QX00001", "Jamie Bloggs", "01/04/2019", "31/03/2020", "1000", "Weekly"],
        ["Bloggs", "Jamie", "Foster"],
    ],
)
def test_a_file_without_a_header_is_refused_and_its_first_row_never_shown(tmp_path, first):
    with pytest.raises(InputError, match="the first row seems to be no header") as refused:
        draft_mapping(as_csv(tmp_path, [first, first]))
    assert not any(cell in str(refused.value) for cell in first)


def test_a_cell_of_the_header_that_may_be_data_is_named_by_its_place(tmp_path):
    head = ["Client ID", "Start date", "Amount", "Jamie 07700 900123", "Notes"]
    draft = draft_mapping(as_csv(tmp_path, [head, [CHILDREN[1], "01/06/2018", "700", "", ""]]))
    assert "# Not used: column 4, Notes" in draft
    assert "Jamie" not in draft


def test_a_return_needs_no_mapping(tmp_path):
    head = ["CHILD", "DECOM", "RNE", "LS", "PLACE", "DEC"]
    with pytest.raises(InputError, match="is an SSDA903 return, which needs no mapping"):
        draft_mapping(as_csv(tmp_path, [head, ["QX00001", "01/06/2018", "S", "C2", "U4", ""]]))


@pytest.mark.parametrize(
    ("head", "drafted"),
    [
        (
            ["ID", "From", "To", "Annual Cost"],
            ['child_id = "ID"', 'amount = "Annual Cost"', 'every = "year"'],
        ),
        (
            ["LCS ID", "Start", "Finish", "Weekly £"],
            ['to = "Finish"', 'amount = "Weekly £"', 'every = "week"'],
        ),
        (["ID", "From", "Amount", "Social Care %", "Health %"], ['shares_as = "percent"']),
        (["ID", "Assessed", "Item", "Rating"], ['date = "Assessed"', 'domain = "Item"']),
    ],
)
def test_a_draft_knows_the_names_in_use(tmp_path, head, drafted):
    draft = draft_mapping(as_csv(tmp_path, [head, ["1"] * len(head)]))
    assert all(line in draft for line in drafted), draft


def test_rows_are_chosen_by_a_column_that_must_be_there(bring_in, tmp_path):
    rows = [["child_id", "from", "gbp_week"], [CHILDREN[1], "01/06/2018", "700"]]
    mapping = toml(tmp_path, "[costs.only]\nKind = ['placement']")
    with pytest.raises(InputError, match="column Kind is missing, by which the mapping chooses rows"):
        bring_in("costs", as_csv(tmp_path, rows), mapping)
