"""An explorer: controls beside a view. Where no widget runs it shows its view as it stands."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from typing import Any

from vcanalysis.core.doors import door
from vcanalysis.core.errors import InputError
from vcanalysis.output.explore.controls import Control, read_all
from vcanalysis.output.explore.view import View

# JupyterLab and VS Code tell their kernels so; a run of the report has nobody to move a slider
_LIVE = ("JPY_SESSION_NAME", "VSCODE_PID")
WIDGET = "application/vnd.jupyter.widget-view+json"


class Explorer:
    """Controls beside a view: what a slider does in the browser, `set` does in code.

    Parameters
    ----------
    title : str
        What is explored.
    controls : mapping of str to Control
        What can be moved, by name.
    draw : callable
        Gives the view of a state; it gets the value of each control by name.
    actions : mapping of str to callable
        Buttons by their words; each is given the explorer and says what it did.

    Examples
    --------
    >>> from vcanalysis.output.explore.controls import Slider
    >>> from vcanalysis.output.explore.view import canvas
    >>> import pandas as pd
    >>> draw = lambda floor: View(f"Floor £{floor:,.0f}", (), pd.DataFrame(), canvas()[0], alt="Nothing.")
    >>> explorer = Explorer("A floor", {"floor": Slider("Floor, £", 0, 5000, 50, 1000)}, draw)
    >>> explorer.set(floor=2000).view.headline
    'Floor £2,000'
    """

    def __init__(
        self,
        title: str,
        controls: Mapping[str, Control],
        draw: Callable[..., View],
        *,
        actions: Mapping[str, Callable[[Explorer], str]] | None = None,
    ) -> None:
        self.title = title
        self.controls = dict(controls)
        self.actions = dict(actions or {})
        self.state: dict[str, Any] = {name: control.value for name, control in self.controls.items()}
        self._draw = draw
        self._view: View | None = None

    @door("explorer.set(name=value); explorer.controls lists the names")
    def set(self, **values: object) -> Explorer:
        """Move controls.

        Parameters
        ----------
        **values : object
            Where each is to stand.

        Raises
        ------
        InputError
            If there is no such control, or a value is none that it can have.
        """
        self.state |= read_all(self.controls, values)
        self._view = None
        return self

    def __setattr__(self, name: str, value: object) -> None:
        if name in self.__dict__.get("controls", {}):
            raise InputError(f"A control is moved with set. Write: explorer.set({name}=...)")
        super().__setattr__(name, value)

    def reset(self) -> Explorer:
        """Put every control back to where it stood at first."""
        return self.set(**{name: control.value for name, control in self.controls.items()})

    @property
    def view(self) -> View:
        """What the controls show as they stand."""
        if self._view is None:
            self._view = self._draw(**self.state)
        return self._view

    def sentence(self) -> str:
        """Say what is shown."""
        return self.view.sentence()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        bundle: dict[str, Any] = {"text/plain": self.sentence(), "text/html": self.view.html()}
        if is_live():
            from vcanalysis.output.explore.widgets import panel

            bundle[WIDGET] = panel(self)._repr_mimebundle_()[WIDGET]
        return bundle

    def __repr__(self) -> str:
        return f"{self.title}: {self.sentence()}"


def is_live() -> bool:
    """Say whether there are widgets and somebody to move them."""
    return find_spec("ipywidgets") is not None and any(os.environ.get(name) for name in _LIVE)
