"""One conversation about one document: open it, apply what was answered, save at once, notice what others saved.

The document on the disk is the only state. What could not be saved stays here and in the page, is tried again with
every further answer, and can be saved under another name. No widgets: all this is shown by
:mod:`assessment_kit.interview.notebook`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from assessment_kit import wording
from assessment_kit.document import Document, to_json
from assessment_kit.entries import (
    Entry,
    clean,
    entries,
    merge,
    part_of,
    same,
    session_of,
    with_entries,
    with_session,
)
from assessment_kit.errors import AssessmentKitError, ConflictError, DocumentError, StorageError
from assessment_kit.guide import Guide
from assessment_kit.said import with_record
from assessment_kit.workspace import Opened, Workspace, read_document, write_text

#: A silence longer than this was a break, not a question that took long.
LONGEST_SILENCE = 15 * 60
#: How often to merge again when somebody saves between our reading and our saving.
MOST_TRIES = 3

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Saved:
    """What to say about the last save."""

    state: Literal["saved", "failed", "conflict"]
    at: str
    message: str = ""

    def to_json(self) -> dict[str, str]:
        """Return it as the form's feedback wants it."""
        return {"state": self.state, "at": self.at, "message": self.message}


class Session:
    """A document that is being filled in.

    Parameters
    ----------
    workspace
        Where it lives.
    guide
        Its questions.
    opened
        As :meth:`Workspace.open` or :meth:`Workspace.create` returned it.
    clock
        Returns the time of day, for "saved 14:02:11" and for the time spent on each section.
    """

    def __init__(self, workspace: Workspace, guide: Guide, opened: Opened, clock: Clock = datetime.now) -> None:
        self.workspace = workspace
        self.guide = guide
        self.document = opened.document
        self._opened = opened
        self._clock = clock
        self._section = ""
        self._since = clock()
        self._spent: dict[str, float] = {}
        self._own: set[str] = set()
        self._known: tuple[Document | None, dict[str, Entry]] = (None, {})
        self.saved = Saved("saved", f"{clock():%H:%M:%S}")

    @property
    def path(self) -> Path:
        """The document's file."""
        return self._opened.path

    @property
    def unsaved(self) -> bool:
        """Whether something typed is not on the disk."""
        return self.document is not self._opened.document

    def answers(self, section_id: str) -> dict[str, Entry]:
        """Return the entries of a section as a form shows them."""
        return self.some(self._questions(section_id))

    def some(self, question_ids: Iterable[str]) -> dict[str, Entry]:
        """Return the entries of some questions; in a collision, the one that was typed here."""
        shown: dict[str, Entry | None] = {**self._entries()}
        for question in self._own:
            shown[question] = self._sides(question)["mine"]
        return {question: entry for question in question_ids if (entry := shown.get(question))}

    def collisions(self, section_id: str) -> dict[str, dict[str, Entry | None]]:
        """Return, by question, the two answers of which one must be chosen: ``mine`` and ``theirs``."""
        return {question: self._sides(question) for question in self._questions(section_id) if question in self._open()}

    def flagged(self) -> list[str]:
        """Return the questions to follow up, in the guide's order: the parking lot."""
        found = self._entries()
        return [question for question in self.guide.questions if found.get(question, {}).get("follow_up") is True]

    def earlier(self) -> Document | None:
        """Return the team's previous assessment, None when there is none."""
        found = self.workspace.previous(self.path)
        return None if found is None else read_document(found)

    # ------------------------------------------------------------------------------------------------------- changes

    def commit(
        self,
        section_id: str,
        changed: Mapping[str, Entry | None],
        was: Mapping[str, Entry | None] = MappingProxyType({}),
    ) -> None:
        """Take changed entries of a section from the page, each with what it replaced there, and save them.

        What was typed without knowing what came from elsewhere, from another tab or from the disk, is a collision.
        It never fails for what the disk does: :attr:`saved` tells what became of it, and nothing typed is lost.
        """
        self.focus(section_id)
        shown, sides = self.answers(section_id), self._open()
        known: dict[str, Entry | None] = {}
        blind: dict[str, Entry | None] = {}
        for question in self._questions(section_id):
            if question not in changed:
                continue
            given, before = clean(changed[question]), clean(was.get(question))
            if same(given, shown.get(question)):
                continue
            if same(before, shown.get(question)):
                known[question] = given
            elif question in sides and same(before, self._sides(question)["theirs"]):
                self._type_on_theirs(question, given)  # by somebody who has not heard of the collision yet
            else:
                blind[question] = given
        self._own |= blind.keys()
        self.document = self._with_open(blind) if blind else self.document
        self._change(known, [self._please_choose(blind)] if blind else [])

    def put(self, question_id: str, entry: Entry | None) -> None:
        """Change one entry from here, such as a table that takes a proposal, and save."""
        self._change({question_id: entry})

    def bring(self, record: Mapping[str, Any], changes: Mapping[str, Entry | None]) -> None:
        """Take in an export's record, and of its measured answers those given, and save."""
        self.document = with_record(self.document, record)
        self._change(changes)

    def resolve(self, question_id: str, choice: str) -> None:
        """End a collision: keep ``mine`` or take ``theirs``."""
        if question_id not in self._open():
            return
        chosen = self._sides(question_id)["mine" if choice == "mine" else "theirs"]
        left = {question: side for question, side in self._open().items() if question != question_id}
        self._own.discard(question_id)
        self.document = with_session(with_entries(self.document, {question_id: chosen}), collisions=left)
        self._save()

    def keep(self, **parts: Any) -> None:
        """Save something of the conversation itself, such as the plan's minutes."""
        self.document = with_session(self.document, **parts)
        self._save()

    def refresh(self) -> bool:
        """Take in what others saved meanwhile and tell whether there was something; try again what was not saved."""
        before = self.document
        if self.unsaved:
            self._save()
            return self.document is not before
        try:
            self._take_in(self.workspace.open(self.path))
        except (StorageError, DocumentError) as error:
            self._failed(error)
        else:
            if self.saved.state == "failed":
                self._now_saved("")
        return self.document is not before

    def save_under(self, path: Path) -> None:
        """Save everything, also what could not be saved, under another name and go on there.

        Raises
        ------
        StorageError
            When there is a file of this name, or it cannot be written. Nothing is changed then.
        """
        if path.exists():
            raise StorageError(f"{path} exists already. Choose another name.")
        write_text(path, to_json(self.document, self.guide.questions, path.name))
        broken, self._opened = self.path, self.workspace.open(path)
        self.document = self._opened.document
        self._now_saved(
            f"Everything is in {path} now, and further answers go there too. What {broken.name} was before comes back "
            f"with “assessment-kit history {broken} --restore N”; without --restore it lists the revisions."
        )

    # --------------------------------------------------------------------------------------------------------- clock

    def focus(self, section_id: str) -> None:
        """Start the clock of a section; what was spent is saved with the next answer."""
        now = self._clock()
        if self._section:
            passed = min(LONGEST_SILENCE, max(0.0, (now - self._since).total_seconds()))
            self._spent[self._section] = self._spent.get(self._section, 0.0) + passed
        self._section, self._since = section_id, now

    def seconds(self) -> dict[str, int]:
        """Return the time spent on each section, in seconds."""
        noted = part_of(self.document, "seconds")
        known = {name: value for name, value in noted.items() if isinstance(value, int | float)}
        names = [section.id for section in self.guide.sections]
        return {name: int(known.get(name, 0) + self._spent.get(name, 0)) for name in names}

    @property
    def minutes(self) -> int | None:
        """How long the conversation shall take; None where nobody said."""
        found = session_of(self.document).get("minutes")
        return found if isinstance(found, int) else None

    def _note_time(self) -> None:
        # Only with an answer: to move about in the forms should not fill the history.
        whole = {name: int(spent) for name, spent in self._spent.items() if int(spent)}
        if whole:
            noted = part_of(self.document, "seconds")
            added = {name: noted.get(name, 0) + spent for name, spent in whole.items()}
            self.document = with_session(self.document, seconds={**noted, **added})
            self._spent = {name: spent - whole.get(name, 0) for name, spent in self._spent.items()}

    # -------------------------------------------------------------------------------------------------------- inside

    def _questions(self, section_id: str) -> list[str]:
        return [q.id for section in self.guide.sections if section.id == section_id for q in section.questions]

    def _entries(self) -> dict[str, Entry]:
        # Asked for a dozen times by one answer of a page, and the same until the document is another one.
        if self._known[0] is not self.document:
            self._known = (self.document, entries(self.document))
        return self._known[1]

    def _open(self) -> dict[str, Any]:
        """Return the collisions that wait for a choice: what stands against the document's own answer."""
        return {name: side for name, side in part_of(self.document, "collisions").items() if isinstance(side, dict)}

    def _sides(self, question_id: str) -> dict[str, Entry | None]:
        kept, other = self._entries().get(question_id), self._open().get(question_id, {}).get("other")
        return {"mine": other, "theirs": kept} if question_id in self._own else {"mine": kept, "theirs": other}

    def _with_open(self, sides: Mapping[str, Entry | None]) -> Document:
        """Return the document with more collisions."""
        added = {question: {"other": entry} for question, entry in sides.items()}
        return with_session(self.document, collisions={**self._open(), **added})

    def _type_on_theirs(self, question: str, given: Entry | None) -> None:
        if question in self._own:
            self.document = with_entries(self.document, {question: given})
        else:
            self.document = self._with_open({question: given})

    def _please_choose(self, question_ids: Iterable[str]) -> str:
        return f"Changed here and elsewhere, please choose: {self._named(question_ids)}."

    def _change(self, changes: Mapping[str, Entry | None], said: Sequence[str] = ()) -> None:
        if not changes and not self.unsaved:
            self.refresh()
            return
        waiting, answers = self._open(), dict(changes)
        for question in changes.keys() & waiting.keys():
            if question in self._own:  # typed on, while the choice is open
                waiting[question] = {"other": answers.pop(question)}
        changed = with_entries(self.document, answers)
        found = entries(changed)
        # Who types what the other side says has chosen.
        left = {name: side for name, side in waiting.items() if not same(side.get("other"), found.get(name))}
        self._own &= left.keys()
        self.document = with_session(changed, collisions=left)
        self._save(said)

    def _save(self, to_say: Sequence[str] = ()) -> None:
        self._note_time()
        said = list(to_say)
        try:
            for tries_left in reversed(range(MOST_TRIES)):
                said += self._take_in(self.workspace.open(self.path))
                try:
                    self._opened = self.workspace.save(self._opened, self.document, self.guide)
                except ConflictError:
                    if not tries_left:
                        raise
                    continue
                break
            self.document = self._opened.document
            self._now_saved(" ".join(said))
        except AssessmentKitError as error:
            self._failed(error)

    def _take_in(self, theirs: Opened) -> list[str]:
        """Merge what somebody else saved; return what to say about it."""
        if theirs.revision == self._opened.revision:
            return []
        merged = merge(self._opened.document, self.document, theirs.document)
        changed = self.unsaved
        self._opened = theirs
        self.document = merged.document if changed else theirs.document
        self._own = (self._own | set(merged.collisions)) & self._open().keys()
        said = []
        if merged.taken:
            said.append(f"Changed elsewhere, and taken over here: {self._named(merged.taken)}.")
        if merged.collisions:
            said.append(self._please_choose(merged.collisions))
        if said:
            self._now_saved(" ".join(said))
        return said

    def _named(self, question_ids: Iterable[str]) -> str:
        known = self.guide.questions
        texts = [f"“{known[name].text}”" if name in known else name for name in question_ids]
        more = [f"{len(texts) - 3} more"] if len(texts) > 3 else []
        return wording.listed([*texts[:3], *more])

    def _now_saved(self, message: str) -> None:
        self.saved = Saved("conflict" if self._own else "saved", f"{self._clock():%H:%M:%S}", message)

    def _failed(self, error: AssessmentKitError) -> None:
        text = (
            f"{error} Everything typed is still in this page, and is tried again with the next answer; "
            "or save it under another name below."
        )
        self.saved = Saved("failed", f"{self._clock():%H:%M:%S}", text)
