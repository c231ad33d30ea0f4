"""Said and measured in the conversation: an export dropped on the form becomes answers to take or to refuse."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import ipywidgets as widgets

from assessment_kit import wording
from assessment_kit.entries import Entry
from assessment_kit.errors import DataError
from assessment_kit.forms import FileDrop
from assessment_kit.interview import offered, panels
from assessment_kit.interview.parts import WIDE, close_all
from assessment_kit.interview.session import Session
from assessment_kit.said import Offer, offers

if TYPE_CHECKING:
    from assessment_kit.incidents import Import

#: The section that takes exports is the one that asks this.
ASKS = "incident-volume"
#: Choices of the order of day and month: by evidence, which is refused where there is none.
ORDERS = (("as the dates show", None), ("day first", True), ("month first", False))

Guard = Callable[[Callable[..., Any]], Callable[..., None]]
_FIT = {"width": "auto"}


class Talk(Protocol):
    """What the panel needs of the interview."""

    session: Session | None

    def update(self) -> None:
        """Bring everything that is shown up to what the document says."""


@dataclass(frozen=True)
class Found:
    """What was read.

    Attributes
    ----------
    part
        The name, in the export, of the part that counts.
    named
        Teams that the export names, with their incidents.
    chosen
        The one of them that counts; "" for all.
    """

    export: Import
    part: str
    named: Mapping[str, int]
    chosen: str


def read(paths: list[Path], team: str, day_first: bool | None, chosen: str = "") -> Found:
    """Read exports for one team.

    Parameters
    ----------
    chosen
        Which of the teams that the export names is meant; "" for all together.
    """
    # pandas takes seconds to import, and most conversations have no export.
    from assessment_kit import incidents

    whole = incidents.read_export(paths, team=team, day_first=day_first)
    named = whole.named_teams()
    if chosen not in named:
        [part] = whole.teams
        return Found(whole, part, named, "")
    split = incidents.read_export(paths, team_column=whole.columns["team"], day_first=day_first)
    return Found(split.of_team(chosen), chosen, named, chosen)


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
        self._files: list[tuple[str, bytes]] = []
        self._record: Mapping[str, Any] = {}
        self._before: dict[str, Entry | None] = {}
        self.drop = FileDrop(guard(self.take_files))
        self.order = widgets.Dropdown(options=ORDERS, description="Dates", layout=widgets.Layout(display="none"))
        self.order.observe(guard(lambda _: self._read()), "value")
        self._chosen = ""
        self.team = widgets.Dropdown(description="Team", layout=widgets.Layout(display="none"))
        self.team.observe(guard(lambda _: self._choose()), "value")
        self._account = widgets.HTML(layout=WIDE)
        self.take_all = widgets.Button(description="Take all", button_style="primary", layout=widgets.Layout(**_FIT))
        self.done = widgets.Button(description="Close this", layout=widgets.Layout(**_FIT))
        self.take_all.on_click(guard(lambda _: self.accept_all()))
        self.done.on_click(guard(lambda _: self.clear()))
        self._line = widgets.HBox(
            [self.take_all, self.done], layout=widgets.Layout(display="none", flex_flow="row wrap")
        )
        self._offered = widgets.VBox(layout=WIDE)
        self.rows: dict[str, OfferRow] = {}

    def parts(self) -> list[widgets.Widget]:
        """Return what stands above the form."""
        return [self.drop, self.order, self.team, self._account, self._line, self._offered]

    def take_files(self, files: list[tuple[str, bytes]]) -> None:
        """Read files that somebody dropped; in a notebook without holding up the kernel."""
        self.clear()
        self._files = files
        self._read()

    def _choose(self) -> None:
        """Read again for the team that was chosen."""
        if self._files and self.team.value is not None and self.team.value != self._chosen:
            self._chosen = self.team.value
            self._read()

    def _read(self) -> None:
        session = self._talk.session
        if session is None or not self._files:
            return
        self.drop.said = f"Reading {', '.join(_plain(name) for name, _ in self._files)} …"
        team, order, files, chosen = session.document.team, self.order.value, self._files, self._chosen
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._shown(lambda: _in_folder(files, team, order, chosen))
            return
        task = loop.create_task(self._wait(loop, files, team, order, chosen))
        self._tasks.add(task)  # a task that nobody holds may be collected in the middle
        task.add_done_callback(self._tasks.discard)

    async def _wait(self, loop: asyncio.AbstractEventLoop, files: list[tuple[str, bytes]], *how: Any) -> None:
        work = loop.run_in_executor(None, _in_folder, files, *how)
        await asyncio.wait([work])
        if files is self._files:  # else another file was dropped meanwhile
            self._guard(self._shown)(work.result)

    def _shown(self, outcome: Callable[[], Found]) -> None:
        """Show what was read, or why it cannot be read."""
        self.drop.said = ""
        try:
            found = outcome()
        except DataError as error:
            text = offered.problems(error.problems)
            self._account.value = panels.notice(f"{text}\nNothing was changed.")
            self.order.layout.display = None if "day" in text.casefold() and "month" in text.casefold() else "none"
            return
        session = self._talk.session
        assert session is not None
        part = found.export.teams[found.part]
        self._record = part.record
        self._offer_teams(found)
        told = offered.whose(found.named, found.chosen, found.export.columns.get("team", ""))
        self._account.value = offered.account(found.export.summary(cells=False), (*told, *found.export.warnings))
        known = session.guide.questions
        fitting = {name: answer for name, answer in part.answers.items() if name in known}
        self.rows = {
            offer.question: OfferRow(offer, known[offer.question], self._guard(self.accept), self._guard(self.refuse))
            for offer in offers(session.document, fitting)
        }
        self._offered.children = tuple(row.box for row in self.rows.values())
        self._tell()

    def _offer_teams(self, found: Found) -> None:
        """Let a team be chosen where the export names several."""
        self._chosen = found.chosen
        every = wording.count(found.export.incidents, "incident")
        choices = [(f"{name}: {wording.count(n, 'incident')}", name) for name, n in found.named.items()]
        self.team.options = [(f"all {every}", ""), *choices]
        self.team.value = found.chosen
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
        self._line.layout.display = None if self.rows else "none"
        left = [row for row in self.rows.values() if row.state == "open" and row.offer.state != "less"]
        self.take_all.description = f"Take all {len(left)}" if len(left) > 1 else "Take all"
        self.take_all.layout.display = None if len(left) > 1 else "none"

    def clear(self) -> None:
        """Put everything away but the place for the next file."""
        self._files, self.rows, self._before, self._record, self._chosen = [], {}, {}, {}, ""
        for child in self._offered.children:
            close_all(child)
        self._offered.children = ()
        self._account.value = self.drop.said = ""
        self.order.layout.display = self.team.layout.display = self._line.layout.display = "none"

    def close(self) -> None:
        """Close its widgets."""
        for part in self.parts():
            close_all(part)


def _in_folder(files: list[tuple[str, bytes]], team: str, order: bool | None, chosen: str) -> Found:
    """Read files from a folder that is gone afterwards: an export holds more than a document may keep."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for place, (name, content) in enumerate(files):
            # Each in a folder of its own: two may have one name.
            path = Path(folder) / str(place) / _plain(name)
            path.parent.mkdir()
            path.write_bytes(content)
            paths.append(path)
        return read(paths, team, order, chosen)


def _plain(name: str) -> str:
    """Return a file's name without folders, and without what no file can be named."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1].replace("\0", "").strip()
    return last.encode("utf-8", "replace").decode()[-100:] if last.strip(".") else "export"
