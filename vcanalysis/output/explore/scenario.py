"""The savings scenario: move what is believed, see the fan of outcomes, save the settings for a run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from shlex import quote

import pandas as pd

from vcanalysis.analysis import savings
from vcanalysis.core.doors import door
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.numbers import write_interval, write_number
from vcanalysis.core.period import Quarter
from vcanalysis.intake.council import Council
from vcanalysis.output.explore.controls import Control, Slider
from vcanalysis.output.explore.explorer import Explorer
from vcanalysis.output.explore.own_numbers import own_numbers
from vcanalysis.output.explore.view import View, canvas
from vcanalysis.output.plots.savings import plot_savings_fan, plot_savings_likelihood

DRAWS = 1_000  # a hand on a slider does not wait for more
SAVE = "Save these settings"
_OWN = "the council's own"
_NOTEBOOK = "11_what_could_be_saved"
_CHANCE = "Likelihood that the net present value is positive"
_SHOWN = (
    "Net present value over the horizon",
    _CHANCE,
    "Likelihood of payback within the horizon",
    "Gross saving over the horizon",
    "Programme cost over the horizon",
    "Cashable net saving over the horizon",
)
# input -> words, most (or None: by its value), step
_MOVED: dict[str, tuple[str, float | None, float]] = {
    "suitable_share": ("Yield: share of those considered who could move", 1, 0.01),
    "sustained_52_weeks": ("Success: share of moves that last a year", 1, 0.01),
    "delay_months": ("Delay: months from search to move", 36, 0.5),
    "residential_gbp_week": ("Price of a home, £ a week", None, 50),
    "family_gbp_week": ("Price of a family, £ a week", None, 50),
    "team_gbp_year": ("Cost of the team, £ a year", None, 5000),
}


@door("vc.explore.savings_scenario(here, '2019Q4')", takes=Council)
def savings_scenario(
    council: Council,
    quarter: str | Quarter,
    *,
    scenario_file: str = "",
    least_weeks: int = 12,
    draws: int = DRAWS,
    seed: int = 2019,
    folder: str | Path = ".",
) -> Explorer:
    """Explore what could be saved.

    Parameters
    ----------
    council : Council
        Whose children and prices.
    quarter : str or Quarter
        The programme begins after it.
    scenario_file : str
        TOML file of a scenario; `data/assumptions/savings.toml` when empty.
    least_weeks : int
        Weeks in a home before a child is considered.
    draws, seed : int
        Of the simulation. What is saved holds both, so that a run gives the same numbers.
    folder : str or Path
        Where settings are saved.

    Returns
    -------
    Explorer
        Controls: the inputs `suitable_share`, `sustained_52_weeks`, `delay_months`, `residential_gbp_week`,
        `family_gbp_week`, `team_gbp_year`. What is not moved stays as notebook 11 has it; what is moved is held
        against the council's own numbers, its range kept in proportion.

    Raises
    ------
    InputError
        If the quarter lies outside the data, or the scenario is refused.
    """
    own = own_numbers(council, quarter, least_weeks=least_weeks, seed=seed)
    base = own.dated(savings.load_scenario(scenario_file or None))
    usual = own.placed_in(base)
    controls = _controls(usual)
    run = {"least_weeks": least_weeks, "draws": draws, "seed": seed}

    def draw(**state: object) -> View:
        return look_at_scenario(own.placed_in(moved(base, usual, controls, state)), run, council.label)

    def save(explorer: Explorer) -> str:
        written = save_settings(moved(base, usual, controls, explorer.state), run, Path(folder))
        return (
            f"Saved: {written.name}. Run it with: vcanalysis evaluate {quote(str(council.path))} --quarter {quarter} "
            f"--only 11 --settings {quote(str(written))}"
        )

    return Explorer("What could be saved?", controls, draw, actions={SAVE: save})


def moved(
    base: savings.Scenario,
    usual: savings.Scenario,
    controls: Mapping[str, Control],
    state: Mapping[str, object],
) -> savings.Scenario:
    """Give the scenario of the sliders: what was moved is held, with a range in proportion.

    Parameters
    ----------
    base : Scenario
        Before the council's own numbers.
    usual : Scenario
        With them.
    controls : mapping of str to Control
        The sliders as they stood at first.
    state : mapping of str to object
        Where they stand.
    """
    touched = {name: value for name, value in state.items() if _is_moved(controls[name], value)}
    values = {name: _in_proportion(name, usual.inputs[name], value) for name, value in touched.items()}
    held = tuple(dict.fromkeys([*base.held, *touched]))
    return base.with_values(**values).with_settings(held=held)


def _is_moved(control: Control, value: object) -> bool:
    """Say whether a slider stands elsewhere than at first: the browser rounds in its own way."""
    assert isinstance(control, Slider)
    return abs(float(value) - control.value) > control.step / 100  # type: ignore[arg-type]


def _in_proportion(name: str, was: savings.Input, value: object) -> savings.Input:
    central = float(value)  # type: ignore[arg-type]
    factor = central / was.central if was.central else 0.0
    low, high = factor * was.low, factor * was.high
    if was.unit == "share" or name.endswith(("_share", "_weeks")):
        high = min(high, 1.0)
    reason = "Set by hand in the explorer; the range is that of before, in proportion."
    return savings.Input(
        central, min(low, central), max(high, central), was.unit, reason, "set by hand", was.price_year
    )


def look_at_scenario(scenario: savings.Scenario, run: Mapping[str, int], label: str) -> View:
    """Give the view of a scenario: the fan of its outcomes, and how likely they pay.

    Parameters
    ----------
    scenario : Scenario
        Complete.
    run : mapping of str to int
        draws and seed.
    label : str
        Name of the council.
    """
    result = savings.simulate_savings(scenario, draws=run["draws"], seed=run["seed"])
    fan, chance = canvas(600, rows=2, heights=(3, 2), right=0.84)
    plot_savings_fan(result, ax=fan)
    plot_savings_likelihood(result, ax=chance)
    fan.set_ylabel("Net saving, not discounted")
    chance.set_xlabel("")
    found = [result.estimates.term(name) for name in _SHOWN]
    rows = {e.term: _row(e) for e in found}
    return View(
        result.headline(),
        (
            *said_of_inputs(scenario),
            said_of_likelihoods(result),
            result.note,
            "A scenario, not a forecast: every input is a belief with a range.",
        ),
        pd.DataFrame.from_dict(rows, orient="index"),
        fan,
        alt=f"Fan chart of cumulative net saving by month, and the likelihood of a saving below. {result.sentence()}",
        source=f"Source: {label} and the scenario's assumptions, own calculation",
    )


def said_of_inputs(scenario: savings.Scenario) -> tuple[str, ...]:
    """Say of each slider whose number it holds: a council without records has few of its own."""
    groups: dict[str, list[str]] = {
        "Set by hand": list(scenario.held),
        "From the council's own records": [],
        "From published figures and judgement, not from this council": [],
    }
    hand, own, rest = groups.values()
    for name in _MOVED:
        if name not in hand:
            (own if scenario.inputs[name].source.startswith(_OWN) else rest).append(name)
    said = [f"{words}: {', '.join(map(savings_words, names))}." for words, names in groups.items() if names]
    return tuple(said if hand else ["Nothing is set by hand.", *said])


def said_of_likelihoods(result: savings.Savings) -> str:
    """Say why the headline and the picture name two likelihoods."""
    worth = write_number(result.likelihood.value, "probability")
    plain = write_number(float(result.fan()["likelihood"].iloc[-1]), "probability")
    return (
        f"Two likelihoods: {worth} that the saving has paid for its cost with later pounds discounted (the headline), "
        f"{plain} without discounting (the picture)."
    )


def _row(found: Estimate) -> dict[str, str]:
    ends = write_interval(found.low, found.high, found.unit) if found.has_interval else ""
    return {"mean or share of draws": write_number(found.value, found.unit), "middle 95% of draws": ends}


def savings_words(name: str) -> str:
    """Say what an input is, in the words of its slider where it has one.

    Examples
    --------
    >>> savings_words("delay_months")
    'delay'
    """
    return _MOVED[name][0].split(":")[0].split(",")[0].lower() if name in _MOVED else name


def save_settings(scenario: savings.Scenario, run: Mapping[str, int], folder: Path) -> Path:
    """Write a scenario, and the settings with which `vcanalysis evaluate` runs notebook 11 on it.

    Parameters
    ----------
    scenario : Scenario
        Before the council's own numbers, with what was set by hand.
    run : mapping of str to int
        least_weeks, draws and seed.
    folder : Path
        Where both go; nothing there is written over.

    Returns
    -------
    Path
        The settings.

    Raises
    ------
    InputError
        If the folder cannot be written.
    """
    folder = folder.expanduser().resolve()
    number = 1
    while (folder / f"savings_{number}.toml").exists() or (folder / f"scenario_{number}.toml").exists():
        number += 1
    settings, file = folder / f"savings_{number}.toml", folder / f"scenario_{number}.toml"
    lines = [f"{name} = {value}" for name, value in run.items()]
    text = [
        "# Settings of a savings scenario, saved in the explorer; take them with: vcanalysis evaluate --settings",
        "# Keep both files in one folder; it may be moved.",
        f"[{_NOTEBOOK}]",
        f'scenario_file = "{file.name}"',
        *lines,
    ]
    try:
        file.write_text(savings.write_scenario(scenario), encoding="utf-8")
        settings.write_text("\n".join(text) + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"{folder} cannot be written ({error.strerror}). Name another with folder=."
        ) from None
    return settings


def _controls(usual: savings.Scenario) -> dict[str, Control]:
    made: dict[str, Control] = {}
    for name, (words, most, step) in _MOVED.items():
        # on the grid of the slider: the browser would put it there, and that is no move by hand
        value = round(step * round(usual.inputs[name].central / step), 6)
        made[name] = Slider(words, 0, most or step * round(3 * max(value, step) / step), step, value)
    return made
