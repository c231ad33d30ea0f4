"""The built-in guide says what docs/guide.md says, word for word, and keeps the promises made to those who use it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assessment_kit.guide import NUMERIC_TYPES, Column, Question, Rubric, Section
from assessment_kit.guide_file import load_guide

ROOT = Path(__file__).parents[1]
TEMPLATE = ROOT / "templates" / "production-support.yaml"
WORDS = ROOT / "docs" / "guide.md"
SHARED = ROOT / ".." / "shared" / "guide.md"

GUIDE = load_guide(TEMPLATE)

#: Section -> "id type" of each question, in order, as everything downstream (metrics, forms, imports) expects it.
CONTRACT = {
    "context": """services tags, team-size number, hours-per-person number, on-call-pattern choice,
        shifts-per-week number, facilitator text, participants tags, period-start date, period-end date""",
    "incidents": """incident-volume rate, p1-p2-volume rate, incident-types table, failure-patterns text,
        failure-domains tags, repeat-share percent, repeat-incidents table, contributing-factors multi,
        time-to-detect duration, time-to-diagnose duration, time-to-restore duration, restored-in-30 percent,
        hands-on-time duration, responders number, delays multi""",
    "toil": """toil-tasks table, tools tags, firefighting-share percent, existing-automation multi,
        automation-maturity choice, automation-ideas tags, escalations-sre rate, handed-over-share percent,
        escalation-time duration, escalation-wait duration, escalation-pain multi, runbooks choice,
        runbook-coverage percent""",
    "engineering": """code-change-share percent, config-change-share percent, architecture-share percent,
        application-share percent, infrastructure-share percent, engineering-involvement rate,
        engineering-restore-time duration, ownership-transfer choice, postmortem-effectiveness choice,
        postmortem-actions-on-time percent, fixes-prioritised choice""",
    "observability": """monitoring-tools tags, monitoring-coverage percent, blind-spots table,
        found-by-monitoring percent, alert-volume rate, actionable-alerts percent, alert-triage-time duration,
        noise-triage choice, upstream-visibility choice, slo-alignment choice""",
    "next-steps": """quick-wins table, action-items table, follow-up-date date, follow-up-owner text,
        agreements text""",
}

#: Table -> its columns; "!" marks the one that a row cannot do without.
COLUMNS = {
    "incident-types": "type choice!, per_month number, note text",
    "repeat-incidents": "what text!, times rate, hands_on duration, cause choice, fix_known choice",
    "toil-tasks": """task text!, times rate, each duration, people number, automatable choice, saves percent,
        effort_hours number, upkeep_hours number, note text""",
    "blind-spots": "area text!, unseen text, effect choice, hours_lost number",
    "quick-wins": "what text!, why text, effort_hours number, owner text",
    "action-items": "what text!, why text, owner text, due date, status choice",
}

#: Ids of choices that the kit computes with.
CHOICES = {
    "on-call-pattern": "business-hours extended-hours around-the-clock none",
    "repeat-incidents.fix_known": "yes partly no",
    "toil-tasks.automatable": "yes partly no unsure",
    "blind-spots.effect": "high medium low",
    "action-items.status": "open in-progress done dropped",
}

SCORED = {
    "incidents": "restored-in-30 repeat_share incidents_per_shift",
    "toil": "automation-maturity runbooks runbook-coverage toil_share firefighting_share escalation_share",
    "engineering": "ownership-transfer postmortem-effectiveness postmortem-actions-on-time fixes-prioritised",
    "observability": """monitoring-coverage found-by-monitoring noise-triage upstream-visibility slo-alignment
        alert_actionable_share""",
}

#: Scored metric -> the questions it is made of (so that none of them is scored a second time).
MADE_OF = {
    "incidents_per_shift": {"incident-volume", "shifts-per-week"},
    "repeat_share": {"repeat-share"},
    "toil_share": {"toil-tasks", "team-size", "hours-per-person"},
    "firefighting_share": {"firefighting-share"},
    "escalation_share": {"escalations-sre", "incident-volume"},
    "alert_actionable_share": {"actionable-alerts"},
}

#: No published yardstick and no right answer: shown, never scored.
SHOWN_ONLY = {
    "p1-p2-volume",
    "time-to-detect",
    "time-to-diagnose",
    "time-to-restore",
    "code-change-share",
    "config-change-share",
    "architecture-share",
    "application-share",
    "infrastructure-share",
}


# ----------------------------------------------------------------------------------------------- reading the words


def _plain(text: str) -> str:
    """Return text without Markdown bold and with single spaces."""
    return re.sub(r"\s+", " ", text.replace("**", "")).strip()


def _bullets(chapter: int, heading: str = "") -> list[str]:
    """Return the bullets of a numbered chapter of the guide, or of one heading in it, nested ones included."""
    chapters = re.split(r"^## ", WORDS.read_text(encoding="utf-8"), flags=re.MULTILINE)
    text = next(part for part in chapters if part.startswith(f"**{chapter}."))
    if heading:
        parts = re.split(r"^### ", text, flags=re.MULTILINE)
        text = next(part for part in parts if _plain(part).startswith(heading))
    return [_plain(bullet) for bullet in re.findall(r"^\s*- (.+)$", text, flags=re.MULTILINE)]


def _section(section_id: str) -> Section:
    return next(section for section in GUIDE.sections if section.id == section_id)


def _rubrics() -> list[tuple[str, Rubric]]:
    return [
        *((question.id, question.rubric) for question in GUIDE.questions.values() if question.rubric),
        *((rubric.metric, rubric) for section in GUIDE.sections for rubric in section.rubrics),
    ]


ASKED = [
    *((number, bullet) for number in (2, 3, 4, 5) for bullet in _bullets(number, "Key Questions")),
    *((6, bullet) for bullet in _bullets(6)),
]
CHAPTERS = {2: "incidents", 3: "toil", 4: "engineering", 5: "observability", 6: "next-steps"}
QUESTIONS = [pytest.param(question, id=question.id) for question in GUIDE.questions.values()]
RUBRICS = [pytest.param(rubric, id=name) for name, rubric in _rubrics()]
SCORED_CHOICES = [
    pytest.param(question, id=question.id)
    for question in GUIDE.questions.values()
    if question.rubric and question.type == "choice"
]


# ----------------------------------------------------------------------------------------------------- the words


def test_the_copy_of_the_guide_is_exact() -> None:
    if not SHARED.exists():
        pytest.skip("the original guide is not beside this checkout")
    assert WORDS.read_bytes() == SHARED.read_bytes()


def test_the_guide_asks_as_many_questions_as_expected() -> None:
    # Guards the tests below: a parser that finds nothing would pass them all.
    assert [sum(1 for number, _ in ASKED if number == chapter) for chapter in CHAPTERS] == [8, 9, 6, 6, 7]


@pytest.mark.parametrize("chapter, words", ASKED)
def test_every_question_of_the_guide_is_asked_word_for_word(chapter: int, words: str) -> None:
    asked = [_plain(question.key_question) for question in _section(CHAPTERS[chapter]).questions]
    assert any(words in key_question for key_question in asked)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_section_asks_in_the_guides_order(chapter: int) -> None:
    asked = [_plain(question.key_question) for question in _section(CHAPTERS[chapter]).questions]
    first = [next(i for i, text in enumerate(asked) if words in text) for number, words in ASKED if number == chapter]
    assert first == sorted(first)


@pytest.mark.parametrize("chapter", [2, 3, 4, 5])
def test_every_actionable_insight_is_there_word_for_word(chapter: int) -> None:
    assert list(_section(CHAPTERS[chapter]).insights) == _bullets(chapter, "Actionable Insights")


def test_the_introduction_and_the_closing_are_there_word_for_word() -> None:
    words = _plain(WORDS.read_text(encoding="utf-8"))
    assert list(GUIDE.objectives) == _bullets(1, "Objectives")
    assert f"### Purpose {_section('context').purpose} ###" in words
    assert f"### Collaboration Reminder {GUIDE.reminder} ---" in words
    assert f"### Definition of Toil {_section('toil').definition} ###" in words
    assert f"### Reiterate the Goal {GUIDE.closing} ---" in words


def test_sections_stand_in_the_guides_order_under_its_titles() -> None:
    titles = re.findall(r"^## \*\*\d\. (.+)\*\*", WORDS.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert [section.title for section in GUIDE.sections] == titles
    assert [section.id for section in GUIDE.sections] == list(CONTRACT)


@pytest.mark.parametrize(
    "question_id, column_id",
    [("incident-types", "type"), ("contributing-factors", ""), ("delays", ""), ("existing-automation", "")],
)
def test_the_guides_examples_can_be_chosen_and_others_written(question_id: str, column_id: str) -> None:
    question = GUIDE.questions[question_id]
    asked = next(column for column in question.columns if column.id == column_id) if column_id else question
    example = re.search(r"(?:e\.g\.,|For example:) ([^.)]+)", question.key_question)
    assert example is not None
    labels = [choice.label.lower() for choice in asked.choices]
    assert labels[: example[1].count(",") + 1] == example[1].lower().split(", ")
    assert asked.other


# --------------------------------------------------------------------------------------------------- the questions


@pytest.mark.parametrize("section_id", CONTRACT)
def test_ids_and_types_are_those_that_everything_else_relies_on(section_id: str) -> None:
    expected = CONTRACT[section_id].replace("\n", " ").split(",")
    assert [f"{question.id} {question.type}" for question in _section(section_id).questions] == [
        " ".join(item.split()) for item in expected
    ]


def test_columns_and_choices_are_those_that_everything_else_relies_on() -> None:
    tables = {question.id: question.columns for question in GUIDE.questions.values() if question.columns}
    assert tables.keys() == COLUMNS.keys()
    for name, columns in tables.items():
        found = [f"{column.id} {column.type}{'!' if column.required else ''}" for column in columns]
        assert found == [" ".join(item.split()) for item in COLUMNS[name].split(",")]
    for name, ids in CHOICES.items():
        question_id, _, column_id = name.partition(".")
        asked = next((c for c in tables.get(question_id, ()) if c.id == column_id), GUIDE.questions[question_id])
        assert [choice.id for choice in asked.choices] == ids.split()


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_helps_the_team_and_the_facilitator(question: Question) -> None:
    assert question.text.endswith(("?", ".")), "it reads as a sentence"
    assert question.hint, "the team sees how to answer"
    assert question.guidance, "the facilitator knows what to listen for"
    assert question.topic
    assert question.minutes > 0


@pytest.mark.parametrize("question", QUESTIONS)
def test_numbers_have_a_unit_and_cannot_be_negative(question: Question) -> None:
    inputs: list[Question | Column] = [question, *question.columns]
    for asked in inputs:
        if asked.type in NUMERIC_TYPES:
            assert asked.unit, asked.id
            assert asked.constraint.min is not None, asked.id
            assert asked.constraint.min >= 0, asked.id
        if asked.type == "percent":
            assert (asked.constraint.min, asked.constraint.max) == (0, 100), asked.id
        if asked.type == "rate":
            assert asked.per, asked.id


def test_a_team_has_at_least_one_whole_person() -> None:
    constraint = GUIDE.questions["team-size"].constraint
    assert (constraint.min, constraint.integer) == (1, True)


def test_the_agenda_fits_its_90_and_its_30_minutes() -> None:
    assert 75 <= sum(question.minutes for question in GUIDE.questions.values()) <= 90
    assert 25 <= sum(question.minutes for question in GUIDE.questions.values() if question.core) <= 30


# --------------------------------------------------------------------------------------------------- what is scored


def test_exactly_the_agreed_questions_and_metrics_are_scored() -> None:
    for section in GUIDE.sections:
        scored = [question.id for question in section.questions if question.rubric]
        scored += [rubric.metric for rubric in section.rubrics]
        assert sorted(scored) == sorted(SCORED.get(section.id, "").split())


def test_what_has_no_yardstick_is_shown_and_not_scored() -> None:
    assert set(GUIDE.questions) >= SHOWN_ONLY
    assert not [name for name in SHOWN_ONLY if GUIDE.questions[name].rubric]
    assert "p1_p2_share" not in dict(_rubrics())


def test_nothing_is_scored_twice() -> None:
    for section in GUIDE.sections:
        for rubric in section.rubrics:
            assert not [name for name in MADE_OF[rubric.metric] if GUIDE.questions[name].rubric]


@pytest.mark.parametrize("question", SCORED_CHOICES)
def test_a_scored_choice_has_five_written_anchors_from_level_1_to_5(question: Question) -> None:
    assert [choice.level for choice in question.choices] == [1, 2, 3, 4, 5]
    anchors = [choice.anchor for choice in question.choices]
    assert all(len(anchor.split()) >= 8 and anchor.endswith(".") for anchor in anchors)
    assert len(set(anchors)) == 5


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_choice_that_is_not_scored_carries_no_level(question: Question) -> None:
    unscored = () if question.rubric else question.choices
    assert not [
        choice.id
        for choice in (*unscored, *(choice for column in question.columns for choice in column.choices))
        if choice.level is not None
    ]


@pytest.mark.parametrize("rubric", RUBRICS)
def test_every_rubric_says_where_it_comes_from_and_what_helps(rubric: Rubric) -> None:
    assert len(rubric.source.text.split()) >= 10
    if rubric.source.kind == "convention":
        assert "onvention of this kit" in rubric.source.text
    if rubric.source.url:
        assert rubric.source.url.startswith("https://")
    assert not re.search(r"\d", rubric.finding.replace("P1/P2", "")), "figures are added when they are known"
    assert not rubric.finding.endswith("."), "it is a title"
    assert rubric.remedy.endswith(".")
    assert len(rubric.remedy.split()) >= 20
    assert len(re.findall(r"[.;](?:\s|$)", rubric.remedy)) <= 4, "a remedy is read in one breath"


@pytest.mark.parametrize(
    "name, kind, level, value",
    [
        ("toil_share", "published", 3, 50),
        ("toil_share", "published", 4, 33),
        ("firefighting_share", "published", 3, 50),
        ("incidents_per_shift", "published", 3, 2),
        ("alert_actionable_share", "published", 2, 50),
        ("alert_actionable_share", "published", 4, 90),
        ("escalation_share", "published", 3, 34),
        ("restored-in-30", "company", 4, 80),
        ("found-by-monitoring", "company", 4, 80),
        ("postmortem-actions-on-time", "company", 4, 80),
        ("repeat_share", "convention", 3, 25),
        ("runbook-coverage", "convention", 4, 75),
        ("monitoring-coverage", "convention", 4, 85),
    ],
)
def test_the_figures_of_a_source_stand_at_their_level(name: str, kind: str, level: int, value: float) -> None:
    rubric = dict(_rubrics())[name]
    assert rubric.source.kind == kind
    assert rubric.bands is not None
    assert rubric.bands[level - 1] == value


def test_the_five_levels_are_named_and_explained() -> None:
    assert [entry.level for entry in GUIDE.levels] == [1, 2, 3, 4, 5]
    assert all(entry.meaning.endswith(".") for entry in GUIDE.levels)


# ------------------------------------------------------------------------------------------------- the short path


@pytest.mark.parametrize("section_id", SCORED)
def test_the_short_path_still_gives_every_section_a_score(section_id: str) -> None:
    core = {question.id for question in GUIDE.questions.values() if question.core}
    rubrics = dict(_rubrics())
    weights = {name: rubrics[name].weight for name in SCORED[section_id].split()}
    answered = sum(weight for name, weight in weights.items() if MADE_OF.get(name, {name}) <= core)
    assert answered / sum(weights.values()) > 0.5, "below half coverage a section has no score"


def test_a_scored_question_is_never_hidden() -> None:
    needed = set().union(*MADE_OF.values()) | {name for name, _ in _rubrics() if name in GUIDE.questions}
    assert not [name for name in needed if GUIDE.questions[name].relevant]


def test_the_file_is_easy_to_edit() -> None:
    lines = TEMPLATE.read_text(encoding="utf-8").splitlines()
    assert not [number for number, line in enumerate(lines, 1) if len(line) > 120 or "\t" in line]
