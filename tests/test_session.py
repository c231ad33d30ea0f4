"""A conversation's document: every answer is on the disk at once, and what others save meanwhile is never lost."""

from __future__ import annotations

import gc
import json
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from assessment_kit.entries import entries, merge, part_of, with_entries, with_session
from assessment_kit.errors import StorageError
from assessment_kit.evaluate import evaluate
from assessment_kit.interview.agenda import LENGTHS, plan_for
from assessment_kit.interview.previous import previous_answers
from assessment_kit.interview.proposals import ask_next, insight, proposals
from assessment_kit.interview.session import LONGEST_SILENCE, Session
from assessment_kit.readings import Answers
from assessment_kit.workspace import Workspace, read_document
from tests.builders import DAY, GUIDE, document, not_applicable, per, said, unknown


class Clock:
    """A time of day that a test sets."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 14, 2, 11)

    def __call__(self) -> datetime:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "assessments")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def session(workspace: Workspace, clock: Clock) -> Session:
    return Session(workspace, GUIDE, workspace.create("Payments", DAY, GUIDE), clock)


def second(session: Session) -> Session:
    """Return another conversation about the same document, as a second person has it."""
    return Session(session.workspace, GUIDE, session.workspace.open(session.path), Clock())


def on_disk(session: Session) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(session.path.read_text(encoding="utf-8"))
    return found


def commit(session: Session, section: str, answers: dict[str, Any]) -> None:
    """Send what differs from what is shown, as a page does that knows everything."""
    was = session.answers(section)
    changed = {name: answers.get(name) for name in {**was, **answers} if answers.get(name) != was.get(name)}
    session.commit(section, changed, was)


# ----------------------------------------------------------------------------------------------------------- at once


def test_an_answer_is_on_the_disk_when_the_commit_returns(session: Session) -> None:
    commit(session, "incidents", {"incident-volume": said(per(21, "week"), low=15, high=30)})
    assert on_disk(session)["answers"]["incident-volume"] == {
        "status": "answered", "value": {"amount": 21, "per": "week"}, "low": 15, "high": 30, "basis": "estimated",
    }  # fmt: skip
    assert session.saved.to_json() == {"state": "saved", "at": "14:02:11", "message": ""}


def test_after_a_crash_at_any_moment_every_committed_answer_is_there(session: Session) -> None:
    typed: dict[str, Any] = {}
    for number, question in enumerate(["incident-volume", "repeat-share", "failure-patterns", "responders"]):
        typed[question] = said(per(number, "week") if question == "incident-volume" else number, "measured")
        commit(session, "incidents", typed)
        # What a new kernel reads, with nothing of this one left.
        assert second(session).answers("incidents") == typed


@pytest.mark.parametrize(
    "entry",
    [
        {"status": "answered", "value": "about twenty"},
        {"status": "answered", "value": {"amount": "many", "per": "week"}},
        {"status": "answered", "value": {"amount": -4, "per": "week"}, "low": "x"},
        {"note": "ask the night shift"},
        {"follow_up": True},
        {"status": "answered", "value": {"amount": 2, "per": "week"}, "n": "forty"},
        {"status": "not_applicable"},
        {"status": "answered", "value": {"amount": 2, "per": "week"}, "key of a newer kit": [1, {"a": None}]},
        {"status": "answered", "value": {"amount": 2, "per": "week"}, "note": "<script>$x$ 🙂 אבג" + "y" * 100_000},
    ],
)
def test_nothing_typed_is_lost_whatever_it_is(session: Session, entry: dict[str, Any]) -> None:
    commit(session, "incidents", {"incident-volume": entry})
    assert session.saved.state == "saved"
    assert second(session).answers("incidents") == {"incident-volume": entry}
    evaluate(read_document(session.path), GUIDE)


def test_a_note_without_an_answer_leaves_the_question_unanswered(session: Session) -> None:
    commit(session, "incidents", {"repeat-share": {"note": "ask the night shift", "follow_up": True}})
    assert "repeat-share" not in read_document(session.path).answers
    assert session.flagged() == ["repeat-share"]
    commit(session, "incidents", {"repeat-share": {"note": "ask the night shift", **said(40)}})
    assert read_document(session.path).answers["repeat-share"].value == 40
    assert "session" not in on_disk(session)


def test_an_import_into_a_question_with_a_note_shows_both(session: Session) -> None:
    commit(session, "incidents", {"repeat-share": {"note": "ask the night shift"}})
    other = read_document(session.path)
    opened = session.workspace.open(session.path)
    imported = document({**other.model_dump(mode="json")["answers"], "repeat-share": said(40, "measured")})
    session.workspace.save(opened, with_session(imported, drafts=part_of(other, "drafts")), GUIDE)
    session.refresh()
    assert session.answers("incidents")["repeat-share"] == {"note": "ask the night shift", **said(40, "measured")}


def test_half_a_character_cannot_stop_the_saving(session: Session) -> None:
    commit(session, "incidents", {"failure-patterns": {"status": "answered", "value": "cut \ud83d"}})
    assert session.saved.state == "saved"
    assert session.answers("incidents")["failure-patterns"]["value"] == "cut \ufffd"


def test_blanking_an_answer_removes_it(session: Session) -> None:
    commit(session, "incidents", {"repeat-share": said(40)})
    commit(session, "incidents", {})
    assert on_disk(session)["answers"] == {}


def test_keys_of_a_newer_kit_survive_an_edit(workspace: Workspace, clock: Clock) -> None:
    opened = workspace.add(document({"repeat-share": 10}, of_the_future={"a": None}), GUIDE)
    session = Session(workspace, GUIDE, opened, clock)
    commit(session, "incidents", {"repeat-share": said(40)})
    assert on_disk(session)["of_the_future"] == {"a": None}


# ------------------------------------------------------------------------------------------------------------- merging

A, B, C = said("a"), said("b"), said("c")


@pytest.mark.parametrize("base, mine, theirs", list(product([None, A], [None, A, B], [None, A, B, C])))
def test_the_merge_of_one_question(base: Any, mine: Any, theirs: Any) -> None:
    def version(entry: Any) -> Any:
        return with_entries(document({}), {"agreements": entry})

    merged = merge(version(base), version(mine), version(theirs))
    found = entries(merged.document).get("agreements")
    if mine == base:
        assert found == theirs and not merged.collisions
    elif theirs in (base, mine):
        assert found == mine and not merged.collisions
    else:  # both are kept until somebody chooses
        assert merged.collisions == ("agreements",) and found == theirs
        assert part_of(merged.document, "collisions")["agreements"]["other"] == mine
    assert merged.taken == (("agreements",) if mine == base and theirs != base else ())


def test_answers_that_do_not_collide_are_merged_and_said(session: Session) -> None:
    other = second(session)
    commit(other, "incidents", {"repeat-share": said(40)})
    commit(session, "incidents", {"failure-patterns": said("Mondays")})
    assert set(on_disk(session)["answers"]) == {"repeat-share", "failure-patterns"}
    assert session.answers("incidents")["repeat-share"] == said(40)
    assert "Of 100 incidents" in session.saved.message
    assert list(session.path.parent.glob("*.conflict-*")) == []


def test_a_collision_keeps_both_answers_on_the_disk_until_one_is_chosen(session: Session) -> None:
    other = second(session)
    commit(other, "incidents", {"repeat-share": said(40)})
    commit(session, "incidents", {"repeat-share": said(60)})
    assert session.saved.state == "conflict"
    assert session.answers("incidents")["repeat-share"] == said(60)  # what was typed here does not vanish
    assert session.collisions("incidents") == {"repeat-share": {"mine": said(60), "theirs": said(40)}}
    # Somebody else, and a kernel that starts anew, see both too.
    assert second(session).collisions("incidents") == {"repeat-share": {"mine": said(40), "theirs": said(60)}}
    commit(session, "incidents", {"repeat-share": said(60), "failure-patterns": said("Mondays")})
    assert session.collisions("incidents")["repeat-share"]["theirs"] == said(40)


@pytest.mark.parametrize("choice, left", [("mine", said(60)), ("theirs", said(40))])
def test_choosing_ends_a_collision(session: Session, choice: str, left: Any) -> None:
    commit(second(session), "incidents", {"repeat-share": said(40)})
    commit(session, "incidents", {"repeat-share": said(60)})
    commit(session, "incidents", {"repeat-share": left})  # the form sends the chosen answer first
    session.resolve("repeat-share", choice)
    assert session.collisions("incidents") == {}
    assert session.saved.state == "saved"
    assert on_disk(session)["answers"]["repeat-share"] == left and "session" not in on_disk(session)


def test_the_other_one_sees_the_choice(session: Session) -> None:
    other = second(session)
    commit(other, "incidents", {"repeat-share": said(40)})
    commit(session, "incidents", {"repeat-share": said(60)})
    assert other.refresh() and other.collisions("incidents")
    session.resolve("repeat-share", "mine")
    assert other.refresh()
    assert other.collisions("incidents") == {} and other.answers("incidents")["repeat-share"] == said(60)


def test_typing_on_during_a_collision_changes_ones_own_side(session: Session) -> None:
    commit(second(session), "incidents", {"repeat-share": said(40)})
    commit(session, "incidents", {"repeat-share": said(60)})
    commit(session, "incidents", {"repeat-share": said(65)})
    assert session.collisions("incidents") == {"repeat-share": {"mine": said(65), "theirs": said(40)}}


def test_a_page_that_does_not_know_yet_cannot_undo_what_came_from_elsewhere(session: Session) -> None:
    commit(second(session), "incidents", {"repeat-share": said(40)})
    session.refresh()
    # This was on its way before the page heard of the 40.
    session.commit("incidents", {"failure-patterns": said("Mondays")})
    assert on_disk(session)["answers"]["repeat-share"] == said(40)
    # Later somebody takes it out, having seen it.
    session.commit("incidents", {"repeat-share": None}, {"repeat-share": said(40)})
    assert "repeat-share" not in on_disk(session)["answers"]


def test_what_was_typed_while_another_answer_was_on_its_way_is_a_collision(session: Session) -> None:
    commit(second(session), "incidents", {"repeat-share": said(40)})
    session.refresh()
    session.commit("incidents", {"repeat-share": said(60)})  # the page had not shown the 40 yet
    assert session.collisions("incidents") == {"repeat-share": {"mine": said(60), "theirs": said(40)}}
    assert on_disk(session)["answers"]["repeat-share"] == said(40)
    assert on_disk(session)["session"]["collisions"] == {"repeat-share": {"other": said(60)}}
    assert session.saved.state == "conflict" and "please choose" in session.saved.message


def test_two_tabs_of_one_notebook_that_answer_at_once_lose_nothing(session: Session) -> None:
    session.commit("incidents", {"repeat-share": said(40)})
    session.commit("incidents", {"failure-patterns": said("Mondays")})
    assert session.answers("incidents") == {"repeat-share": said(40), "failure-patterns": said("Mondays")}
    # The same question in both: none has seen the other's.
    session.commit("incidents", {"repeat-share": said(60)})
    assert session.collisions("incidents") == {"repeat-share": {"mine": said(60), "theirs": said(40)}}
    # The first goes on typing before it hears of the second's.
    session.commit("incidents", {"repeat-share": said(45)}, {"repeat-share": said(40)})
    assert session.collisions("incidents") == {"repeat-share": {"mine": said(60), "theirs": said(45)}}
    session.commit("incidents", {"repeat-share": said(61)}, {"repeat-share": said(60)})
    assert session.collisions("incidents") == {"repeat-share": {"mine": said(61), "theirs": said(45)}}
    assert second(session).collisions("incidents") == {"repeat-share": {"mine": said(45), "theirs": said(61)}}


def test_the_same_answer_in_two_tabs_is_no_collision(session: Session) -> None:
    session.commit("incidents", {"repeat-share": said(40)})
    session.commit("incidents", {"repeat-share": said(40)})
    assert session.collisions("incidents") == {} and session.saved.state == "saved"


# ----------------------------------------------------------------------------------------------------- what goes wrong


def test_a_document_that_became_unreadable_keeps_the_answers_and_can_be_saved_elsewhere(session: Session) -> None:
    commit(session, "incidents", {"repeat-share": said(40)})
    session.path.write_text("{ not JSON", encoding="utf-8")
    commit(session, "incidents", {"repeat-share": said(40), "failure-patterns": said("Mondays")})
    assert session.saved.state == "failed" and session.unsaved
    assert "another name" in session.saved.message
    assert session.answers("incidents") == {"repeat-share": said(40), "failure-patterns": said("Mondays")}
    rescued = session.path.with_name("2026-11-24-rescued.json")
    session.save_under(rescued)
    commit(session, "incidents", {"repeat-share": said(50), "failure-patterns": said("Mondays")})
    assert read_document(rescued).answers["repeat-share"].value == 50
    assert session.path == rescued and session.saved.state == "saved"


def test_a_document_that_is_write_protected_is_tried_again_with_the_next_answer(session: Session) -> None:
    session.path.chmod(0o444)
    commit(session, "incidents", {"repeat-share": said(40)})
    assert session.saved.state == "failed" and "write-protected" in session.saved.message.lower()
    session.path.chmod(0o644)
    commit(session, "incidents", {"repeat-share": said(40), "failure-patterns": said("Mondays")})
    assert session.saved.state == "saved"
    assert set(on_disk(session)["answers"]) == {"repeat-share", "failure-patterns"}


def test_a_failure_that_is_over_is_noticed_by_itself(session: Session) -> None:
    good = session.path.read_bytes()
    session.path.write_bytes(b"broken")
    session.refresh()
    assert session.saved.state == "failed"
    session.path.write_bytes(good)
    session.refresh()
    assert session.saved.state == "saved"


def test_the_rescue_overwrites_nothing(session: Session) -> None:
    with pytest.raises(StorageError, match="exists already"):
        session.save_under(session.path)


# --------------------------------------------------------------------------------------------------------- the clock


def test_time_is_counted_for_the_section_that_was_in_use(session: Session, clock: Clock) -> None:
    session.focus("incidents")
    clock.wait(90)
    session.focus("toil")
    clock.wait(30)
    commit(session, "toil", {"firefighting-share": said(50)})
    assert on_disk(session)["session"]["seconds"] == {"incidents": 90, "toil": 30}
    assert second(session).seconds()["incidents"] == 90


def test_a_break_is_not_counted(session: Session, clock: Clock) -> None:
    session.focus("incidents")
    clock.wait(3 * 60 * 60)
    session.focus("toil")
    assert session.seconds()["incidents"] == LONGEST_SILENCE


def test_to_move_about_does_not_fill_the_history(session: Session, clock: Clock) -> None:
    before = session.path.read_bytes()
    for section in GUIDE.sections * 3:
        session.focus(section.id)
        clock.wait(10)
    assert session.path.read_bytes() == before


def test_the_minutes_of_two_people_add_up(session: Session, clock: Clock) -> None:
    other = second(session)
    session.focus("incidents")
    clock.wait(60)
    commit(session, "incidents", {"repeat-share": said(40)})
    other._clock.wait(0)  # type: ignore[attr-defined]
    other.focus("incidents")
    other._clock.wait(30)  # type: ignore[attr-defined]
    commit(other, "incidents", {"failure-patterns": said("Mondays")})
    assert on_disk(session)["session"]["seconds"] == {"incidents": 90}


# ------------------------------------------------------------------------------------------------------- two hours long


def test_two_thousand_edits_leave_nothing_behind(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    # Without waiting for the disk: that is what is counted elsewhere.
    monkeypatch.setattr("os.fsync", lambda _: None)

    def edit(number: int) -> None:
        answers = {"failure-patterns": said(f"pattern {number % 7}"), "repeat-share": said(number % 9)}
        commit(session, "incidents", answers)

    def objects() -> int:
        gc.collect()
        return len(gc.get_objects())

    for number in range(50):
        edit(number)
    before = objects()
    for number in range(2_000):
        edit(number)
    assert objects() - before < 100
    assert session.saved.state == "saved"


# --------------------------------------------------------------------------------------------- agenda and proposals


@pytest.mark.parametrize("minutes", LENGTHS)
def test_a_plan_keeps_to_its_time_and_leaves_out_no_core_question(minutes: int) -> None:
    plan = plan_for(GUIDE, minutes)
    asked = {question for part in plan.sections for question in part.questions}
    assert sum(part.minutes for part in plan.sections) <= minutes
    assert {question.id for question in GUIDE.questions.values() if question.core} <= asked
    assert plan.core_only == (minutes == 30)
    assert all(part.questions for part in plan.sections)
    assert plan.spare >= 0


def test_the_longest_plan_asks_everything() -> None:
    assert all(part.left_out == 0 for part in plan_for(GUIDE, 90).sections)


def test_ask_next_is_the_question_on_which_most_hangs() -> None:
    empty = document({})
    first = ask_next(Answers(empty, GUIDE), evaluate(empty, GUIDE))
    assert first is not None
    widths = {}
    for question in GUIDE.questions.values():
        if question.rubric is not None and question.type == "percent":
            known = evaluate(document({question.id: 50}), GUIDE).overall
            assert known.high is not None and known.low is not None
            widths[question.id] = known.high - known.low
    chosen = evaluate(document({first: 50}), GUIDE).overall
    assert chosen.high is not None and chosen.low is not None
    assert chosen.high - chosen.low <= min(widths.values())


def test_ask_next_stays_in_its_section_while_something_is_open_there() -> None:
    some = document({"repeat-share": unknown()})
    found = ask_next(Answers(some, GUIDE), evaluate(some, GUIDE), "observability")
    assert found is not None and GUIDE.section_of[found] == "observability"


def test_nothing_is_asked_next_when_everything_has_an_answer() -> None:
    full = document({question: not_applicable() for question in GUIDE.questions})
    assert ask_next(Answers(full, GUIDE), evaluate(full, GUIDE)) is None


def test_an_insight_names_what_repeats_cost() -> None:
    rows = [{"what": "gateway queue is stuck", "times": per(8, "month"), "hands_on": "1h"}]
    text = insight(evaluate(document({"repeat-incidents": rows}), GUIDE), GUIDE, "incidents")
    assert text.startswith("Repeat incidents cost 8 h a month: a prime candidate")
    assert text.count("prime candidate") == 1
    assert insight(evaluate(document({}), GUIDE), GUIDE, "incidents") == ""


def test_what_was_declined_or_written_down_is_not_proposed_again() -> None:
    answered = document({"repeat-share": 80, "actionable-alerts": 20})
    first, second_one = proposals(evaluate(answered, GUIDE), answered, [])[:2]
    rest = proposals(evaluate(answered, GUIDE), answered, [first.id])
    assert first.id not in {one.id for one in rest} and second_one.id in {one.id for one in rest}
    written = document({"repeat-share": 80, "actionable-alerts": 20, first.table: [{"what": first.what}]})
    assert first.id not in {one.id for one in proposals(evaluate(written, GUIDE), written, [])}


def test_last_time_is_said_in_plain_words() -> None:
    earlier = document(
        {
            "incident-volume": said(per(21, "week"), low=15, high=30),
            "on-call-pattern": "around-the-clock",
            "repeat-share": unknown(),
            "time-to-detect": "12 min",
        }
    )
    found = previous_answers(earlier, GUIDE)
    assert found["incident-volume"]["text"] == "21 incidents a week (15 to 30), estimated"
    assert found["on-call-pattern"]["text"] == "Around the clock, measured"
    assert found["repeat-share"] == {
        "text": "the team did not know", "answer": {"status": "unknown"}, "date": "24 Nov 2026",
    }  # fmt: skip
    assert found["time-to-detect"]["text"] == "12 min, measured"
