"""The form of one section in JupyterLab: real HTML in one widget, drawn by ``static/*.js`` from JSON.

The only module that knows anywidget. It neither reads nor writes a document and computes nothing: answers go out
through :meth:`SectionForm.on_commit`, everything that is shown comes in through traits.

The traffic
-----------
* The browser sends what was changed, and nothing else, with every committed change: ``{"type": "commit", "view": name,
  "edit": 12, "changed": {question: entry or None}, "was": {question: what it replaces there, or None}}``. One notebook
  may be open in several tabs: each view of a form has a name and counts its own edits, every message is taken in the
  order in which it comes, and ``was`` tells what was typed without knowing what another view had sent before.
* Python answers with ``feedback``, whose ``edit`` says by view up to which edit it is true. Until then the form shows
  "Saving …", and after some seconds says that the kernel is busy or gone.
* Python may set ``answers`` at any time (a merge, an import). ``based_on`` goes along by itself and tells, by view,
  which edit Python had seen, so that an answer which is still on its way to Python is not overwritten in the page.
* Further messages from the browser: ``{"type": "focus", "section": id}`` when somebody enters the form,
  ``{"type": "resolve", "id": question, "choice": "mine" | "theirs"}`` after a collision (the chosen answer was sent
  before), ``{"type": "goto", "id": question}`` when "ask next" names a question of another section: a
  form that is on the page already goes there by itself; a shell with tabs can open the right one.

What an answer may look like on its way
---------------------------------------
Text that is no number, duration or date stays as the typed text in ``value`` (or in a cell, ``low``, ``high`` …):
nothing typed is lost, and :func:`assessment_kit.fields.problem_texts` says what is wrong. An entry may lack ``value``
and ``status`` when only a note, a range, a source or the follow-up flag was given. Blanking the value removes the entry
unless something else was written. Keys this kit does not know stay untouched.

All keys of ``feedback`` may be missing::

    {"problems": {question: [text]},
     "saved": {"state": "saved|saving|failed|conflict", "at": "14:02:11", "message": ""},
     "progress": {"answered": 3, "asked": 15, "all_answered": 9, "all_asked": 62},
     "score": {"text": "2.6 of 5", "low": 2.1, "high": 3.0, "value": 2.6, "coverage": 0.7},
     "insight": text, "contradictions": [{"question": text, "why": text}],
     "ask_next": {"id": question, "label": text},
     "error": text, "edit": {view: 12}}
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from assessment_kit import style
from assessment_kit.entries import Entry, clean

_STATIC = Path(__file__).parent / "static"
#: In the order in which they build on each other.
SCRIPTS = (
    "values.js", "store.js", "dom.js", "keep.js", "traffic.js", "inputs.js", "choices.js", "cells.js", "table.js",
    "extras.js", "question.js", "panel.js", "form.js",
)  # fmt: skip

_log = logging.getLogger(__name__)

#: How many views of one form may wait for an answer at a time; older ones have long been closed.
MOST_VIEWS = 32

Entries = dict[str, Entry | None]
Commit = Callable[[str, Entries, Entries], object]
Message = Callable[[dict[str, Any]], object]


def script() -> str:
    """Return the form's ES module: plain files, joined, with the style sheet as the constant ``STYLE``.

    Every section comes with a module of its own. The first one on a page leaves its functions for the others: the
    browser would otherwise compile the same code once for each section.
    """
    files = (path.read_text(encoding="utf-8") for path in (_STATIC / name for name in SCRIPTS))
    body = "\n".join((f"const STYLE = {json.dumps(css())};", *files))
    name = json.dumps(f"assessment-kit-form-{hashlib.sha256(body.encode()).hexdigest()[:16]}")
    return f"export default (globalThis[{name}] ??= (() => {{\n{body}\nreturn {{ render }};\n}})());\n"


def css() -> str:
    """Return the form's style sheet with the palette, which reaches no further than the form."""
    # Names at the root would have JupyterLab style all that it shows again, each time a form appears.
    palette = re.sub(r":root(?=\{)", ".akf", style.css_properties())
    palette = re.sub(r"(body\[[^]]*\])(?=\{)", r"\1 .akf", palette)
    palette = palette.replace(".akf,body,body[data-jp-theme-light]{", ".akf,body[data-jp-theme-light] .akf{")
    return f"{palette}\n{(_STATIC / 'form.css').read_text(encoding='utf-8')}"


class Stay(anywidget.AnyWidget):
    """Holds the page at the place where it stands, until somebody touches the page: "Run All" ends at the last cell."""

    _esm = (_STATIC / "stay.js").read_text(encoding="utf-8")


class FileDrop(anywidget.AnyWidget):
    """Takes files that somebody drops or chooses: ``on_files`` is called with their names and bytes.

    The browser sends ``start`` with the names, ``piece`` with bytes of one file, and ``end``. The first two are each
    answered by ``got``.
    """

    _esm = (_STATIC / "drop.js").read_text(encoding="utf-8")

    #: What is said beside the button.
    said = traitlets.Unicode("").tag(sync=True)
    #: Bytes of all files together that are taken: more than this belongs to the command line.
    most = traitlets.Int(300_000_000).tag(sync=True)

    def __init__(self, on_files: Callable[[list[tuple[str, bytes]]], object], **traits: Any) -> None:
        self._on_files = on_files
        self._names: list[str] = []
        self._bytes: list[bytearray] = []
        super().__init__(**traits)
        self.on_msg(self._take)

    def _take(self, _: object, message: dict[str, Any], buffers: list[Any]) -> None:
        kind = message.get("type")
        if kind == "start":
            self._names = [str(name) for name in message.get("files", [])]
            self._bytes = [bytearray() for _ in self._names]
        elif kind == "piece":
            place = message.get("file", 0)
            room = self.most - sum(map(len, self._bytes))
            if isinstance(place, int) and 0 <= place < len(self._bytes) and buffers and len(buffers[0]) <= room:
                self._bytes[place] += buffers[0]
        elif kind == "end" and self._names:
            files = [(name, bytes(found)) for name, found in zip(self._names, self._bytes, strict=True)]
            self._names, self._bytes = [], []
            self._on_files(files)
        if kind in ("start", "piece"):
            self.send({"type": "got"})


class SectionForm(anywidget.AnyWidget):
    """The form of one section.

    Parameters
    ----------
    section
        :func:`assessment_kit.fields.section_json` of the section.
    answers, elsewhere
        Answers as in the document's JSON: of this section, and of the earlier questions that decide what is asked.
    previous
        By question: ``{"text": readable answer, "answer": answer JSON, "date": "12 May 2026"}``.
    collisions
        By question: ``{"mine": answer, "theirs": answer}``; an answer may be None.
    document
        Names what the answers belong to; with it the page keeps what was not saved, and offers it again after a new
        start of the kernel.
    minutes
        ``{"planned": minutes, "core_only": bool, "questions": [ids in the plan]}``.

    Examples
    --------
    >>> form = SectionForm(section=section_json(guide, guide.sections[1]), answers={})  # doctest: +SKIP
    >>> form.on_commit(lambda section, changed, was: save(section, changed))  # doctest: +SKIP
    """

    _esm = script()

    section = traitlets.Dict().tag(sync=True)
    answers = traitlets.Dict().tag(sync=True)
    based_on = traitlets.Dict().tag(sync=True)
    document = traitlets.Unicode("").tag(sync=True)
    elsewhere = traitlets.Dict().tag(sync=True)
    feedback = traitlets.Dict().tag(sync=True)
    previous = traitlets.Dict().tag(sync=True)
    collisions = traitlets.Dict().tag(sync=True)
    minutes = traitlets.Dict().tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        self._commits: list[Commit] = []
        self._messages: list[Message] = []
        self._seen: dict[str, int] = {}
        super().__init__(**traits)
        self.on_msg(self._take_message)

    @property
    def seen(self) -> dict[str, int]:
        """The last edit that came from each view: what ``edit`` of the feedback shall be."""
        return dict(self._seen)

    def on_commit(self, callback: Commit) -> None:
        """Call ``callback(section id, changed, was)`` for every committed change of the browser.

        Both hold entries by question, None for one that is not there: what somebody changed, and what it replaces in
        that view. ``answers`` has the changes already; a callback may set others. What a callback raises is shown in
        the form: nobody looks into JupyterLab's log during a conversation.
        """
        self._commits.append(callback)

    def on_message(self, callback: Message) -> None:
        """Call ``callback(message)`` for every custom message; errors are shown as in :meth:`on_commit`."""
        self._messages.append(callback)

    @traitlets.observe("answers")
    def _tell_what_was_known(self, _: dict[str, Any]) -> None:
        self.based_on = self.seen

    def _take_commit(self, message: dict[str, Any]) -> None:
        changed, was = clean(message.get("changed") or {}), clean(message.get("was") or {})
        view, edit = str(message.get("view", "")), int(message.get("edit", 0))
        self._seen = {**{name: last for name, last in self._seen.items() if name != view}, view: edit}
        for old in list(self._seen)[:-MOST_VIEWS]:
            del self._seen[old]
        answers = {**self.answers, **changed}
        self.answers = {question: entry for question, entry in answers.items() if entry is not None}
        for callback in self._commits:
            self._guarded(callback, self.section.get("id", ""), changed, was)

    def _take_message(self, _: object, message: dict[str, Any], __: object) -> None:
        if message.get("type") == "commit":
            self._take_commit(message)
            return
        for callback in self._messages:
            self._guarded(callback, message)

    def _guarded(self, callback: Callable[..., object], *arguments: object) -> None:
        try:
            callback(*arguments)
        except Exception as error:  # noqa: BLE001 - whatever it is, the facilitator must see it
            _log.exception("a callback of the form failed")
            text = (
                f"Something went wrong while this was handled ({type(error).__name__}: {error}). "
                "What you typed is still in this page. Run the notebook's cells again; if it stays, report it with "
                "these words."
            )
            self.feedback = {**self.feedback, "error": text, "edit": self.seen}
