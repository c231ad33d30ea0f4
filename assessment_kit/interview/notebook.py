"""The conversation in a notebook: forms, agenda, results, dashboard and finish around one document.

::

    talk = open_interview()
    talk.team()              # choose a team, or start with a new one
    talk.agenda()
    talk.form("toil")        # one section; each may stand in a cell of its own
    talk.results()
    talk.finish()

Nothing is kept here: every answer goes into the document at once (:mod:`assessment_kit.interview.session`), and
running the cells again, in this kernel or a new one, brings it back.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from assessment_kit.errors import StorageError, UsageError
from assessment_kit.evaluate import evaluate
from assessment_kit.forms import Entries
from assessment_kit.guide import Guide, Section
from assessment_kit.guide_file import load_guide
from assessment_kit.interview import panels
from assessment_kit.interview.agenda import LENGTHS, USUAL, Plan, plan_for
from assessment_kit.interview.bound_forms import Forms
from assessment_kit.interview.finish import Finish
from assessment_kit.interview.last_document import last_document, note_document
from assessment_kit.interview.measured import ASKS, Measured
from assessment_kit.interview.parts import Chooser, Dashboard, Notices, Place, Rescue, style_sheet
from assessment_kit.interview.session import Clock, Session
from assessment_kit.pages.display import runtime_fragment
from assessment_kit.readings import Answers
from assessment_kit.results import Evaluation
from assessment_kit.values import parse_date
from assessment_kit.workspace import Opened, Workspace

#: Names the workspace, before the notebook's own folder.
VARIABLE = "ASSESSMENT_KIT_WORKSPACE"
#: Seconds between two looks at what others saved, and before the forms that are not typed in are told.
LOOK_SECONDS, SOON_SECONDS = 3.0, 0.3
#: Seconds without an answer until the dashboard is drawn again.
REST_SECONDS = 2.0

_talks: dict[tuple[Path, str], Interview] = {}


def open_interview(workspace: str | Path = "", guide: str | Path = "", *, clock: Clock = datetime.now) -> Interview:
    """Return the conversation of a workspace; in the same kernel the same one, so that a cell can run again.

    Parameters
    ----------
    workspace
        Folder of documents; by default the variable ``ASSESSMENT_KIT_WORKSPACE``, then the notebook's own folder.
    guide
        Path of a guide of your own; empty for the built-in one.

    Raises
    ------
    GuideError, StorageError
        When the guide is wrong or cannot be read.
    """
    root = Path(workspace or os.environ.get(VARIABLE) or Path.cwd()).expanduser().resolve()
    rules = load_guide(guide or None)
    talk = _talks.get((root, str(guide)))
    if talk is None or talk.guide != rules:
        if talk is not None:
            talk.close()
        talk = _talks[root, str(guide)] = Interview(root, rules, str(guide), clock)
    talk.resume()
    return talk


class Interview:
    """One conversation: a document, its forms, and the panels around them.

    Parameters
    ----------
    root
        Folder of documents.
    guide, guide_path
        The guide, and where it comes from (empty for the built-in one): the report's process reads it again.
    """

    def __init__(self, root: Path, guide: Guide, guide_path: str = "", clock: Clock = datetime.now) -> None:
        self.workspace = Workspace(root)
        self.guide = guide
        self.guide_path = guide_path
        self.session: Session | None = None
        self.answers: Answers | None = None
        self.evaluation: Evaluation | None = None
        self._clock = clock
        self._places: dict[str, Place] = {}
        self._style = style_sheet()
        # What goes wrong is said where it was asked for, and only there.
        self._notices, self._said = Notices(), {name: Notices() for name in ("agenda", "dashboard", "finish")}
        self._guarded, self._later = self._notices.guarded, self._notices.later
        self.forms = Forms(guide, self._take_answers, self._take_message, self._notices.say)
        self._first = widgets.HTML(panels.note("First choose or create a team above."))
        self._panels = {name: widgets.HTML() for name in ("heading", "agenda", "results", "parking")}
        self._length = widgets.ToggleButtons(
            options=[(f"{minutes} minutes", minutes) for minutes in LENGTHS], value=USUAL, description="Time"
        )
        self._length.observe(self._said["agenda"].guarded(lambda change: self._choose_length(change["new"])), "value")
        self._chooser = Chooser(self.workspace, self._guarded(self.open), self._guarded(self.start), clock)
        self._rescue = Rescue(self._guarded(self._save_under))
        self._dashboard = Dashboard(lambda draw: self._said["dashboard"].later("draw", REST_SECONDS, draw))
        self._finish = Finish(self, self._said["finish"].guarded)
        self.measured = Measured(self, self._guarded)

    # ------------------------------------------------------------------------------------------------ for the notebook

    def team(self) -> widgets.VBox:
        """Return the choice of a team and date."""
        parts = [self._notices.view, self._panels["heading"]]
        return self._place("team", lambda: [*parts, *self._chooser.parts(self.session is None)], always=True)

    def agenda(self) -> widgets.VBox:
        """Return the plan of 30, 60 or 90 minutes, with the time spent."""
        return self._place("agenda", lambda: [self._said["agenda"].view, self._length, self._panels["agenda"]])

    def form(self, section_id: str) -> widgets.VBox:
        """Return the form of a section."""
        section = self._section(section_id)
        if section is None:
            known = ", ".join(f"“{part.id}”" for part in self.guide.sections)
            text = f"This guide has no section “{section_id}”. It has {known}."
            return self._place(f"form {section_id}", lambda: [widgets.HTML(panels.note(text))], always=True)
        return self._place(f"form {section_id}", lambda: self._form_parts(section))

    def other_forms(self) -> widgets.VBox:
        """Return the forms of all sections that no cell before this one shows: those an edited guide adds."""
        shown = {name.removeprefix("form ") for name in self._places if name.startswith("form ")}
        others = [section for section in self.guide.sections if section.id not in shown]
        text = "Your guide has no further sections."
        if not others:
            return self._place("others", lambda: [widgets.HTML(panels.note(text))], always=True)
        return self._place("others", lambda: [part for section in others for part in self._form_parts(section)])

    def results(self) -> widgets.VBox:
        """Return the scores so far, the questions to clear up, and what to ask next."""
        return self._place("results", lambda: [self._panels["results"]])

    def dashboard(self) -> widgets.VBox:
        """Return the report's charts on the answers so far; they follow the answers."""
        from IPython.display import display

        display(runtime_fragment())
        return self._place("dashboard", lambda: [self._said["dashboard"].view, *self._dashboard.parts()])

    def finish(self) -> widgets.VBox:
        """Return proposals to accept or decline, what is missing, and the button that makes the report."""
        return self._place("finish", lambda: [self._said["finish"].view, *self._finish.parts()])

    # -------------------------------------------------------------------------------------------------- opening, saving

    def resume(self) -> None:
        """Read again what is on the disk; in a new kernel, go on with the document of the last conversation."""
        self._chooser.refresh()
        for notices in (self._notices, *self._said.values()):
            notices.say("")
        if self.session is not None:
            self._look()
            return
        path = last_document(self.workspace)
        if path is not None:
            self._guarded(self.open)(path)

    def open(self, path: Path) -> None:
        """Go on with a document."""
        self._begin(self.workspace.open(path))

    def start(self, team: str, date: str) -> None:
        """Go on with the assessment of a team and date (ISO), a new one if there is none.

        Raises
        ------
        UsageError
            When the date is none, or the team has no name.
        """
        day = parse_date(date.strip())
        if day is None:
            raise UsageError(f"“{date}” is not a date. Write it as 2026-11-24.")
        team = self._chooser.spelled(team)
        path = self.workspace.path_for(team, day)
        self._begin(self.workspace.open(path) if path.exists() else self.workspace.create(team, day, self.guide))

    def close(self) -> None:
        """Take all widgets out of the kernel."""
        self.forms.close()
        for place in self._places.values():
            place.close()
        for notices in (self._notices, *self._said.values()):
            notices.close()
        for part in (self._chooser, self._rescue, self._dashboard, self._finish, self.measured):
            part.close()

    def _begin(self, opened: Opened) -> None:
        session = Session(self.workspace, self.guide, opened, self._clock)
        self.session = None  # the plan that is shown changes with the document; that is nobody's choice to save
        self._length.value = session.minutes if session.minutes in LENGTHS else USUAL
        self.session = session
        self._evaluate()
        self.forms.begin(self.session, self._plan())
        self._note()
        self._chooser.refresh(opened.path)
        self._rescue.suggest(opened.path)
        self.measured.clear()
        for place in self._places.values():
            place.fill()
        self.update()
        self._later("look", LOOK_SECONDS, self._look)

    def _save_under(self, name: str) -> None:
        if self.session is None:
            return
        path = Path(name).expanduser()
        self.session.save_under(path if path.is_absolute() else self.session.path.parent / path)
        self._note()
        self.update()

    def _note(self) -> None:
        assert self.session is not None
        try:
            note_document(self.workspace, self.session.path)
        except StorageError as error:
            self._notices.say(f"{error} A new kernel will ask for the team again.")

    def _choose_length(self, minutes: int) -> None:
        if self.session is not None and minutes and self.session.minutes != minutes:
            self.session.keep(minutes=minutes)
            self.forms.follow(self._plan())
            self.update()

    def _plan(self) -> Plan:
        return plan_for(self.guide, self._length.value or USUAL)

    # ------------------------------------------------------------------------------------------------------- the forms

    def _section(self, section_id: str) -> Section | None:
        return next((section for section in self.guide.sections if section.id == section_id), None)

    def _form_parts(self, section: Section) -> list[widgets.Widget]:
        parts = [self._panels["parking"]] if section.kind == "plan" else []
        if any(question.id == ASKS for question in section.questions):
            parts += self.measured.parts()
        assert self.session is not None and self.answers is not None and self.evaluation is not None
        form = self.forms.form(section, self.session, self.answers, self.evaluation)
        return [*parts, form, self._rescue.box]

    def _take_answers(self, section_id: str, changed: Entries, was: Entries) -> None:
        assert self.session is not None
        self.session.commit(section_id, changed, was)
        # First the form in which somebody types.
        self.forms.tell(section_id, self.session, *self._evaluate())
        self.forms.bring(self.session)
        self._later("update", SOON_SECONDS, self.update)

    def _take_message(self, message: dict[str, Any]) -> None:
        if self.session is None:
            return
        kind = message.get("type")
        if kind == "focus":
            self.session.focus(str(message.get("section", "")))
            self._look()
        elif kind == "resolve":
            self.session.resolve(str(message.get("id", "")), str(message.get("choice", "")))
            self.update()

    def _look(self) -> None:
        """Take in what others saved, and look again later."""
        if self.session is not None:
            self._later("look", LOOK_SECONDS, self._look)
            said = self.session.saved
            if self.session.refresh() or self.session.saved is not said:
                self.update()

    def _evaluate(self) -> tuple[Answers, Evaluation]:
        assert self.session is not None
        if self.answers is None or self.evaluation is None or self.answers.document is not self.session.document:
            self.answers = Answers(self.session.document, self.guide)
            self.evaluation = evaluate(self.session.document, self.guide)
        return self.answers, self.evaluation

    def update(self) -> None:
        """Bring everything that is shown up to what the document says."""
        if self.session is None:
            return
        answers, evaluation = self._evaluate()
        for section in self.guide.sections:
            self.forms.tell(section.id, self.session, answers, evaluation)
        self._panels["heading"].value = panels.heading(self.session, answers, evaluation)
        self._panels["agenda"].value = panels.agenda(self._plan(), self.session.seconds(), self.guide)
        self._panels["results"].value = panels.results(answers, evaluation)
        self._panels["parking"].value = panels.parking_lot(self.session)
        self._rescue.show(self.session.saved.state == "failed")
        self._finish.update()
        self._dashboard.update(self.session, answers, evaluation)

    # ------------------------------------------------------------------------------------------------------- the shell

    def _place(self, name: str, parts: Callable[[], list[widgets.Widget]], *, always: bool = False) -> widgets.VBox:
        """Return a part of the page: one box for each, however often its cell runs, filled when a document is open."""

        def now() -> list[widgets.Widget]:
            ready = always or self.session is not None
            return [self._style, *(parts() if ready else [self._first])]

        place = self._places.setdefault(name, Place(now))
        place.fill()
        return place.box
