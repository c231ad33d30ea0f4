"""What an owner of a guide may get wrong is named by ids, with its remedy, all of it at once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment_kit.errors import GuideError
from assessment_kit.guide_file import parse_guide
from tests.guides import GOOD, changed, question, refusal


@pytest.mark.parametrize(
    "change, message",
    [
        (
            lambda raw: question(raw, 2).update(id="volume"),
            "sections: the question id 'volume' is used more than once. Give each its own id.",
        ),
        (
            lambda raw: raw["sections"].append({**raw["sections"][0], "questions": [], "rubrics": []}),
            "sections: the section id 'incidents' is used more than once.",
        ),
        (
            lambda raw: question(raw, 2)["choices"][1].update(id="no"),
            "sections.incidents.questions.clear: the choice id 'no' is used more than once.",
        ),
        (
            lambda raw: question(raw, 3)["columns"][1].update(id="task"),
            "sections.incidents.questions.tasks: the column id 'task' is used more than once.",
        ),
        (
            lambda raw: question(raw, 0).update(type="numbr"),
            "sections.incidents.questions.volume.type: 'numbr' is not one of the allowed values. Use 'number', 'rate',",
        ),
        (
            lambda raw: question(raw, 1)["rubric"].update(bands=[60, 45, 50, 20, 10]),
            "sections.incidents.questions.repeat-share.rubric.bands: the bands are out of order (60, 45, 50, 20, 10).",
        ),
        (
            lambda raw: question(raw, 1)["rubric"].update(bands=[10, 10, 20, 30, 40]),
            "sections.incidents.questions.repeat-share.rubric.bands: the bands are out of order (10, 10, 20, 30, 40).",
        ),
        (
            lambda raw: question(raw, 1)["rubric"].update(bands=[1, 2, 3, 4]),
            "sections.incidents.questions.repeat-share.rubric.bands: there are 4 bands. Give five numbers",
        ),
        (
            lambda raw: question(raw, 1)["rubric"].pop("bands"),
            "sections.incidents.questions.repeat-share.rubric.bands: there are no bands. Give five numbers",
        ),
        (
            lambda raw: question(raw, 1)["relevant"].update(question="volumes"),
            "sections.incidents.questions.repeat-share.relevant: the rule names no question: 'volumes'. Name the id",
        ),
        (
            lambda raw: question(raw, 1)["relevant"].update(question="clear"),
            "sections.incidents.questions.repeat-share.relevant: the rule depends on 'clear', which is asked later.",
        ),
        (
            lambda raw: question(raw, 1)["relevant"].update(question="repeat-share"),
            "sections.incidents.questions.repeat-share.relevant: the rule depends on 'repeat-share', which is asked",
        ),
        (
            lambda raw: question(raw, 1)["relevant"].update(below=5),
            "sections.incidents.questions.repeat-share.relevant: the rule has 2 conditions. Give exactly one of:",
        ),
        (
            lambda raw: question(raw, 1)["relevant"].pop("above"),
            "sections.incidents.questions.repeat-share.relevant: the rule has 0 conditions.",
        ),
        (
            lambda raw: question(raw, 2)["choices"][0].pop("level"),
            "sections.incidents.questions.clear: the question is scored but a choice has no level. Give every choice",
        ),
        (
            lambda raw: question(raw, 2).update(choices=[]),
            "sections.incidents.questions.clear: a choice question has no choices. Add choices",
        ),
        (
            lambda raw: question(raw, 3).update(columns=[]),
            "sections.incidents.questions.tasks: a table question has no columns. Add columns",
        ),
        (
            lambda raw: question(raw, 3).update(rubric=question(raw, 2)["rubric"]),
            "sections.incidents.questions.tasks.rubric: a table question cannot be scored. Remove the rubric",
        ),
        (
            lambda raw: raw["sections"][0]["rubrics"][0].update(metric="toil_shares"),
            "sections.incidents.rubrics.toil_shares: there is no metric 'toil_shares'. Use one of:",
        ),
        (
            lambda raw: raw["levels"].pop(),
            "levels: the five levels are not each named once. Name levels 1, 2, 3, 4 and 5.",
        ),
        (
            lambda raw: question(raw, 0).update(guidence="Listen."),
            "sections.incidents.questions.volume.guidence: is not known here. Did you mean 'guidance'?",
        ),
        (lambda raw: raw.update(zzz="red"), "zzz: is not known here. Remove it."),
        (
            lambda raw: question(raw, 3).update(id="Our Tasks"),
            "sections.incidents.questions.Our Tasks.id: 'Our Tasks' is not an id. Use small letters, digits",
        ),
        (
            lambda raw: question(raw, 0).pop("key_question"),
            "sections.incidents.questions.volume.key_question: is missing.",
        ),
        (
            lambda raw: question(raw, 0).update(minutes=-1),
            "sections.incidents.questions.volume.minutes: -1 is below 0.",
        ),
        (
            lambda raw: question(raw, 0).update(core="maybe"),
            "questions.volume.core: 'maybe' is neither true nor false.",
        ),
        (lambda raw: raw["sections"][0].update(weight=0), "sections.incidents.weight: 0 is not above 0."),
        (lambda raw: raw.update(schema=2), "schema: 2 is not one of the allowed values. Use 1."),
        (lambda raw: raw.update(version=1.0), "version: is not text. Put it in quotes."),
        (lambda raw: raw.update(sections="none"), "sections: 'none' is not a list. Write a list."),
        (lambda raw: raw.update(sections=["none"]), "sections.[1]: 'none' is not an object with named fields."),
        (lambda raw: raw["sections"][0].update(questions=[3]), "sections.incidents.questions.[1]: 3 is not an object"),
        (lambda raw: raw["certainty"]["relative"].pop("guess"), "certainty.relative.guess: is missing. Add it."),
    ],
)
def test_a_mistake_is_named_by_ids_with_its_remedy(change: Callable[[dict[str, Any]], object], message: str) -> None:
    (found, *others) = refusal(changed(change))
    assert message in found
    assert others == [], "one mistake, one message"


def test_all_mistakes_come_at_once_whatever_their_kind() -> None:
    text = changed(
        lambda raw: raw.update(tittle="Our guide"),
        lambda raw: raw.pop("title"),
        lambda raw: question(raw, 0).update(type="numbr"),
        lambda raw: question(raw, 1)["rubric"].update(bands=[1, 3, 2, 4, 5]),
        lambda raw: question(raw, 1)["relevant"].update(question="nobody"),
        lambda raw: question(raw, 2).update(id="volume"),
        lambda raw: question(raw, 3)["columns"][1].update(choices=[]),
        lambda raw: raw["sections"][0]["rubrics"][0].update(metric="tiol_share"),
        lambda raw: raw["sections"][0]["rubrics"].append({"metric": "toil_share"}),
    )
    # and a key twice, which a dictionary cannot hold
    found = refusal(text.replace("per: week", "per: week\n    per: month", 1))
    for part in (
        "'per' appears twice",
        "tittle: is not known here. Did you mean 'title'?",
        "title: is missing",
        "'numbr' is not one of",
        "(1, 3, 2, 4, 5)",
        "names no question: 'nobody'",
        "the question id 'volume' is used more than once",
        "a choice column has no choices",
        "there is no metric 'tiol_share'",
        "rubrics.toil_share.source: is missing",
    ):
        assert any(part in line for line in found), part
    assert len(found) == 12  # the second rubric lacks three fields
    assert not any("names no question: 'volume'" in line for line in found), "no mistake is made up from another"


def test_a_wrong_question_is_still_there_for_the_rules_that_name_it() -> None:
    (found,) = refusal(changed(lambda raw: question(raw, 0).update(type="numbr")))
    assert "'numbr'" in found


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every part of a guide."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, part in inside for place in places(part, (*path, key)))][0 if path else 1 :]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 99) | st.floats() | st.sampled_from(["", "volume", "clear", "x y"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "question", "bands", "level", "x"]), inner, max_size=3)
    ),
    max_leaves=5,
)


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(places(GOOD)), ANYTHING), min_size=1, max_size=3))
def test_whatever_stands_where_in_a_guide_it_is_read_or_refused_in_words(
    replacements: list[tuple[tuple[Any, ...], Any]],
) -> None:
    def replace(raw: Any, path: tuple[Any, ...], value: Any) -> None:
        try:
            for step in path[:-1]:
                raw = raw[step]
            raw[path[-1]] = value
        except (KeyError, IndexError, TypeError):
            return  # an earlier replacement took this place away

    text = changed(*[lambda raw, path=path, value=value: replace(raw, path, value) for path, value in replacements])
    with suppress(GuideError):
        parse_guide(text, "ours.yaml")
