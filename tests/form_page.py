"""A section's form in a plain page, with a stand-in for the kernel: quick, and it records what the form sends.

What needs JupyterLab (its shortcuts, its styles, a real kernel) is tested in JupyterLab; everything else like this.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from assessment_kit import forms
from assessment_kit.fields import section_json
from assessment_kit.guide import Guide
from assessment_kit.guide_file import parse_guide

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Form</title>
<style>body { margin: 0; padding: 16px 24px; background: #fff }
body[data-jp-theme-light=false] { background: #111 }</style>
</head><body data-jp-theme-light="%(light)s"><main></main><script type="module">
const states = %(states)s;
const url = URL.createObjectURL(new Blob([%(script)s], { type: "text/javascript" }));
const form = (await import(url)).default;
window.view = (model) => {
  const el = document.createElement("div");
  document.querySelector("main").append(el);
  return form.render({ model, el });
};
window.models = {};
for (const given of states) {
  const listeners = {};
  const model = {
    state: {
      answers: {}, based_on: {}, elsewhere: {}, feedback: {}, previous: {}, collisions: {}, minutes: {},
      document: "", ...given,
    },
    commits: [], messages: [], views: new Set(),
    get: (key) => model.state[key],
    set(key, value) { model.state[key] = value; for (const listener of listeners[`change:${key}`] || []) listener(); },
    on(event, listener) { (listeners[event] ||= []).push(listener); },
    off(event, listener) { listeners[event] = (listeners[event] || []).filter((each) => each !== listener); },
    // A kernel that has heard of it, and has not yet said so.
    send(message) {
      if (message.type !== "commit") return model.messages.push(message);
      const { view, edit, changed, was } = structuredClone(message);
      model.views.add(view);
      const answers = { ...model.commits.at(-1)?.answers, ...model.state.answers, ...changed };
      for (const id in answers) if (answers[id] === null) delete answers[id];
      model.commits.push({ answers, edit, changed, was, view });
      model.set("answers", answers);
    },
  };
  window.models[given.section.id] = model;
  model.close = view(model);
}
window.ready = true;
</script></body></html>"""


def _embedded(value: Any) -> str:
    return json.dumps(value).replace("<", "\\u003c")


class FormPage:
    """Forms in one page of Playwright's."""

    def __init__(self, page: Any, guide: Guide, *section_ids: str, dark: bool = False, **traits: Any) -> None:
        self.page = page
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        sections = [section for section in guide.sections if not section_ids or section.id in section_ids]
        self.section = sections[0].id
        page.set_content(
            _PAGE
            % {
                "light": str(not dark).lower(),
                "states": _embedded([{"section": section_json(guide, section), **traits} for section in sections]),
                "script": _embedded(forms.script()),
            }
        )
        page.wait_for_function("window.ready === true")

    def question(self, question_id: str) -> Any:
        """Return the question's element."""
        return self.page.locator(f'[data-question="{question_id}"]')

    def field(self, question_id: str) -> Any:
        """Return the first field of a question."""
        return self.question(question_id).locator(".akf-editor :is(input, textarea, select)").first

    def set(self, **traits: Any) -> None:
        """Set traits as Python would; a number as an edit is that of every view."""
        script = """([id, name, value]) => {
          const byView = (edit) => Object.fromEntries([...models[id].views].map((view) => [view, edit]));
          if (name === "based_on") value = byView(value);
          if (name === "feedback" && typeof value.edit === "number") value.edit = byView(value.edit);
          models[id].set(name, value);
        }"""
        for name, value in traits.items():
            self.page.evaluate(script, [self.section, name, value])

    def sent(self) -> dict[str, Any]:
        """Return the answers last sent to Python."""
        commits = self.commits()
        return commits[-1]["answers"] if commits else {}

    def commits(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.page.evaluate("id => models[id].commits", self.section)
        return found

    def messages(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.page.evaluate("id => models[id].messages", self.section)
        return found

    def wait_for_commits(self, number: int) -> None:
        self.page.wait_for_function("([id, n]) => models[id].commits.length >= n", arg=[self.section, number])

    def problems(self, question_id: str) -> list[str]:
        found: list[str] = self.question(question_id).locator(".akf-editor > .akf-problems li").all_text_contents()
        return found

    def paste(self, locator: Any, text: str) -> None:
        """Paste a text as a spreadsheet puts it on the clipboard."""
        locator.focus()
        locator.evaluate(
            """(node, text) => { const clipboardData = new DataTransfer(); clipboardData.setData("text/plain", text);
            node.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true })); }""",
            text,
        )


ALL_TYPES = """
schema: 1
id: all-types
version: "1"
title: All types
levels: [{level: 1, name: a}, {level: 2, name: b}, {level: 3, name: c}, {level: 4, name: d}, {level: 5, name: e}]
certainty:
  relative: {measured: 0, estimated: 0.25, guess: 0.5}
  levels: {measured: 0, estimated: 0.5, guess: 1}
  source: {text: ours, kind: convention}
sections:
  - id: before
    title: Before
    questions:
      - id: gate
        type: number
        key_question: "How many escalations are there?"
  - id: all
    title: One of each
    purpose: Every type of question.
    insights: [Look for the odd one out.]
    questions:
      - id: a-number
        type: number
        key_question: "How many people are in the team?"
        unit: people
        hint: Everybody.
        guidance: Listen well.
        core: true
        constraint: {min: 1, max: 500, integer: true}
      - id: a-rate
        type: rate
        key_question: "How many incidents are there?"
        unit: incidents
        per: week
      - id: a-percent
        type: percent
        key_question: "How many in a hundred are repeats?"
      - id: a-duration
        type: duration
        key_question: "How long does it take?"
        unit: on average
      - id: a-choice
        type: choice
        key_question: "Which sentence fits?"
        choices:
          - {id: low, label: By hand, anchor: All by hand.}
          - {id: high, label: Automatic, anchor: It runs by itself.}
      - id: an-open-choice
        type: choice
        other: true
        key_question: "Which cause?"
        choices: [{id: change, label: A change}, {id: load, label: Load}]
      - id: a-multi
        type: multi
        other: true
        key_question: "Which delays?"
        choices: [{id: tools, label: Tools}, {id: owners, label: Owners}]
      - id: some-tags
        type: tags
        key_question: "Which services?"
      - id: a-text
        type: text
        key_question: "Which patterns?"
      - id: a-date
        type: date
        key_question: "Since when?"
      - id: a-table
        type: table
        key_question: "Which tasks?"
        columns:
          - {id: task, label: Task, type: text, required: true}
          - {id: times, label: How often, type: rate, per: week}
          - {id: each, label: Time each, type: duration}
          - {id: people, label: People, type: number}
          - {id: auto, label: Automatable, type: choice, choices: [{id: "yes", label: "Yes"}, {id: "no", label: "No"}]}
          - {id: due, label: Due, type: date}
      - id: only-if
        type: text
        key_question: "What hurts?"
        relevant: {question: a-rate, above: 0}
      - id: only-if-gate
        type: text
        key_question: "Whom do you call?"
        relevant: {question: gate, above: 0}
      - id: only-if-duration
        type: text
        key_question: "What takes so long?"
        relevant: {question: a-duration, above: 60}
"""

GUIDE = parse_guide(ALL_TYPES)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return an empty page."""
    context = browser.new_context(viewport={"width": 1000, "height": 900})
    yield context.new_page()
    context.close()


@pytest.fixture
def form(page: Page) -> Iterator[FormPage]:
    """Return the form with one question of each type, in which no script may fail."""
    opened = FormPage(page, GUIDE, "all")
    yield opened
    assert opened.errors == []


def answered(value: Any, **more: Any) -> dict[str, Any]:
    """Return an answer as the form sends it."""
    return {"status": "answered", "value": value, **more}
