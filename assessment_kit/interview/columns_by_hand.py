"""Which column is what, chosen by hand: a dropdown for each role that matters in a conversation."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

import ipywidgets as widgets
from markupsafe import Markup

from assessment_kit.column_file import Reading, columns_text
from assessment_kit.interview.panels import panel
from assessment_kit.interview.parts import WIDE, close_all

if TYPE_CHECKING:
    from assessment_kit.incidents import Guess

#: Roles that are asked for, in short words. The others are found by their names, or are not missed.
LABELS: Mapping[str, str] = {
    "opened": "Time it was opened",
    "acknowledged": "Time somebody took it up",
    "resolved": "Time service was restored",
    "closed": "Time the ticket was closed",
    "id": "Ticket number",
    "priority": "Priority or severity",
    "type": "Type of incident",
    "item": "Affected item",
    "team": "Team",
    "description": "Short description",
    "caller": "Who reported it (to mask the name)",
    "assignee": "Who works on it (to mask the name)",
}
#: In place of the times where a row is not an incident but an event of one, or a signal.
EVENT_LABELS: Mapping[str, str] = {
    "time": "Time of the event",
    "status": "Status after the event",
    "metric": "Name of the metric",
    "value": "Value of the metric",
}
#: Letters of a column's name that are shown; of a longer one its beginning and its end.
_LONGEST, _END = 70, 20
#: The place of "none" among the columns.
_NONE = -1


class ColumnsByHand:
    """The choice, shown only while it is asked for.

    Parameters
    ----------
    on_read
        Called when the columns shall be read as chosen.
    """

    def __init__(self, on_read: Callable[[object], object]) -> None:
        self.fields: dict[str, widgets.Dropdown] = {}
        self._header: tuple[str, ...] = ()
        self._grid = widgets.VBox(layout=WIDE)
        self._grid.add_class("aki-columns")
        self.read = widgets.Button(
            description="Read it so", button_style="primary", layout=widgets.Layout(width="auto")
        )
        self.read.on_click(on_read)
        title = panel(
            Markup(
                '<h3 class="aki-by-hand-title">Which column is what?</h3><p class="ak-note">Choose the column of the '
                "export that holds each of these, or “none”. Only what is marked as needed must be there.</p>"
            )
        )
        self.box = widgets.VBox(
            [widgets.HTML(title, layout=WIDE), self._grid, self.read],
            layout=widgets.Layout(width="100%", margin="2px 0", display="none"),
        )
        self.box.add_class("aki-by-hand")

    @property
    def is_open(self) -> bool:
        """Whether the choice is shown."""
        return bool(self.fields)

    def ask(self, known: Guess, chosen: Mapping[str, str | None]) -> None:
        """Show the choice.

        Parameters
        ----------
        known
            The export's columns, and the format in which they are understood.
        chosen
            Role to the column that is chosen at first.
        """
        self.hide()
        # A time in two columns has a name of its own, which is not in the header.
        named = [column for column in chosen.values() if column is not None]
        self._header = tuple(dict.fromkeys([*known.header, *named]))
        options = [("none", _NONE), *((_shown(name, at), at) for at, name in enumerate(self._header))]
        needed, labels = _asked(known.format)
        for role, label in labels.items():
            column = chosen.get(role)
            self.fields[role] = widgets.Dropdown(
                options=options,
                value=_NONE if column is None else self._header.index(column),
                description=f"{label} (needed)" if role in needed else label,
                layout=WIDE,
            )
        self._grid.children = tuple(self.fields.values())
        self.box.layout.display = None

    def chosen(self, before: Reading) -> Reading:
        """Return how to read the export: as before, but for the columns that are chosen here."""
        here = {
            role: None if field.value == _NONE else self._header[field.value] for role, field in self.fields.items()
        }
        return replace(before, columns={**before.columns, **here})

    def hide(self) -> None:
        """Put the choice away."""
        self.box.layout.display = "none"
        for field in self.fields.values():
            close_all(field)
        self.fields, self._grid.children = {}, ()


def _asked(name: str) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return which roles are needed in a format, and all that are asked for with their labels."""
    from assessment_kit.incidents import FORMATS

    known = next((each for each in FORMATS if each.id == name), None)
    if known is None or known.layout == "incident":
        return ("opened",), dict(LABELS)
    every = {**EVENT_LABELS, **LABELS}
    return known.needs, {role: label for role, label in every.items() if role in known.columns}


def _shown(name: str, place: int) -> str:
    """Return a column's name for a list: repeated empty ones are numbered when they are read."""
    text = " ".join(name.split())
    if re.fullmatch(r"(\.\d+)?", text):
        return f"column {place + 1} (no name)"
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - _END]} … {text[-_END:]}"


def saved_columns(columns: Mapping[str, str], reading: Reading) -> str:
    """Return a link that saves a file of columns, for the next export.

    It is a download and not a file of the workspace: it belongs to the ticket system and not to one team, whoever drops
    the next export has it at hand, and a workspace may be read-only or somebody else's.
    """
    data = quote(columns_text(columns, reading, "columns.yaml"), safe="")
    link = Markup(
        '<p class="aki-save"><a download="columns.yaml" href="data:application/yaml;charset=utf-8,{}">Save these '
        'columns</a> <span class="ak-note">Drop the file together with the next export.</span></p>'
    )
    return panel(link.format(data))
