"""Who a report is for: what is left out for them is in nothing that leaves the kit."""

from __future__ import annotations

import json
from typing import Any

import pytest

from assessment_kit.audience import AUDIENCES, LEFT_OUT, NAMED, parse_audience, redact, shown_problems
from assessment_kit.document import Answer, Document, check_document, to_json
from assessment_kit.errors import UsageError
from assessment_kit.evaluate import evaluate
from tests.builders import COHERENT, GUIDE, document, not_applicable, said

PEOPLE = {
    "facilitator": "Dana Whitfield, SRE lead",
    "participants": ["Priya Raman", "Night shift", "Release manager", "Lee"],
    "follow-up-owner": "Sam Okafor",
    "quick-wins": [{"what": "Ask Lee about the script", "owner": "Lee"}],
    "action-items": [{"what": "Priya writes the runbook", "owner": "Priya Raman"}, {"what": "nobody's"}],
}


def kept(answers: dict[str, Any], **more: Any) -> Document:
    return redact(document(answers, **more), GUIDE, "leadership")


def test_every_audience_is_known_by_its_name() -> None:
    assert [parse_audience(f" {audience.upper()} ") for audience in AUDIENCES] == list(AUDIENCES)


@pytest.mark.parametrize("word", ["", "everybody", "leaders"])
def test_another_audience_is_refused_with_the_choices(word: str) -> None:
    with pytest.raises(UsageError, match="Use team, sre or leadership"):
        parse_audience(word)


def test_the_team_gets_everything() -> None:
    made = document(PEOPLE)
    assert redact(made, GUIDE, "team") is made


def for_sre(answers: dict[str, Any], **more: Any) -> Document:
    return redact(document(answers, **more), GUIDE, "sre")


def test_sre_gets_the_hand_over_whole_with_notes_reasons_and_words() -> None:
    handoff = {
        "escalation-wait": said("45 min", note="at night nobody answers"),
        "runbooks": not_applicable("the vendor has them"),
        "ownership-transfer": said("process-uneven", note="the token service has no owner"),
        "toil-tasks": [{"task": "restart", "note": "the script is on one laptop"}],
        "escalation-pain": {"chosen": [], "other": ["they ask for pictures"]},
        "agreements": "SRE joins the Monday handover",
        "action-items": [{"what": "name an owner", "owner": "Priya Raman"}],
    }
    assert for_sre(handoff).answers == document(handoff).answers


def test_sre_gets_no_notes_and_words_of_what_is_not_the_hand_over() -> None:
    secret = "the secret quote"
    answers = {
        "incident-volume": said({"amount": 21, "per": "week"}, note=secret),
        "team-size": not_applicable(secret),
        "contributing-factors": {"chosen": ["capacity"], "other": [secret]},
        "firefighting-share": said(55, said=said(60, note=secret)),
    }
    made = for_sre(answers)
    assert secret not in to_json(made)
    assert made.answers["incident-volume"].value == {"amount": 21, "per": "week"}
    assert not check_document(made, GUIDE)


def test_sre_gets_whom_to_call_and_not_who_took_part() -> None:
    more = {"delays": said({"chosen": [], "other": ["Raman waits for Priya", "only Lee knows"]})}
    people = {**PEOPLE, "participants": ["Priya Raman", "Quentin Marlowe", "Night shift"]}
    note = {"tools": said(["restart.sh"], note="Marlowe wrote it, Okafor and Dana Whitfield run it")}
    made = for_sre({**people, **more, **note})
    text = to_json(made)
    assert "Marlowe" not in text and "Quentin" not in text
    for contact in ("Dana Whitfield, SRE lead", "Sam Okafor", "Priya Raman", "only Lee knows", "Okafor and Dana"):
        assert contact in text
    assert made.answers["participants"].value == [LEFT_OUT]


def test_the_guide_marks_the_hand_over() -> None:
    marked = {question.id for question in GUIDE.questions.values() if question.handoff}
    assert {"escalations-sre", "escalation-wait", "escalation-pain", "runbooks", "toil-tasks"} <= marked
    assert {section.id for section in GUIDE.sections if section.handoff} == {
        "engineering",
        "observability",
        "next-steps",
    }


@pytest.mark.parametrize("people", [1, 2])
def test_leadership_learns_nothing_of_the_hours_of_a_group_smaller_than_three(people: int) -> None:
    answers = {**COHERENT, "team-size": people}
    made = kept(answers)
    for question in ("team-size", "hours-per-person", "firefighting-share"):
        assert made.answers[question].value == LEFT_OUT
    found = evaluate(made, GUIDE)
    assert found.warnings == evaluate(document(answers), GUIDE).warnings, "what is left out is no mistake of the team's"
    for metric in ("capacity_hours_per_month", "toil_share", "toil_people", "firefighting_share"):
        assert found.metrics[metric].estimate is None
        assert LEFT_OUT in found.metrics[metric].reason
    assert found.metrics["toil_hours_per_month"].estimate is not None, "tasks are no people"
    assert made == kept(answers) and kept({**answers, "team-size": 3}).answers["team-size"].value == 3


def test_leadership_gets_no_mean_or_share_of_fewer_than_three_cases() -> None:
    few, enough = said("3 days", "measured", n=2, median="3 days", worst="4 days"), said("1h", "measured", n=3)
    made = kept(
        {"time-to-restore": few, "time-to-detect": enough, "p1-p2-volume": said({"amount": 1, "per": "month"}, n=1)}
    )
    assert made.answers["time-to-restore"].value == LEFT_OUT
    assert "days" not in to_json(made)
    assert made.answers["time-to-detect"].value == "1h"
    assert made.answers["p1-p2-volume"].value == {"amount": 1, "per": "month"}, "a count of cases is no group"


@pytest.mark.parametrize("audience", ["sre", "leadership"])
def test_a_message_about_a_wrong_answer_does_not_quote_it(audience: Any) -> None:
    wrong = document(
        {"repeat-share": "ask Dana", "the secret key": 1, "action-items": [{"what": "x", "due": "with Lee"}]}
    )
    problems = check_document(wrong, GUIDE, "payments/2026-11-24.json")
    quoted = " ".join(map(str, problems))
    assert "ask Dana" in quoted and "the secret key" in quoted and "with Lee" in quoted, (
        "or the test would prove nothing"
    )
    shown = [str(problem) for problem in shown_problems(problems, GUIDE, audience)]
    for secret in ("ask Dana", "the secret key", "with Lee"):
        assert secret not in " ".join(shown)
    assert shown[0].startswith("payments/2026-11-24.json: answers.repeat-share: wrong;")
    assert all("assessment-kit check" in line for line in shown)
    assert shown_problems(problems, GUIDE, "team") == problems


@pytest.mark.parametrize("name", ["Dana", "Whitfield", "Priya", "Raman", "Lee", "Okafor"])
def test_leadership_gets_no_names_wherever_they_stand(name: str) -> None:
    notes = {"toil-tasks": said([{"task": f"{name}'s spreadsheet", "note": name}], source=f"log of {name}", note=name)}
    assert name not in to_json(kept({**PEOPLE, **notes}))


@pytest.mark.parametrize("typed", ["priya", "PRIYA", "pRiYa raman", "dana"])
def test_a_name_is_left_out_in_whatever_case_it_was_typed(typed: str) -> None:
    table = {"toil-tasks": said([{"task": f"spreadsheet of {typed}, weekly"}])}
    assert typed not in to_json(kept({**PEOPLE, **table}))


def test_an_everyday_word_that_is_somebodys_name_too_stays_where_it_is_written_small() -> None:
    rows = [{"what": "the job that will restart", "owner": "Will Hope"}, {"what": "ask Will"}, {"what": "so will hope"}]
    found = [row["what"] for row in kept({"action-items": rows}).answers["action-items"].value]
    assert found == ["the job that will restart", f"ask ({LEFT_OUT})", f"so ({LEFT_OUT})"]


def test_a_part_of_a_word_is_no_name() -> None:
    made = kept({**PEOPLE, "failure-domains": ["leeway, fleet"]})
    assert made.answers["failure-domains"].value == ["leeway, fleet"]


def test_a_role_or_a_word_of_the_guide_is_no_name() -> None:
    types = {"failure-domains": ["Release of the night shift", "Incident manager"]}
    assert kept({**PEOPLE, **types}).answers["failure-domains"].value == [
        "Release of the night shift",
        "Incident manager",
    ]


def test_the_teams_own_name_stays() -> None:
    made = kept({"participants": ["Payments"], "failure-domains": ["Payments gateway"]}, team="Payments")
    assert (made.team, made.answers["failure-domains"].value) == ("Payments", ["Payments gateway"])


def test_an_owned_action_stays_owned() -> None:
    rows = kept(PEOPLE).answers["action-items"].value
    assert [row.get("owner") for row in rows] == [NAMED, None]


def test_leadership_gets_no_notes_reasons_or_free_texts() -> None:
    secret = "the secret quote"
    made = kept(
        {
            "failure-patterns": said(secret, note=secret),
            "agreements": secret,
            "repeat-share": said(40, note=secret, said={"status": "answered", "value": 30, "note": secret}),
            "runbooks": not_applicable(secret),
            "toil-tasks": [{"task": "restart", "note": secret}],
            "incident-types": [{"type": "errors", "note": secret}],
        }
    )
    assert secret not in to_json(made)
    assert made.answers["failure-patterns"].value == LEFT_OUT
    assert not check_document(made, GUIDE), "what is left is still a document"


MARK = "the marked words"


def coherent(question_id: str) -> Any:
    """Return the plain value of a coherent answer."""
    answer = COHERENT.get(question_id)
    return answer["value"] if isinstance(answer, dict) and "value" in answer else answer


def every_free_text() -> dict[str, Any]:
    """Return an answer to every question, with marked words wherever the guide lets somebody write freely."""
    answers: dict[str, Any] = {}
    for question in GUIDE.questions.values():
        more = {"source": MARK, "definition": MARK, "note": MARK}
        value = coherent(question.id)
        if question.type == "text":
            value = MARK
        elif question.type == "multi":
            value = {"chosen": [question.choices[0].id], "other": [MARK]}
        elif question.type == "table":
            cells = {c.id: MARK for c in question.columns if (c.type == "text" or c.other) and not c.required}
            value = [{**row, **cells} for row in value or [{}]]
        if value is not None:
            answers[question.id] = said(value, **more, said=said(value, **more))
    return answers


def test_no_free_text_of_the_team_reaches_leadership() -> None:
    made = document(every_free_text())
    assert not check_document(made, GUIDE)
    assert to_json(made).count(MARK) > 150, "or the test would prove nothing"
    assert MARK not in to_json(redact(made, GUIDE, "leadership"))


def test_what_names_the_rows_of_a_table_stays() -> None:
    made = kept(every_free_text())
    names = {"toil-tasks": "task", "repeat-incidents": "what", "blind-spots": "area", "action-items": "what"}
    for question_id, column in names.items():
        rows = made.answers[question_id].value
        assert [row[column] for row in rows] == [row[column] for row in coherent(question_id)]
    assert not check_document(made, GUIDE), "what is left is still a document"


def test_a_choice_of_ones_own_stays_an_answer_without_its_words() -> None:
    made = kept({"delays": {"chosen": [], "other": ["the secret quote"]}})
    assert made.answers["delays"].value == {"chosen": [], "other": [LEFT_OUT]}
    assert not check_document(made, GUIDE)


def test_the_definition_that_an_import_wrote_stays_and_the_teams_own_does_not() -> None:
    file = {"source": "desk.csv (rows, May 2026) and what Ann said", "definition": "From opening to closing."}
    answers = {"time-to-restore": said("1h", "measured", **file), "time-to-detect": said("5m", "estimated", **file)}
    made = kept(answers, imports=[{"source": "desk.csv"}])
    measured, typed = made.answers["time-to-restore"], made.answers["time-to-detect"]
    assert (measured.source, measured.definition) == ("desk.csv", "From opening to closing.")
    assert (typed.source, typed.definition) == (None, LEFT_OUT)


def test_what_a_newer_version_wrote_is_left_out_too() -> None:
    made = document({"repeat-share": 40})
    answer = Answer.model_validate({"status": "answered", "value": 40, "quote": "the secret quote"})
    made = made.model_copy(update={"answers": {"repeat-share": answer}})
    assert "secret" not in to_json(redact(made, GUIDE, "leadership"))


def test_an_imports_account_keeps_its_figures_and_loses_the_names() -> None:
    record = {
        "source": "export of Lee.csv",
        "warnings": ["Ask Dana Whitfield."],
        "decisions": ["By Lee"],
        "incidents": 7,
        "weekly_by_type": [{"week": "2026-11-02", "type": "Calls for Lee", "priority": "P3", "incidents": 2}],
    }
    made = kept(PEOPLE, imports=[record])
    assert made.imports[0].incidents == 7
    text = json.dumps([record_.model_dump(mode="json") for record_ in made.imports])
    assert "Lee" not in text
    assert "Dana" not in text


def test_scores_and_figures_are_those_of_the_full_report() -> None:
    made = document(COHERENT)
    full, shown = evaluate(made, GUIDE), evaluate(redact(made, GUIDE, "leadership"), GUIDE)
    assert shown.overall.score == full.overall.score
    assert {m.id: m.estimate for m in shown.metrics.values()} == {m.id: m.estimate for m in full.metrics.values()}
    assert [finding.id for finding in shown.findings] == [finding.id for finding in full.findings]


def test_the_document_itself_is_not_touched() -> None:
    made = document(PEOPLE)
    before = to_json(made)
    redact(made, GUIDE, "leadership")
    assert to_json(made) == before
