"""The controls of an explorer as widgets: labelled, reached and moved by keys, beside the view or above it."""

from __future__ import annotations

from html import escape
from typing import Any

import ipywidgets

from vcanalysis.core.errors import InputError
from vcanalysis.output.explore.controls import Control, Pick, Several, Slider
from vcanalysis.output.explore.explorer import Explorer
from vcanalysis.output.explore.view import WIDTH_PX

_CONTROLS_PX = 245
_SHOWN_OPTIONS = 5


def panel(explorer: Explorer) -> Any:
    """Make the widgets of an explorer.

    Parameters
    ----------
    explorer : Explorer
        What the controls move.
    """
    shown = ipywidgets.HTML(explorer.view.html(), layout={"width": f"{WIDTH_PX + 5}px"})
    said = ipywidgets.HTML()
    controls = [_control(explorer, name, shown, said) for name in explorer.controls]
    buttons = [_button(words, explorer, said) for words in explorer.actions]
    head = ipywidgets.HTML(f"<h3 style='margin:0'>{explorer.title}</h3>")
    left = ipywidgets.VBox([head, *controls, *buttons, said], layout={"width": f"{_CONTROLS_PX + 15}px"})
    # side by side where there is room, else one above the other
    return ipywidgets.Box([left, shown], layout={"display": "flex", "flex_flow": "row wrap"})


def _control(explorer: Explorer, name: str, shown: Any, said: Any) -> Any:
    control = explorer.controls[name]
    label = ipywidgets.HTML(f"<span style='line-height:1.2'>{control.label}</span>")
    widget = _widget(control, explorer.state[name])
    widget.tooltip = control.label

    def moved(change: Any) -> None:
        try:
            shown.value = explorer.set(**{name: change["new"]}).view.html()
            said.value = ""
        except InputError as error:
            said.value = _alert(str(error))

    widget.observe(moved, names="value")
    return ipywidgets.VBox([label, widget])


def _widget(control: Control, value: Any) -> Any:
    layout = {"width": f"{_CONTROLS_PX}px"}
    if isinstance(control, Pick):
        return ipywidgets.Dropdown(options=control.options, value=value, layout=layout)
    if isinstance(control, Several):
        rows = min(len(control.options), _SHOWN_OPTIONS)
        return ipywidgets.SelectMultiple(options=control.options, value=value, rows=rows, layout=layout)
    kind = ipywidgets.FloatSlider if isinstance(control, Slider) else ipywidgets.FloatRangeSlider
    ends = {"min": control.low, "max": control.high, "step": control.step}
    return kind(value=value, **ends, readout_format=_format(control.step), layout=layout)


def _format(step: float) -> str:
    return ".0f" if step >= 1 else ".2f"


def _button(words: str, explorer: Explorer, said: Any) -> Any:
    button = ipywidgets.Button(description=words, tooltip=words, layout={"width": f"{_CONTROLS_PX}px"})

    def pressed(_: Any) -> None:
        try:
            said.value = f"<p role='status'>{escape(explorer.actions[words](explorer))}</p>"
        except InputError as error:
            said.value = _alert(str(error))

    button.on_click(pressed)
    return button


def _alert(text: str) -> str:
    return f"<p role='alert'><strong>Not done.</strong> {escape(text)}</p>"
