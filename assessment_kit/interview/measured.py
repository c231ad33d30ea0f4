"""Said and measured in the conversation: an export dropped on the form becomes answers to take or to refuse."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

import ipywidgets as widgets

from assessment_kit import wording
from assessment_kit.column_file import Reading
from assessment_kit.entries import Entry
from assessment_kit.forms import FileDrop
from assessment_kit.interview import offered, panels
from assessment_kit.interview.columns_by_hand import ColumnsByHand, saved_columns
from assessment_kit.interview.dropped import File, Found, Outcome, Wish, fulfil, plain_name, sorted_out
from assessment_kit.interview.parts import WIDE, close_all
from assessment_kit.interview.session import Session
from assessment_kit.said import Offer, offers

if TYPE_CHECKING:
    from assessment_kit.incidents import Guess

#: The section that takes exports is the one that asks this.
ASKS = "incident-volume"
#: Choices of the order of day and month: by evidence, which is refused where there is none.
ORDERS = (("as the dates show", None), ("day first", True), ("month first", False))
#: In this time the changes that were sent before a click have arrived.
SETTLED_SECONDS = 0.1

Guard = Callable[[Callable[..., Any]], Callable[..., None]]
_FIT = {"width": "auto"}


class Talk(Protocol):
    """What the panel needs of the interview."""

    session: Session | None

    def update(self) -> None:
        """Bring everything that is shown up to what the document says."""


class OfferRow:
    """One measured answer beside what the team said, with its buttons."""

    def __init__(self, offer: Offer, question: Any, on_take: Callable[[OfferRow], None], on_keep: Any) -> None:
        self.offer = offer
        self._question = question
        self.state = "same" if offer.state == "same" else "open"
        self._text = widgets.HTML(layout=WIDE)
        fit = widgets.Layout(**_FIT)
        self.take = widgets.Button(description="Take the measured one", button_style="primary", layout=fit)
        self.keep = widgets.Button(layout=widgets.Layout(**_FIT))
        self.take.on_click(lambda _: on_take(self))
        self.keep.on_click(lambda _: on_keep(self))
        line = widgets.HBox([self.take, self.keep], layout=widgets.Layout(flex_flow="row wrap"))
        self.box = widgets.VBox([self._text, line], layout=WIDE)
        self.box.add_class("aki-proposal")
        self.show()

    def show(self) -> None:
        """Show what became of it."""
        words = {"same": "in the document", "taken": "taken", "kept": "kept as it was", "open": ""}
        less = "the team’s table tells more" if self.offer.state == "less" and self.state == "open" else ""
        self._text.value = offered.beside(self._question, self.offer, words[self.state] or less)
        self.take.layout.display = "none" if self.state in ("same", "taken") else None
        self.keep.layout.display = None if self.state in ("open", "taken") else "none"
        said = self.offer.said is not None
        self.keep.description = (
            "Take it back" if self.state == "taken" else "Keep what was said" if said else "Leave it"
        )


class Measured:
    """The panel: where a file is dropped, its account, and the answers it offers."""

    def __init__(self, talk: Talk, guard: Guard) -> None:
        self._talk = talk
        self._guard = guard
        self._tasks: set[asyncio.Task[None]] = set()
        self._exports: tuple[File, ...] = ()
        self._wish: Wish | None = None
        self._found: Found | None = None
        self._known: Guess | None = None
        self._reading = Reading()
        self._by_hand = False
        self._column_file = self._told = ""
        self._record: Mapping[str, Any] = {}
        self._before: dict[str, Entry | None] = {}
        self.drop = FileDrop(guard(self.take_files))
        self.order = widgets.Dropdown(options=ORDERS, description="Dates", layout=widgets.Layout(display="none"))
        self.order.observe(guard(lambda _: self._choose_order()), "value")
        self._chosen: str | None = ""
        self.team = widgets.Dropdown(description="Team", layout=widgets.Layout(display="none"))
        self.team.observe(guard(lambda _: self._choose()), "value")
        self.columns = ColumnsByHand(guard(lambda _: self._read_soon()))
        self._account = widgets.HTML(layout=WIDE)
        self.take_all = widgets.Button(description="Take all", button_style="primary", layout=widgets.Layout(**_FIT))
        self.correct = widgets.Button(description="Columns …", layout=widgets.Layout(**_FIT))
        self.done = widgets.Button(description="Close this", layout=widgets.Layout(**_FIT))
        self._save = widgets.HTML()
        self.take_all.on_click(guard(lambda _: self.accept_all()))
        self.correct.on_click(guard(lambda _: self._correct()))
        self.done.on_click(guard(lambda _: self.clear()))
        self._line = widgets.HBox(
            [self.take_all, self.correct, self.done, self._save],
            layout=widgets.Layout(display="none", flex_flow="row wrap", align_items="center"),
        )
        self._offered = widgets.VBox(layout=WIDE)
        self.rows: dict[str, OfferRow] = {}

    def parts(self) -> list[widgets.Widget]:
        """Return what stands above the form."""
        return [self.drop, self.order, self.team, self._account, self.columns.box, self._line, self._offered]

    def take_files(self, files: list[File]) -> None:
        """Read files that somebody dropped; in a notebook without holding up the kernel."""
        exports, column_files = sorted_out(files)
        # A file of columns by itself is meant for the export that is here already.
        exports = exports or self._exports
        self.clear()
        self._exports = exports
        self._column_file = ", ".join(plain_name(name) for name, _ in column_files)
        self._read(column_files)

    def _choose(self) -> None:
        """Read again for the team that was chosen."""
        if self._exports and None not in (self.team.value, self._chosen) and self.team.value != self._chosen:
            self._chosen = self.team.value
            self._read()

    def _choose_order(self) -> None:
        """Read again with the order of dates that was chosen."""
        if self._exports and self.order.value != self._reading.day_first:
            self._read()

    def _correct(self) -> None:
        """Show the choice of columns as the export was understood, or put it away."""
        known = self._known
        if self.columns.is_open or known is None:
            self.columns.hide()
            return
        self.columns.ask(known, known.columns)

    def _read_soon(self) -> None:
        """Read as chosen, once every choice is here: a kernel may take a click before the change that it follows."""
        try:
            asyncio.get_running_loop().call_later(SETTLED_SECONDS, self._guard(self._read))
        except RuntimeError:
            self._read()

    def _read(self, column_files: tuple[File, ...] = ()) -> None:
        session = self._talk.session
        if session is None or not (self._exports or column_files):
            return
        # Whatever was pressed: what counts is what is shown.
        if self.columns.is_open:
            self._reading, self._by_hand = self.columns.chosen(self._reading), True
        reading = replace(self._reading, day_first=self.order.value)
        wish = self._wish = Wish(
            self._exports, column_files, session.document.team, reading, self._chosen or "", not self.columns.is_open
        )
        self.drop.said = f"Reading {', '.join(plain_name(name) for name, _ in (*self._exports, *column_files))} …"
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._shown(lambda: fulfil(wish))
            return
        task = loop.create_task(self._wait(loop, wish))
        self._tasks.add(task)  # a task that nobody holds may be collected in the middle
        task.add_done_callback(self._tasks.discard)

    async def _wait(self, loop: asyncio.AbstractEventLoop, wish: Wish) -> None:
        work = loop.run_in_executor(None, fulfil, wish)
        await asyncio.wait([work])
        if wish is self._wish:  # else another file was dropped meanwhile, or the same one shall be read in another way
            self._guard(self._shown)(work.result)

    def _shown(self, work: Callable[[], Outcome]) -> None:
        """Show what was read, or why it cannot be read."""
        self.drop.said = ""
        outcome = work()
        self._reading, self._found, self._known = outcome.reading, outcome.found, outcome.columns
        self._show_order(outcome.reading.day_first)
        self._told = self._told or offered.with_file(self._column_file, outcome.reading)
        if outcome.found is None:
            self._refused(outcome)
        else:
            self._offer(outcome.found)
        self._tell()

    def _refused(self, outcome: Outcome) -> None:
        """Show why it cannot be read; where its columns are not understood, let them be chosen."""
        self._put_away()
        text = offered.problems(outcome.problems)
        self._account.value = panels.notice(f"{text}\nNothing was changed.")
        guess = outcome.columns if outcome.columns is not None and not outcome.columns.format else None
        dates = "day" in text.casefold() and "month" in text.casefold()
        self.order.layout.display = None if dates and guess is None else "none"
        if guess is not None:
            said = outcome.reading.columns
            given = {role: name for role, name in said.items() if name is None or name in guess.header}
            free = {role: name for role, name in guess.columns.items() if name not in given.values()}
            self.columns.ask(guess, {**free, **given})

    def _offer(self, found: Found) -> None:
        """Show the account, and each measured answer beside what the team said."""
        self.columns.hide()
        session = self._talk.session
        assert session is not None
        part = found.export.teams[found.part]
        self._record = part.record
        self._offer_teams(found)
        told = offered.whose(found.named, found.chosen, found.export.columns.get("team", ""))
        aside = f"{self._told} Its columns are corrected here." if self._told and self._by_hand else self._told
        lines = found.export.summary(cells=False)
        self._account.value = offered.account(lines, (*told, *found.export.warnings), aside)
        known = session.guide.questions
        fitting = {name: answer for name, answer in part.answers.items() if name in known}
        self.rows = {
            offer.question: OfferRow(offer, known[offer.question], self._guard(self.accept), self._guard(self.refuse))
            for offer in offers(session.document, fitting)
        }
        for child in self._offered.children:
            close_all(child)
        self._offered.children = tuple(row.box for row in self.rows.values())

    def _offer_teams(self, found: Found) -> None:
        """Let a team be chosen where the export names several."""
        every = wording.count(found.export.incidents, "incident")
        choices = [(f"{name}: {wording.count(n, 'incident')}", name) for name, n in found.named.items()]
        self._chosen = None  # new options let go of the team that was chosen, which is nobody's choice
        self.team.options = [(f"all {every}", ""), *choices]
        self.team.value = self._chosen = found.chosen
        self.team.layout.display = None if len(choices) > 1 else "none"

    def accept(self, row: OfferRow) -> None:
        """Take one measured answer; what the team said stays beside it."""
        self._bring([row])

    def accept_all(self) -> None:
        """Take every answer that is still open, but no table in place of one that tells more."""
        self._bring([row for row in self.rows.values() if row.state == "open" and row.offer.state != "less"])

    def refuse(self, row: OfferRow) -> None:
        """Keep what the team said, or take a measured answer back out."""
        session = self._talk.session
        assert session is not None
        question = row.offer.question
        changes = {question: self._before.pop(question)} if row.state == "taken" else {}
        row.state = "open" if row.state == "taken" else "kept"
        # The figures stay with the document either way: the report shows them beside what was said.
        session.bring(self._record, changes)
        self._after([row])

    def _bring(self, rows: list[OfferRow]) -> None:
        session = self._talk.session
        assert session is not None
        for row in rows:
            self._before[row.offer.question] = session.some([row.offer.question]).get(row.offer.question)
            row.state = "taken"
        session.bring(self._record, {row.offer.question: row.offer.measured.model_dump(mode="json") for row in rows})
        self._after(rows)

    def _after(self, rows: list[OfferRow]) -> None:
        for row in rows:
            row.show()
        self._tell()
        self._talk.update()

    def _tell(self) -> None:
        self._line.layout.display = None if self._account.value else "none"
        left = [row for row in self.rows.values() if row.state == "open" and row.offer.state != "less"]
        self.take_all.description = f"Take all {len(left)}" if len(left) > 1 else "Take all"
        self.take_all.layout.display = None if len(left) > 1 else "none"
        found = self._found
        understood = self._known is not None and self._known.format
        self.correct.layout.display = None if understood else "none"
        saved = found is not None and self._by_hand
        self._save.value = saved_columns(found.export.columns, self._reading) if found is not None and saved else ""

    def _put_away(self) -> None:
        """Put away what was read and offered."""
        self.rows, self._before, self._record = {}, {}, {}
        for child in self._offered.children:
            close_all(child)
        self._offered.children = ()
        self.team.layout.display = "none"

    def _show_order(self, day_first: bool | None) -> None:
        # By its place: a list takes the value None for no choice at all, and shows nothing.
        self.order.index = [order for _, order in ORDERS].index(day_first)

    def clear(self) -> None:
        """Put everything away but the place for the next file."""
        self._exports, self._wish, self._found, self._known, self._chosen = (), None, None, None, ""
        self._reading, self._by_hand, self._column_file, self._told = Reading(), False, "", ""
        self._put_away()
        self.columns.hide()
        self._show_order(None)
        self._account.value = self.drop.said = self._save.value = ""
        self.order.layout.display = self._line.layout.display = "none"

    def close(self) -> None:
        """Close its widgets."""
        for part in self.parts():
            close_all(part)
