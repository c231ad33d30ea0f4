"""Any text, a guide's or a user's, is only text; and all of the guide's words are shown. In a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assessment_kit.guide_file import load_guide
from tests import form_page
from tests.form_page import GUIDE, FormPage, answered

if TYPE_CHECKING:
    from playwright.sync_api import Page

page, form = form_page.page, form_page.form
HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script> $x^2$ 😀 שלום עולם & "quotes" \\n'


@pytest.mark.parametrize("text", [HOSTILE, "long " * 20_000], ids=["hostile", "100,000 characters"])
def test_any_text_comes_back_exactly_and_is_only_text(form: FormPage, text: str) -> None:
    question = form.question("a-text")
    question.locator("summary", has_text="More").click()
    fields = [
        form.field("a-text"),
        question.get_by_label("Note"),
        question.get_by_label("Source"),
        form.field("a-table"),
    ]
    for field in fields:
        field.fill(text)
        field.press("Tab")
    sent = form.sent()
    assert sent["a-text"] == answered(text, note=text, source=text)
    assert sent["a-table"] == answered([{"task": text}])
    form.set(
        previous={"a-text": {"text": text, "answer": answered(text), "date": text}},
        feedback={
            "insight": text,
            "error": text,
            "contradictions": [{"question": text, "why": text}],
            "problems": {"a-number": [text]},
        },
        collisions={"a-number": {"mine": answered(text), "theirs": answered(1, note=text)}},
    )
    assert form.page.locator(".akf-insight").text_content() == text
    assert form.page.evaluate("window.hacked") is None
    assert form.page.locator(".akf img, .akf script").count() == 0


def test_all_text_of_a_guide_is_only_text(page: Page) -> None:
    bad = GUIDE.model_copy(
        update={
            "sections": (
                GUIDE.sections[1].model_copy(
                    update={
                        "title": HOSTILE,
                        "purpose": HOSTILE,
                        "questions": tuple(
                            question.model_copy(
                                update={
                                    "key_question": HOSTILE,
                                    "label": "",
                                    "hint": HOSTILE,
                                    "guidance": HOSTILE,
                                    "unit": HOSTILE,
                                    "topic": HOSTILE,
                                    "choices": tuple(
                                        choice.model_copy(update={"label": HOSTILE, "anchor": HOSTILE})
                                        for choice in question.choices
                                    ),
                                }
                            )
                            for question in GUIDE.sections[1].questions
                            if question.relevant is None
                        ),
                    }
                ),
            )
        }
    )
    form = FormPage(page, bad)
    assert form.page.locator(".akf-title").text_content() == HOSTILE
    assert form.page.evaluate("window.hacked") is None
    assert form.page.locator(".akf img, .akf script").count() == 0
    assert form.page.locator(".akf.mathjax_ignore.tex2jax_ignore").count() == 1, "a dollar is a dollar"


def test_the_guides_words_are_all_there(page: Page) -> None:
    guide = load_guide()
    form = FormPage(page, guide)
    text = form.page.locator("main").text_content()
    for section in guide.sections:
        for words in (section.title, section.purpose, section.definition, *section.insights):
            assert words in text
        for question in section.questions:
            for words in (question.text, question.key_question, question.hint, question.guidance):
                assert words in text, question.id
            for choice in question.choices:
                assert choice.label in text
                assert choice.anchor in text
    assert form.question("team-size").get_by_text("core", exact=True).count() == 1
