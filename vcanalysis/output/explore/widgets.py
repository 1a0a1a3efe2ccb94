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
_PANEL, _CONTROL = "vc-explorer", "vc-control"
_FOCUS = (
    f"<style>.{_PANEL} :is([role=slider], [role=textbox], select, button):focus "
    "{outline: 3px solid #801650 !important; outline-offset: 2px}</style>"
)
# The handles of ipywidgets have no name that a screen reader could say, and no way to give them one from Python;
# their value is said as 1200.0000000000002.
_NAMES = """
const ends = ["", ", lowest", ", highest"];
const tidy = handle => {
  const said = handle.getAttribute("aria-valuetext"), short = String(+(+said).toFixed(2));
  if (said !== short && short !== "NaN") handle.setAttribute("aria-valuetext", short);
};
const watch = handle => {
  new MutationObserver(() => tidy(handle)).observe(handle, {attributeFilter: ["aria-valuetext"]});
  handle.dataset.watched = "yes";
  tidy(handle);
};
let tries = 100;
const timer = setInterval(() => {
  const panel = element.closest(".PANEL");
  for (const control of panel ? panel.querySelectorAll(".CONTROL") : []) {
    const words = control.querySelector(".widget-html-content").textContent;
    const handles = control.querySelectorAll("[role=slider]");
    handles.forEach((handle, i) => handle.setAttribute("aria-label", words + ends[handles.length > 1 ? i + 1 : 0]));
    handles.forEach(handle => handle.dataset.watched || watch(handle));
    control.querySelectorAll("select").forEach(list => list.setAttribute("aria-label", words));
    control.querySelectorAll("[contenteditable]").forEach(box => {
      for (const [key, value] of [["role", "textbox"], ["tabindex", "0"], ["aria-label", words + ", typed"]])
        box.setAttribute(key, value);
    });
  }
  if (--tries < 0) clearInterval(timer);
}, 100);
""".replace("PANEL", _PANEL).replace("CONTROL", _CONTROL)


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
    head = ipywidgets.HTML(f"{_FOCUS}<h3 style='margin:0'>{explorer.title}</h3>")
    left = ipywidgets.VBox([head, *controls, *buttons, said], layout={"width": f"{_CONTROLS_PX + 15}px"})
    # side by side where there is room, else one above the other
    made = ipywidgets.Box([left, shown, _naming()], layout={"display": "flex", "flex_flow": "row wrap"})
    return made.add_class(_PANEL)


def _naming() -> Any:
    """Make the invisible part that names the controls for a screen reader, once they are drawn."""
    script = {"output_type": "display_data", "data": {"application/javascript": _NAMES}, "metadata": {}}
    return ipywidgets.Output(outputs=(script,), layout={"height": "0", "margin": "0", "overflow": "hidden"})


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
    return ipywidgets.VBox([label, widget]).add_class(_CONTROL)


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
