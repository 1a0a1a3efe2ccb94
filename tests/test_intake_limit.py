"""Functional tests: an import that stops says how often and why, what is allowed and what to do."""

from __future__ import annotations

import pytest
from drawn import returns, text_of, write_folder

from vcanalysis.core.errors import InputError
from vcanalysis.intake.cleaning.kinds import QUARANTINE, STOP
from vcanalysis.intake.cleaning.limit import what_to_do
from vcanalysis.intake.cleaning.rules import RULES
from vcanalysis.intake.importing import import_extracts

CHILDREN = [f"QX{k:05d}" for k in range(1, 41)]
PRICE = ["child_id", "from", "to", "gbp_week"]


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return write_folder(returns(60), tmp_path_factory.mktemp("source") / "f")


@pytest.fixture
def refused(source, tmp_path):
    """Give the message with which a table beside the return is refused."""

    def run(table, head, rows, mapping=""):
        (tmp_path / f"{table}.csv").write_text(text_of([head, *rows]), encoding="utf-8")
        given = {table: tmp_path / f"{table}.csv"}
        if mapping:
            (tmp_path / "m.toml").write_text(mapping, encoding="utf-8")
            given["mapping"] = tmp_path / "m.toml"
        with pytest.raises(InputError) as error:
            import_extracts(tmp_path / "out", ssda903=source, key=tmp_path / "k" / "k.key", **given)
        return str(error.value)

    return run


PLAIN = ["01/06/2018", "31/08/2018", "700"]
COSTS = [
    ([*PRICE, "price_year"], [*PLAIN, "2018"], "column price_year", "Write financial years as 2018-19 or 2018/19"),
    (PRICE, ["01/06/2018", "Ongoing", "700"], "column to", '[costs.values.to] Ongoing = ""'),
    (PRICE, ["soon", "31/08/2018", "700"], "column from", "Dates are read as dd/mm/yyyy"),
    (PRICE, ["01/06/2018", "31/08/2018", "lots"], "column gbp_week", "Amounts are read as 1234.50, £1,234.50"),
    (PRICE, ["", "31/08/2018", "700"], "column from", "Every row needs a value of from"),
    ([*PRICE, "health_share"], [*PLAIN, "25%"], "column health_share", "name the columns of all who pay"),
]  # fmt: skip


@pytest.mark.parametrize(("head", "row", "where", "advice"), COSTS, ids=[case[3] for case in COSTS])
def test_prices_that_cannot_be_read_are_refused_with_what_is_allowed(refused, head, row, where, advice):
    said = refused("costs", head, [[child, *row] for child in CHILDREN])
    assert said.startswith(f"costs.csv, line 2, {where}: ")
    assert "In all 40 of 40 rows of costs cannot be used, more than 5%: nothing was imported." in said
    assert advice in said


def test_rows_under_merged_cells_are_rows_without_a_child_and_no_repeats(refused):
    said = refused("costs", PRICE, [[child if at % 2 else "", *PLAIN] for at, child in enumerate(CHILDREN)])
    assert said.startswith(
        "costs.csv, line 2, column child_id: row without a child: set aside. In all 20 of 40 rows"
    )
    assert "in merged cells only the first row has it" in said


def test_rows_of_a_stranger_given_twice_are_all_set_aside(refused):
    assert "In all 10 of 50 rows" in refused(
        "costs", PRICE, [[c, *PLAIN] for c in [*CHILDREN, *["QX99999"] * 10]]
    )


def test_a_word_for_no_end_is_read_as_the_message_says(source, tmp_path):
    rows = [[child, "01/06/2018", "Ongoing", "700"] for child in CHILDREN]
    (tmp_path / "c.csv").write_text(text_of([PRICE, *rows]), encoding="utf-8")
    (tmp_path / "m.toml").write_text('[costs.values.to]\nOngoing = ""\n', encoding="utf-8")
    report = import_extracts(
        tmp_path / "out", ssda903=source, costs=tmp_path / "c.csv", mapping=tmp_path / "m.toml",
        key=tmp_path / "k" / "k.key",
    )  # fmt: skip
    assert next(line for line in report.balance if line["table"] == "costs")["kept"] == 40


GOALS = ["child_id", "set_on", "horizon", "child_authored", "domain", "progress"]
STEPS = ["child_id", "profiled", "decision"]
CARERS = ["household_id", "approved_places", "age_min", "age_max", "domain", "capability"]
OTHERS = [
    ("goals", GOALS, ["01/06/2018", "Short term", "yes", "education_learning", "some"], "short, long",
     '[goals.values.horizon] "Your word" = "'),
    ("stepdown", STEPS, ["01/06/2018", "Agreed"], "search", '[stepdown.values.decision] "Your word" = "'),
    ("goals", GOALS, ["01/06/2018", "short", "perhaps", "education_learning", "some"], "no, yes",
     '[goals.values.child_authored] "Your word" = "'),
    ("goals", GOALS, ["01/06/2018", "short", "yes", "Learning", "some"], "education_learning",
     '[goals.values.domain] "Your word" = "'),
    ("needs", ["child_id", "date", "domain", "level"], ["01/12/2018", "education_learning", "High"], "0 to 3",
     '[needs.values.level] "Your word" = "0".'),
    ("carers", CARERS, ["2", "0", "18", "education_learning", "High"], "0 to", '[carers.values.capability]'),
]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "head", "row", "allowed", "advice"), OTHERS, ids=[f"{case[0]} {case[4]}" for case in OTHERS]
)
def test_words_that_are_none_of_ours_are_refused_with_ours(refused, table, head, row, allowed, advice):
    said = refused(table, head, [[child, *row] for child in CHILDREN])
    assert said.startswith(f"{table}.csv, line 2, column ")
    listed = said.partition("Allowed are: ")[2].partition(". Say")[0]
    assert all(word in listed for word in allowed.split(", "))
    assert advice in said


def test_levels_in_words_in_columns_of_their_own_are_refused_with_the_levels(refused):
    mapping = '[needs]\nchild_id = "ID"\ndate = "Date"\n[needs.domains]\neducation_learning = "School"\n'
    said = refused("needs", ["ID", "Date", "School"], [[c, "01/12/2018", "High"] for c in CHILDREN], mapping)
    assert "(0 to 3)." in said
    assert '[needs.values.level] "High" = "3"' in said


def test_several_causes_are_counted_apart_and_the_commonest_is_explained(refused):
    rows = [[child, *PLAIN] for child in CHILDREN]
    for row in rows[:3]:
        row[1] = "soon"
    for row in rows[10:14]:
        row[3] = "lots"
    rows[20][0], rows[21][0] = "QX99998", "QX99999"
    said = refused("costs", PRICE, rows)
    assert said.startswith("costs.csv, line 12, column gbp_week: value that is not a number")
    assert (
        "In all 9 of 40 rows of costs cannot be used, more than 5%: nothing was imported (4 for this reason, "
        "3 for: value that is not a date (column from), 2 for: child who is in no header (column child_id)). "
    ) in said
    assert "Amounts are read as" in said
    assert "QX9" not in said


def test_a_code_of_the_return_that_is_none_is_refused_with_those_that_are(source, tmp_path):
    made = returns(60)
    for tables in made.values():
        for row in tables["oc2"][1:]:
            row[2] = "high"
    with pytest.raises(
        InputError, match=r"column SDQ_SCORE: .* Allowed are: 0 to 40\. Or leave the column out\."
    ):
        import_extracts(
            tmp_path / "out", ssda903=write_folder(made, tmp_path / "g"), key=tmp_path / "k" / "k.key"
        )


@pytest.mark.parametrize("rule", [rule.id for rule in RULES.values() if rule.kind == QUARANTINE])
def test_every_reason_to_set_a_row_aside_has_advice_of_its_own(rule):
    said = what_to_do(rule, "costs", "gbp_week", allowed="")
    assert said != "Correct the extract."
    of_words = {"not-allowed", "unknown-value", "code-unknown", "level-range", "unknown-domain"}
    assert ("each of your words means" in said) == (rule in of_words)


@pytest.mark.parametrize("rule", [rule.id for rule in RULES.values() if rule.kind != STOP])
def test_advice_never_asks_for_a_mapping_of_the_return(rule):
    assert "mapping: [" not in what_to_do(rule, "episodes", "DEC", allowed="A, B")
