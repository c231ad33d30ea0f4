"""The end of the conversation: proposals to accept or decline, what is missing, and the report."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import ipywidgets as widgets

from assessment_kit.audience import AUDIENCES
from assessment_kit.entries import session_of
from assessment_kit.errors import UsageError
from assessment_kit.interview import panels
from assessment_kit.interview.feedback import all_problems
from assessment_kit.interview.parts import WIDE, close_all
from assessment_kit.interview.proposals import Proposal, proposals
from assessment_kit.interview.session import Session
from assessment_kit.readings import Answers
from assessment_kit.results import Evaluation
from assessment_kit.values import parse_date

_HINT = "One file, to be sent by e-mail. In JupyterLab press “Trust HTML” above it to see its charts."

_DAY = "2026-11-24"

Guard = Callable[[Callable[..., Any]], Callable[..., None]]
Run = Callable[[Sequence[str]], subprocess.CompletedProcess[str]]


class Talk(Protocol):
    """What the finish needs of the interview."""

    guide_path: str
    session: Session | None
    answers: Answers | None
    evaluation: Evaluation | None

    def update(self) -> None:
        """Bring everything that is shown up to what the document says."""


def run_command(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run a command of the kit in a process of its own: papermill never comes into the interview's kernel."""
    # Without the variable the report's kernel shows the notebook's own front end instead of the report's.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("JPY_")}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def _check_day(text: str) -> None:
    if text and parse_date(text) is None:
        raise UsageError(f"“{text}” is not a date. Write it as {_DAY}.")


class ProposalRow:
    """One proposal with its fields, and the two buttons."""

    def __init__(
        self, proposal: Proposal, on_take: Callable[[ProposalRow], None], on_decline: Callable[[str], None]
    ) -> None:
        self.proposal = proposal
        kind = "Quick win" if proposal.table == "quick-wins" else "Action"
        label = {"description_width": "4rem"}
        self.what = widgets.Textarea(proposal.what, description=kind, rows=2, style=label, layout=WIDE)
        self.owner = widgets.Text(description="Owner", style=label)
        # Text, as in the forms: typed without a mouse, and the same in every language of the browser.
        self.due = widgets.Text(description="Due", placeholder=_DAY, style=label)
        fit = widgets.Layout(width="auto")
        self.take = widgets.Button(description="Add to the plan", button_style="primary", layout=fit)
        self.decline = widgets.Button(description="Not now", layout=fit)
        self.take.on_click(lambda _: on_take(self))
        self.decline.on_click(lambda _: on_decline(proposal.id))
        last = [self.owner, self.due] if proposal.table == "action-items" else [self.owner]
        line = widgets.HBox([*last, self.take, self.decline], layout=widgets.Layout(flex_flow="row wrap"))
        self.box = widgets.VBox([self.what, widgets.HTML(panels.note(proposal.why)), line], layout=WIDE)
        self.box.add_class("aki-proposal")

    def cells(self) -> dict[str, Any]:
        """Return the row for the guide's table; what was left empty is not in it."""
        found = {
            "what": self.what.value.strip(),
            "why": self.proposal.why,
            "owner": self.owner.value.strip(),
            "effort_hours": self.proposal.effort_hours,
            "due": self.due.value.strip(),
            "status": "open",
        }
        return {name: cell for name, cell in found.items() if cell not in (None, "")}


class Finish:
    """The finish panel."""

    def __init__(self, talk: Talk, guard: Guard, run: Run = run_command) -> None:
        self._talk = talk
        self._guard = guard
        self._run = run
        self._rows: dict[str, ProposalRow] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._missing = widgets.HTML(layout=WIDE)
        self._failed = False
        self.again = widgets.Text(description="Meet again", placeholder=_DAY, continuous_update=False)
        self._again_shown = ""
        self.again.observe(guard(lambda change: self._meet_again(change["new"])), "value")
        self._offered = widgets.VBox(layout=WIDE)
        self._link = widgets.Output(layout=WIDE)
        self.audience = widgets.Dropdown(options=AUDIENCES, value="team", description="For")
        self.make = widgets.Button(description="Make the report", button_style="primary")
        self.make.on_click(guard(lambda _: self.make_report()))

    def parts(self) -> list[widgets.Widget]:
        """Return what its cell shows."""
        line = widgets.HBox([self.audience, self.make], layout=widgets.Layout(flex_flow="row wrap"))
        asked = [self.again] if self._follow_up() else []
        return [self._offered, *asked, self._missing, line, self._link]

    @property
    def rows(self) -> list[ProposalRow]:
        """What is proposed now."""
        return list(self._rows.values())

    def update(self) -> None:
        """Propose what the answers suggest now; a row that somebody edits stays as it is."""
        session, answers, evaluation = self._talk.session, self._talk.answers, self._talk.evaluation
        if session is None or answers is None or evaluation is None:
            return
        self._missing.value = panels.missing(session, answers)
        if self._failed and not all_problems(session):
            self._failed = False
            self._show("")
        self._show_again(session)
        offered = [
            one
            for one in proposals(evaluation, session.document, session_of(session.document).get("declined", []))
            if one.table in session.guide.questions
        ]
        known = self._rows
        self._rows = {
            one.id: known.get(one.id) or ProposalRow(one, self._guard(self.take), self._guard(self.decline))
            for one in offered
        }
        for gone in known.keys() - self._rows.keys():
            close_all(known[gone].box)
        some = "Proposed from the answers. Edit it, add it to the plan, or leave it."
        text = some if offered else "Nothing more to propose."
        if known.keys() != self._rows.keys() or not self._offered.children:
            for child in self._offered.children[:1]:
                child.close()
            self._offered.children = (widgets.HTML(panels.note(text)), *(row.box for row in self._rows.values()))

    def _follow_up(self) -> str | None:
        """Return the guide's question for the day of the next meeting: the first date that its plan asks for."""
        guide = self._talk.session.guide if self._talk.session is not None else None
        plans = [section for section in guide.sections if section.kind == "plan"] if guide is not None else []
        return next(
            (question.id for section in plans for question in section.questions if question.type == "date"), None
        )

    def _show_again(self, session: Session) -> None:
        question = self._follow_up()
        entry = session.some([question]).get(question, {}) if question is not None else {}
        found = str(entry.get("value") or "")
        if found != self._again_shown:  # what somebody typed here and that is no date stays until it is one
            self._again_shown = found
            self.again.value = found

    def _meet_again(self, text: str) -> None:
        session, question, day = self._talk.session, self._follow_up(), text.strip()
        if session is None or question is None or day == self._again_shown:
            return
        _check_day(day)
        self._again_shown = day
        entry = {**session.some([question]).get(question, {}), "status": "answered", "value": day}
        if not day:
            entry = {key: part for key, part in entry.items() if key not in ("status", "value")}
        session.put(question, entry or None)
        self._talk.update()

    def take(self, row: ProposalRow) -> None:
        """Put a proposal into the plan's table.

        Raises
        ------
        UsageError
            When it has no words, its date is none, or the table holds something that is no table.
        """
        session = self._talk.session
        if session is None:
            return
        cells = row.cells()
        if "what" not in cells:
            raise UsageError("Say in a few words what shall be done, then add it.")
        _check_day(cells.get("due", ""))
        table = row.proposal.table
        question = session.guide.questions[table]
        entry = dict(session.some([table]).get(table, {"status": "answered"}))
        rows = entry.get("value") or []
        if not isinstance(rows, list):
            raise UsageError(f"“{question.text}” holds no table. Correct it in its section, then add this.")
        columns = {column.id for column in question.columns}
        row_cells = {name: cell for name, cell in cells.items() if name in columns}
        session.put(table, {**entry, "status": "answered", "value": [*rows, row_cells]})
        self._declined(row.proposal.id)

    def decline(self, proposal_id: str) -> None:
        """Leave a proposal; it does not come back."""
        self._declined(proposal_id)

    def _declined(self, proposal_id: str) -> None:
        # Also what was taken: its words may have been edited, and then it would be proposed again.
        session = self._talk.session
        assert session is not None
        before = session_of(session.document).get("declined", [])
        session.keep(declined=[*before, proposal_id])
        self._talk.update()

    def make_report(self) -> None:
        """Make the team's report and show the link; in a notebook without holding up the kernel."""
        session = self._talk.session
        if session is None:
            return
        if session.unsaved:
            raise UsageError(f"Not everything is saved, so the report would be incomplete. {session.saved.message}")
        out = session.workspace.root / "reports"
        command = [sys.executable, "-m", "assessment_kit", "report", str(session.path), "--out", str(out)]
        command += ["--audience", self.audience.value]
        command += ["--guide", self._talk.guide_path] if self._talk.guide_path else []
        self._show(panels.note("Making the report …"))
        self.make.disabled = True
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._end(self._run(command))
            return
        task = loop.create_task(self._wait(loop, command))
        self._tasks.add(task)  # a task that nobody holds may be collected in the middle
        task.add_done_callback(self._tasks.discard)

    async def _wait(self, loop: asyncio.AbstractEventLoop, command: Sequence[str]) -> None:
        done = await loop.run_in_executor(None, self._run, command)
        self._guard(self._end)(done)

    def _end(self, done: subprocess.CompletedProcess[str]) -> None:
        self.make.disabled = False
        page = Path(done.stdout.strip().splitlines()[-1]) if done.stdout.strip() else None
        if done.returncode or page is None or not page.is_file():
            session = self._talk.session
            self._failed = session is not None and bool(all_problems(session))
            why = "First correct what is named above." if self._failed else done.stderr.strip()
            self._show(panels.notice(f"The report was not made.\n{why}"))
            return
        # Relative: JupyterLab opens files below its own folder, whatever address it is reached at.
        href = Path(os.path.relpath(page, Path.cwd())).as_posix()
        self._show(panels.link("Open the report", href, f"{page}. {_HINT}"), str(page))

    def _show(self, html: str, plain: str = "") -> None:
        # An Output, because JupyterLab resolves links to files only in what it renders itself.
        data = {"text/html": html, "text/plain": plain}
        self._link.outputs = ({"output_type": "display_data", "data": data, "metadata": {}},)

    def close(self) -> None:
        """Close its widgets."""
        for part in (self._offered, self.again, self._missing, self.audience, self.make, self._link):
            close_all(part)
