"""The pieces of the interview's shell: a place for each cell, the choice of a team, the rescue, the dashboard.

ipywidgets around :mod:`assessment_kit.interview.panels`; what a button does is given by
:mod:`assessment_kit.interview.notebook`.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from assessment_kit import wording
from assessment_kit.errors import AssessmentKitError
from assessment_kit.evaluate import evaluate
from assessment_kit.forms import Stay
from assessment_kit.interview import panels
from assessment_kit.interview.session import Clock, Session
from assessment_kit.pages.display import joined
from assessment_kit.readings import Answers
from assessment_kit.results import Evaluation
from assessment_kit.style import fragment_css
from assessment_kit.values import parse_date
from assessment_kit.workspace import Workspace, read_document

_SHEET = Path(__file__).with_name("interview.css")

#: What waits this long looks again and again; without a loop it would never end.
LONG_SECONDS = 3.0

_log = logging.getLogger(__name__)

#: As wide as its box: with the margin that ipywidgets gives at the sides it would be wider.
WIDE = widgets.Layout(width="100%", margin="2px 0")


def _flow() -> widgets.Layout:
    # A new one for each box: hiding one would hide all that share it.
    return widgets.Layout(flex_flow="row wrap")


def style_sheet() -> widgets.HTML:
    """Return the panels' style sheet; one widget, shown in every cell, because each may be the only one on the page."""
    return widgets.HTML(f"<style>{fragment_css()}\n{_SHEET.read_text(encoding='utf-8')}</style>")


def close_all(widget: widgets.Widget) -> None:
    """Close a box with everything in it."""
    for child in getattr(widget, "children", ()):
        close_all(child)
    widget.close()


class Place:
    """What one cell shows: the same box however often the cell runs, filled again when another document is opened."""

    def __init__(self, parts: Callable[[], Sequence[widgets.Widget]]) -> None:
        self._parts = parts
        self.box = widgets.VBox(layout=widgets.Layout(width="100%", overflow="visible"))
        self.box.add_class("aki-shell")

    def fill(self) -> None:
        """Show what there is now."""
        self.box.children = tuple(self._parts())

    def close(self) -> None:
        """Close its widgets."""
        close_all(self.box)


def looping() -> bool:
    """Tell whether an event loop runs here, as in a notebook's kernel."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


class Notices:
    """What went wrong, shown in the page: nobody looks into JupyterLab's log during a conversation."""

    def __init__(self) -> None:
        self.view = widgets.HTML(layout=WIDE)
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def say(self, text: str) -> None:
        """Show an error in words; an empty text takes it away."""
        self.view.value = panels.notice(text)

    def guarded(self, action: Callable[..., Any], *, fresh: bool = True) -> Callable[..., None]:
        """Return the action with its errors shown.

        ``fresh`` takes the last error away first: what somebody does is tried anew, what runs by itself is not.
        """

        def run(*arguments: Any, **options: Any) -> None:
            if fresh:
                self.say("")
            try:
                action(*arguments, **options)
            except AssessmentKitError as error:
                self.say(str(error))
            except Exception as error:  # noqa: BLE001 - a fault of ours is shown, not swallowed
                _log.exception("a callback of the interview failed")
                self.say(f"Something went wrong ({type(error).__name__}: {error}). What was saved is on the disk.")

        return run

    def later(self, name: str, seconds: float, action: Callable[[], None]) -> None:
        """Run something soon, once; where nothing runs a loop (a script, a test) at once."""
        if not looping():
            if seconds < LONG_SECONDS:
                action()
            return
        if (waiting := self._timers.pop(name, None)) is not None:
            waiting.cancel()
        self._timers[name] = asyncio.get_running_loop().call_later(seconds, self.guarded(action, fresh=False))

    def close(self) -> None:
        """Run nothing any more, and close the widget."""
        for timer in self._timers.values():
            timer.cancel()
        self.view.close()


class Chooser:
    """Which team and date: one that is there, or a new one.

    Parameters
    ----------
    on_open
        Called with a document's path.
    on_start
        Called with a team's name and a date as somebody typed it.
    """

    def __init__(
        self,
        workspace: Workspace,
        on_open: Callable[[Path], None],
        on_start: Callable[[str, str], None],
        clock: Clock,
    ) -> None:
        self._workspace = workspace
        label, wide = {"description_width": "5rem"}, widgets.Layout(width="30rem", max_width="100%")
        self.known = widgets.Dropdown(options=[("Choose …", None)], description="Existing", style=label, layout=wide)
        self.go_on = widgets.Button(description="Go on with it", disabled=True)
        self.name = widgets.Combobox(description="Team", placeholder="The team’s name", style=label, layout=wide)
        self.day = widgets.Text(clock().date().isoformat(), description="Date", style=label, layout=wide)
        self.begin = widgets.Button(description="Start", button_style="primary")
        self.known.observe(lambda change: setattr(self.go_on, "disabled", change["new"] is None), "value")
        self.go_on.on_click(lambda _: on_open(self.known.value))
        self.begin.on_click(lambda _: on_start(self.name.value, self.day.value))
        for field in (self.name, self.day):  # Enter, which a text box tells in a message of its own
            field.on_msg(lambda _, told, __: told.get("event") == "submit" and self.begin.click())
        self._there = widgets.HBox([self.known, self.go_on], layout=_flow())
        new = widgets.HBox([self.name, self.day, self.begin], layout=_flow())
        self.box = widgets.Accordion([widgets.VBox([self._there, new])], titles=("Choose or create a team",))
        self.box.selected_index = 0
        self._stay = Stay()

    def parts(self, first: bool) -> list[widgets.Widget]:
        """Return what its cell shows; ``first`` where nothing is chosen yet: then the page comes back to it."""
        return [self._stay, self.box] if first else [self.box]

    def spelled(self, team: str) -> str:
        """Return a team's name as it is known already: “card payments” is the team “Card Payments”."""
        said = " ".join(team.split())
        return next((name for name in self.name.options if name.casefold() == said.casefold()), said)

    def refresh(self, current: Path | None = None) -> None:
        """List what is in the workspace; with a document open, fold the choice away.

        Raises
        ------
        StorageError
            When the workspace cannot be read.
        """
        folders: dict[Path, list[Path]] = {}
        for path in self._workspace.documents():
            folders.setdefault(path.parent, []).append(path)
        options: list[tuple[str, Path | None]] = [("Choose …", None)]
        for paths in folders.values():
            team = _team_name(paths[-1])
            options += [(f"{team}, {_day(path)}", path) for path in reversed(paths)]
        self.known.options = options
        self.known.value = current if any(path == current for _, path in options) else None
        self.name.options = tuple(dict.fromkeys(_team_name(paths[-1]) for paths in folders.values()))
        self._there.layout.display = None if len(options) > 1 else "none"
        if current is not None:
            self.box.titles = ("Another team or date",)
            self.box.selected_index = None

    def close(self) -> None:
        """Close its widgets."""
        self._stay.close()
        close_all(self.box)


def _team_name(path: Path) -> str:
    try:
        return read_document(path).team
    except AssessmentKitError:  # opening it says what is wrong with it
        return path.parent.name


def _day(path: Path) -> str:
    found = parse_date(path.stem)
    return wording.day(found) if found is not None else path.stem


class Rescue:
    """Where to put what could not be saved: shown below each form as long as saving fails."""

    def __init__(self, on_save: Callable[[str], None]) -> None:
        self.name = widgets.Text(description="File", layout=widgets.Layout(width="40rem", max_width="100%"))
        self.button = widgets.Button(description="Save under this name", layout=widgets.Layout(width="auto"))
        self.button.on_click(lambda _: on_save(self.name.value))
        self.box = widgets.HBox([self.name, self.button], layout=widgets.Layout(display="none", flex_flow="row wrap"))
        self.box.add_class("aki-rescue")

    def suggest(self, path: Path) -> None:
        """Propose a name beside the document."""
        self.name.value = f"{path.stem}-rescued.json"

    def show(self, wanted: bool) -> None:
        """Show or hide it."""
        self.box.layout.display = None if wanted else "none"

    def close(self) -> None:
        """Close its widgets."""
        close_all(self.box)


class Dashboard:
    """The report's own parts on the answers so far.

    Parameters
    ----------
    later
        Runs the drawing when answers have come to rest: it takes longer than a save.
    """

    def __init__(self, later: Callable[[Callable[[], None]], None]) -> None:
        self._later = later
        self._view = widgets.HTML(panels.note("The charts follow in a moment."), layout=WIDE)
        self._view.add_class("aki-dashboard")
        self._drawn: object = None
        self._shown = False
        self._state: tuple[Session, Answers, Evaluation] | None = None
        # pandas and Altair take seconds to import, in which nothing could be saved.
        self._warm = threading.Thread(target=import_module, args=("assessment_kit.pages.team_report",), daemon=True)

    def parts(self) -> list[widgets.Widget]:
        """Return what its cell shows."""
        if not self._shown:
            self._shown = True
            self._warm.start()
        if self._state is not None:
            self._later(self._draw)
        return [self._view]

    def update(self, session: Session, answers: Answers, evaluation: Evaluation) -> None:
        """Take new answers; draw them soon, if anybody looks."""
        self._state = session, answers, evaluation
        if self._shown and self._drawn is not answers.document:
            self._later(self._draw)

    def _draw(self) -> None:
        if self._state is None:
            return
        if self._warm.is_alive():
            if looping():
                self._later(self._draw)
                return
            self._warm.join()
        from assessment_kit.pages.team_report import TeamReport

        session, answers, evaluation = self._state
        earlier = session.earlier()
        previous = evaluate(earlier, session.guide) if earlier is not None else None
        report = TeamReport(answers, evaluation, previous, "team")
        parts = (report.scores, report.hours, report.incidents, report.toil, report.engineering, report.observability)
        self._view.value = str(joined([part() for part in parts])._repr_mimebundle_()[0]["text/html"])
        self._drawn = answers.document

    def close(self) -> None:
        """Close its widgets."""
        self._view.close()
