"""The example teams are sound, credible and different: what the demonstration, the README and other tests rely on."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from assessment_kit.cli import main
from assessment_kit.document import Document, check_document, parse_document, to_json
from assessment_kit.evaluate import evaluate
from assessment_kit.guide_file import load_guide
from assessment_kit.metrics import PARTS
from assessment_kit.results import Evaluation
from assessment_kit.slugs import slug

ROOT = Path(__file__).parents[1]
WORKSPACE = ROOT / "examples" / "workspace"
README = ROOT / "examples" / "README.md"
GUIDE = load_guide()

TEXTS = {
    str(path.relative_to(WORKSPACE).with_suffix("").as_posix()): path.read_bytes().decode("utf-8")
    for path in sorted(WORKSPACE.rglob("*.json"))
}
DOCUMENTS: dict[str, Document] = {name: parse_document(text, name) for name, text in TEXTS.items()}
EVALUATIONS: dict[str, Evaluation] = {name: evaluate(document, GUIDE) for name, document in DOCUMENTS.items()}

NEARLY_EMPTY = "insurance-claims/2026-11-18"
FULL = sorted(set(DOCUMENTS) - {NEARLY_EMPTY})
#: The intended ones; every document that is not named here has none.
CONTRADICTIONS = {
    "retail-stores/2026-11-03": {
        "detect-exceeds-restore",
        "fixes-prioritised-yet-repeats",
        "coverage-yet-blind-spots",
    },
}

every_document = pytest.mark.parametrize("name", sorted(DOCUMENTS))
every_full_document = pytest.mark.parametrize("name", FULL)


def dates_by_team() -> dict[str, list[str]]:
    """Return the dates of assessment by team folder, in order."""
    found: dict[str, list[str]] = {}
    for name in sorted(DOCUMENTS):
        team, day = name.split("/")
        found.setdefault(team, []).append(day)
    return found


LATEST = [f"{team}/{days[-1]}" for team, days in dates_by_team().items()]


def rows(name: str, question: str) -> list[dict[str, object]]:
    """Return the rows of a table answer, none when it is missing."""
    answer = DOCUMENTS[name].answer(question)
    return answer.value if answer is not None and isinstance(answer.value, list) else []


def likely(name: str, metric: str) -> float:
    """Return the likely value of a metric that must be there."""
    estimate = EVALUATIONS[name].metrics[metric].estimate
    assert estimate is not None, f"{name}: {metric}"
    return estimate.value


def section_score(name: str, section: str) -> float:
    """Return the score of a section that must have one."""
    score = next(score.score for score in EVALUATIONS[name].sections if score.id == section)
    assert score is not None, f"{name}: {section}"
    return score


# ------------------------------------------------------------------------------------------------------- the documents


@every_document
def test_a_document_has_no_problems_under_the_built_in_guide(name: str) -> None:
    assert check_document(DOCUMENTS[name], GUIDE, name) == []
    assert DOCUMENTS[name].guide.version == GUIDE.version


@every_document
def test_a_document_is_stored_exactly_as_the_kit_writes_it(name: str) -> None:
    assert to_json(DOCUMENTS[name], order=GUIDE.questions) == TEXTS[name]


@every_document
def test_a_document_lies_where_the_workspace_looks_for_it(name: str) -> None:
    document = DOCUMENTS[name]
    assert name == f"{slug(document.team)}/{document.date}"


@every_document
def test_evaluation_warns_of_nothing(name: str) -> None:
    assert EVALUATIONS[name].warnings == ()


@every_document
def test_only_the_intended_contradictions_fire(name: str) -> None:
    assert {item.id for item in EVALUATIONS[name].contradictions} == CONTRADICTIONS.get(name, set())


@every_document
def test_open_action_items_are_due_after_the_assessment_and_all_dates_are_of_one_year(name: str) -> None:
    document = DOCUMENTS[name]
    for action in EVALUATIONS[name].actions:
        if action.due is not None and action.status in ("open", "in-progress"):
            assert action.due > document.day, action.what
    assert set(re.findall(r'"(\d{4})-\d\d-\d\d"', TEXTS[name])) == {"2026"}


# --------------------------------------------------------------------------------------------------- the set of teams


def test_there_are_at_least_six_teams_and_two_of_them_have_a_history() -> None:
    dates = dates_by_team()
    assert len(dates) >= 6
    assert sorted(team for team, days in dates.items() if len(days) > 1) == ["identity-access", "payments"]


def test_one_team_is_nearly_empty_and_gets_no_score() -> None:
    assert len(DOCUMENTS[NEARLY_EMPTY].answers) <= 6
    evaluation = EVALUATIONS[NEARLY_EMPTY]
    assert [score.score for score in (*evaluation.sections, evaluation.overall)] == [None] * 5
    assert all("Not enough answers" in score.reason for score in evaluation.sections)


@pytest.mark.parametrize(
    "question, at_least",
    [
        ("incident-types", 4),
        ("repeat-incidents", 2),
        ("toil-tasks", 5),
        ("blind-spots", 2),
        ("quick-wins", 2),
        ("action-items", 3),
    ],
)
def test_every_table_has_enough_rows_for_its_chart_in_at_least_four_teams(question: str, at_least: int) -> None:
    assert sum(len(rows(name, question)) >= at_least for name in LATEST) >= 4


@pytest.mark.parametrize("metric", ["time_to_detect", "time_to_restore", "engineering_time_to_restore"])
def test_median_and_worst_stand_beside_the_mean_in_at_least_four_teams(metric: str) -> None:
    found = [EVALUATIONS[name].metrics[metric] for name in LATEST]
    assert sum(entry.median is not None and entry.worst is not None for entry in found) >= 4


def test_toil_tasks_have_effort_upkeep_and_savings_for_the_payback_map() -> None:
    with_payback = [sum(task.payback_months is not None for task in EVALUATIONS[name].toil_tasks) for name in LATEST]
    assert sum(count >= 5 for count in with_payback) >= 4


def test_every_status_and_basis_is_shown_somewhere() -> None:
    answers = [answer for document in DOCUMENTS.values() for answer in document.answers.values()]
    assert {answer.status for answer in answers} == {"answered", "unknown", "not_applicable", "declined"}
    assert {answer.basis for answer in answers} >= {"measured", "estimated", "guess"}
    assert any(answer.said is not None for answer in answers), "something said beside something measured"
    assert any(answer.follow_up for answer in answers)


def test_texts_that_look_hostile_are_among_them_because_people_write_them() -> None:
    text = TEXTS["legacy-billing/2026-10-20"]
    for piece in ("a < b & c", "$HOME", '\\"$RC <> 0\\"', "Jürgen O'Neill", "Łukasiewicz", "🧾", "=A1+B1", "\\\\tools"):
        assert piece in text, piece


# ---------------------------------------------------------------------------------------------------------- credible


@every_full_document
def test_the_work_named_fits_into_the_team(name: str) -> None:
    parts = [EVALUATIONS[name].metrics[part].estimate for part in PARTS]
    taken = sum(part.value for part in parts if part is not None)
    assert 0.2 * likely(name, "capacity_hours_per_month") < taken < 0.75 * likely(name, "capacity_hours_per_month")
    assert 15 <= likely(name, "toil_share") <= 55


@every_full_document
def test_scores_stay_clear_of_both_ends(name: str) -> None:
    evaluation = EVALUATIONS[name]
    scores = [score.score for score in (*evaluation.sections, evaluation.overall) if score.score is not None]
    assert len(scores) >= 4
    assert all(1.5 <= score <= 4.5 for score in scores)


def test_each_team_is_weakest_or_strongest_in_something_of_its_own() -> None:
    assert likely("data-platform/2026-10-06", "toil_share") > 50
    assert section_score("data-platform/2026-10-06", "engineering") > 4
    assert likely("retail-stores/2026-11-03", "alert_actionable_share") < 15
    assert len(rows("retail-stores/2026-11-03", "blind-spots")) == 7
    assert likely("legacy-billing/2026-10-20", "escalation_share") > 60
    assert section_score("mobile-backend/2026-09-22", "engineering") > 4
    assert [finding.id for finding in EVALUATIONS["mobile-backend/2026-09-22"].findings].count("not-known") == 1


# ------------------------------------------------------------------------------------------------------- the histories


def test_payments_got_better_and_says_what_became_of_its_promises() -> None:
    may, november = "payments/2026-05-12", "payments/2026-11-10"
    for section in ("incidents", "toil", "engineering", "observability"):
        assert section_score(november, section) > section_score(may, section)
    promised = {action.what for action in EVALUATIONS[may].actions}
    became = {action.what: action.status for action in EVALUATIONS[november].actions if action.what in promised}
    assert set(became) == promised
    assert sorted(became.values()) == ["done", "done", "dropped", "in-progress", "in-progress"]


def test_identity_access_got_worse_in_engineering_while_more_was_answered() -> None:
    first, second = "identity-access/2026-05-19", "identity-access/2026-11-17"
    may, november = EVALUATIONS[first], EVALUATIONS[second]
    assert section_score(first, "engineering") > 3.5
    assert section_score(second, "engineering") < 2
    assert (may.overall.coverage or 0) < 0.8 < (november.overall.coverage or 0)
    observability = next(score for score in may.sections if score.id == "observability")
    assert observability.score is None, "too few answers in May"


# -------------------------------------------------------------------------------------------------------------- README


def test_the_page_about_the_examples_names_every_team() -> None:
    named = set(re.findall(r"^\| ([A-Z][a-z ]+) \|", README.read_text(encoding="utf-8"), re.MULTILINE))
    assert named == {document.team for document in DOCUMENTS.values()}


def test_the_commands_of_that_page_work(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    commands = re.findall(r"^assessment-kit .*$", README.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(commands) == 3
    for command in commands:
        assert main(shlex.split(command)[1:]) == 0, command
        assert any(capsys.readouterr()), command
