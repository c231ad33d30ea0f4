"""The interview as a notebook uses it, without a browser: what it sets on the forms, and what the forms send."""

from __future__ import annotations

import gc
import json
import subprocess
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import pytest

from assessment_kit.forms import SectionForm
from assessment_kit.interview import notebook as interview
from assessment_kit.interview.notebook import Interview, open_interview
from assessment_kit.workspace import Workspace, read_document
from tests.builders import COHERENT, DAY, GUIDE, document, guide_of, per, said

SECTIONS = [section.id for section in GUIDE.sections]


def clock() -> datetime:
    return datetime(2026, 11, 24, 14, 2, 11)


@pytest.fixture
def talk(tmp_path: Path) -> Iterator[Interview]:
    """Return a conversation that shows everything, about a new document."""
    opened = Interview(tmp_path, GUIDE, clock=clock)
    show_all(opened)
    opened.start("Payments", "2026-11-24")
    yield opened
    opened.close()


def show_all(talk: Interview) -> None:
    """Show what the notebook's cells show; not the dashboard, which imports much."""
    talk.team()
    talk.agenda()
    for section in SECTIONS:
        talk.form(section)
    talk.results()
    talk.finish()


def commit(form: SectionForm, answers: dict[str, Any]) -> None:
    """Send what the browser sends on a committed change."""
    was = dict(form.answers)
    changed = {name: answers.get(name) for name in {**was, **answers} if answers.get(name) != was.get(name)}
    edit = form.seen.get("page", 0) + 1
    form._handle_custom_msg({"type": "commit", "view": "page", "edit": edit, "changed": changed, "was": was}, [])


def text_of(box: widgets.Widget) -> str:
    """Return the markup in a part of the page."""
    own = box.value if isinstance(box, widgets.HTML) else ""
    return own + "".join(text_of(child) for child in getattr(box, "children", ()))


def test_a_commit_is_saved_scored_and_told_to_the_form(talk: Interview) -> None:
    form = talk.forms["incidents"]
    commit(form, {"incident-volume": said(per(21, "week")), "repeat-share": said("half")})
    assert read_document(talk.workspace.documents()[0]).answers["incident-volume"].value == per(21, "week")
    told = form.feedback
    assert told["saved"] == {"state": "saved", "at": "14:02:11", "message": ""}
    assert told["edit"] == form.seen == {"page": 1}
    assert told["progress"]["answered"] == 1, "“half” is none yet"
    assert told["problems"] == {"repeat-share": ["'half' is not a number. Enter a number, for example 40."]}
    assert told["ask_next"]["id"] in GUIDE.questions and told["score"]["coverage"] == 0
    assert talk.forms["toil"].feedback["progress"]["all_answered"] == 1


def test_a_number_that_the_document_cannot_hold_is_said_beside_its_field(talk: Interview) -> None:
    commit(talk.forms["incidents"], {"time-to-detect": said("12 min", n="forty")})
    assert talk.forms["incidents"].feedback["problems"]["time-to-detect"] == [
        "'forty' is not a whole number. Enter a whole number."
    ]


def test_answers_decide_at_once_what_later_sections_ask(talk: Interview) -> None:
    commit(talk.forms["toil"], {"escalations-sre": said(per(5, "week"))})
    relevant = [q.relevant.question for q in GUIDE.questions.values() if q.relevant is not None]
    assert relevant  # the built-in guide has rules; those that look into another section are told
    for section in GUIDE.sections:
        own = {question.id for question in section.questions}
        needed = {q.relevant.question for q in section.questions if q.relevant is not None} - own
        assert set(talk.forms[section.id].elsewhere) <= needed | set(GUIDE.questions)


def test_contradictions_are_asked_in_the_sections_they_come_from(talk: Interview) -> None:
    commit(
        talk.forms["incidents"],
        {"incident-volume": said(per(5, "month"), "measured"), "p1-p2-volume": said(per(9, "month"), "measured")},
    )
    assert len(talk.forms["incidents"].feedback["contradictions"]) == 1
    assert talk.forms["observability"].feedback["contradictions"] == []
    assert "Questions to clear up" in text_of(talk.results())


def test_a_new_kernel_brings_everything_back(talk: Interview, tmp_path: Path) -> None:
    commit(talk.forms["incidents"], {"repeat-share": said(40), "delays": {"note": "later", "follow_up": True}})
    again = Interview(tmp_path, GUIDE, clock=clock)
    again.resume()
    show_all(again)
    assert again.session is not None and again.session.path == talk.session.path  # type: ignore[union-attr]
    noted = {"note": "later", "follow_up": True}
    assert again.forms["incidents"].answers == {"repeat-share": said(40), "delays": noted}
    again.close()


def test_a_new_kernel_goes_on_with_the_team_that_was_chosen_last(talk: Interview, tmp_path: Path) -> None:
    talk.start("Retail", "2026-11-24")
    talk.open(tmp_path / "payments" / "2026-11-24.json")  # chosen, though nothing was saved in it since
    again = Interview(tmp_path, GUIDE, clock=clock)
    again.resume()
    assert again.session is not None and again.session.document.team == "Payments"
    again.close()


def test_without_a_note_the_document_that_was_saved_last_is_taken(talk: Interview, tmp_path: Path) -> None:
    (tmp_path / ".interview.json").write_text("{", encoding="utf-8")
    again = Interview(tmp_path, GUIDE, clock=clock)
    again.resume()
    assert again.session is not None and again.session.document.team == "Payments"
    again.close()


def test_an_empty_folder_shows_the_choice_and_nothing_fails(tmp_path: Path) -> None:
    talk = Interview(tmp_path, GUIDE, clock=clock)
    talk.resume()
    show_all(talk)
    assert talk.session is None
    assert "First choose or create a team" in text_of(talk.form("toil"))
    assert list(tmp_path.iterdir()) == []
    talk.close()


@pytest.mark.parametrize(
    "team, day, words", [("", "2026-11-24", "no name"), ("Payments", "24.11.2026", "is not a date"), ("P", "", "date")]
)
def test_a_wrong_choice_is_said_in_words(tmp_path: Path, team: str, day: str, words: str) -> None:
    talk = Interview(tmp_path, GUIDE, clock=clock)
    box = talk.team()
    talk._chooser.name.value, talk._chooser.day.value = team, day
    talk._chooser.begin.click()
    assert words in text_of(box) and 'role="alert"' in text_of(box)
    talk.close()


def test_the_same_cells_again_give_the_same_widgets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(interview.VARIABLE, str(tmp_path))
    talk = open_interview(clock=clock)
    show_all(talk)
    talk.start("Payments", "2026-11-24")
    box, form = talk.form("toil"), talk.forms["toil"]
    assert open_interview() is talk
    assert talk.form("toil") is box and talk.forms["toil"] is form
    talk.close()
    interview._talks.clear()


def test_what_another_program_saved_shows_when_the_cells_run_again(talk: Interview) -> None:
    path = talk.workspace.documents()[0]
    workspace = Workspace(path.parent.parent)
    workspace.save(workspace.open(path), document({"repeat-share": 40}), GUIDE)
    talk.resume()
    assert talk.forms["incidents"].answers["repeat-share"]["value"] == 40
    assert "Changed elsewhere" in talk.forms["incidents"].feedback["saved"]["message"]


def test_a_collision_is_shown_and_ends_with_a_choice(talk: Interview) -> None:
    path = talk.workspace.documents()[0]
    workspace = Workspace(path.parent.parent)
    form = talk.forms["incidents"]
    commit(form, {"repeat-share": said(30)})
    workspace.save(workspace.open(path), document({"repeat-share": said(40)}), GUIDE)
    commit(form, {"repeat-share": said(60)})
    assert form.collisions == {"repeat-share": {"mine": said(60), "theirs": said(40)}}
    assert form.answers == {"repeat-share": said(60)}
    commit(form, {"repeat-share": said(40)})
    form._take_message(form, {"type": "resolve", "id": "repeat-share", "choice": "theirs"}, None)
    assert form.collisions == {} and read_document(path).answers["repeat-share"].value == 40


def test_an_unreadable_document_is_said_in_the_form_with_a_way_out(talk: Interview) -> None:
    path = talk.workspace.documents()[0]
    form = talk.forms["incidents"]
    commit(form, {"repeat-share": said(40)})
    path.write_bytes(b"\xff broken")
    commit(form, {"repeat-share": said(50)})
    assert form.feedback["saved"]["state"] == "failed" and "another name" in form.feedback["saved"]["message"]
    assert form.answers == {"repeat-share": said(50)}
    assert talk._rescue.box.layout.display is None
    talk._rescue.button.click()
    rescued = path.with_name("2026-11-24-rescued.json")
    assert read_document(rescued).answers["repeat-share"].value == 50
    assert form.feedback["saved"]["state"] == "saved" and talk._rescue.box.layout.display == "none"


def test_a_fault_of_ours_is_shown_in_the_form(talk: Interview, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr(interview, "evaluate", fail)
    commit(talk.forms["incidents"], {"repeat-share": said(40)})
    assert "RuntimeError: a fault" in talk.forms["incidents"].feedback["error"]
    assert read_document(talk.workspace.documents()[0]).answers["repeat-share"].value == 40  # saved before


def test_last_time_stands_beside_the_question(tmp_path: Path) -> None:
    Workspace(tmp_path).add(document({"repeat-share": 40}, day=DAY.replace(month=5)), GUIDE)
    talk = Interview(tmp_path, GUIDE, clock=clock)
    talk.form("incidents")
    talk.start("Payments", "2026-11-24")
    assert talk.forms["incidents"].previous == {
        "repeat-share": {
            "text": "40 %, measured", "answer": said(40, "measured"), "date": "24 May 2026",
        }
    }  # fmt: skip
    talk.close()


def test_the_plan_is_kept_and_the_short_one_shows_the_core_path(talk: Interview, tmp_path: Path) -> None:
    talk._length.value = 30
    assert talk.forms["incidents"].minutes["core_only"] is True
    again = Interview(tmp_path, GUIDE, clock=clock)
    again.resume()
    assert again._length.value == 30
    talk.start("Retail", "2026-11-24")
    assert "session" not in json.loads((tmp_path / "retail" / "2026-11-24.json").read_text(encoding="utf-8"))
    again.close()


def test_the_parking_lot_ends_up_in_the_plan(talk: Interview) -> None:
    commit(talk.forms["toil"], {"tools": {"note": "ask <b>Lee</b>", "follow_up": True}})
    text = text_of(talk.form("next-steps"))
    assert "Parking lot" in text and "ask &lt;b&gt;Lee&lt;/b&gt;" in text


def test_a_section_that_a_guide_adds_needs_no_code(tmp_path: Path) -> None:
    question = {"id": "cost", "type": "number", "key_question": "What does it cost?"}
    guide = guide_of([{"id": "money", "title": "Money", "questions": [question]}])
    talk = Interview(tmp_path, guide, clock=clock)
    for section in SECTIONS:
        assert "no section" in text_of(talk.form(section))
    talk.other_forms()
    talk.start("Payments", "2026-11-24")
    commit(talk.forms["money"], {"cost": said(12)})
    assert read_document(talk.workspace.documents()[0]).answers["cost"].value == 12
    talk.other_forms()
    talk.close()


# -------------------------------------------------------------------------------------------------------------- finish


def test_proposals_are_taken_into_the_plan_or_declined_for_good(talk: Interview, tmp_path: Path) -> None:
    commit(talk.forms["incidents"], {"repeat-share": said(80, "measured")})
    commit(talk.forms["observability"], {"actionable-alerts": said(10, "measured")})
    first, other = talk._finish.rows[:2]
    first.what.value, first.owner.value = "Hold one review", "Lee"
    first.due.value = "soon"
    first.take.click()
    assert "“soon” is not a date" in text_of(talk.finish())
    first.due.value = DAY.isoformat()
    first.take.click()
    row = talk.forms["next-steps"].answers["action-items"]["value"][0]
    assert row["what"] == "Hold one review" and row["owner"] == "Lee"
    assert row["due"] == "2026-11-24" and row["status"] == "open" and row["why"]
    other.decline.click()
    again = Interview(tmp_path, GUIDE, clock=clock)
    again.resume()
    left = {proposal.proposal.id for proposal in again._finish.rows}
    assert not left & {first.proposal.id, other.proposal.id}
    again.close()


def test_a_proposal_somebody_edits_stays_as_it_is_while_others_answer(talk: Interview) -> None:
    commit(talk.forms["incidents"], {"repeat-share": said(80, "measured")})
    talk._finish.rows[0].what.value = "in my own words"
    commit(talk.forms["observability"], {"actionable-alerts": said(10, "measured")})
    assert "in my own words" in {row.what.value for row in talk._finish.rows}


class Command:
    """Stands in for the process that makes the report."""

    def __init__(self, result: subprocess.CompletedProcess[str]) -> None:
        self.result = result
        self.asked: list[Sequence[str]] = []

    def __call__(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        self.asked.append(command)
        return self.result


def test_the_report_is_made_by_the_command_and_linked(talk: Interview, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    page = tmp_path / "reports" / "payments-2026-11-24.html"
    page.parent.mkdir()
    page.touch()
    talk._finish._run = command = Command(subprocess.CompletedProcess([], 0, f"{page}\n", ""))
    talk._finish.make.click()
    assert list(command.asked[0][1:4]) == ["-m", "assessment_kit", "report"]
    shown = talk._finish._link.outputs[0]["data"]["text/html"]
    assert 'href="reports/payments-2026-11-24.html"' in shown


def test_a_report_that_fails_says_why(talk: Interview) -> None:
    talk._finish._run = Command(subprocess.CompletedProcess([], 1, "", "Payments failed:\n  <b>no disk</b>"))
    talk._finish.make.click()
    shown = talk._finish._link.outputs[0]["data"]["text/html"]
    assert "&lt;b&gt;no disk&lt;/b&gt;" in shown and not talk._finish.make.disabled


def test_a_period_that_ends_before_it_starts_is_said_beside_its_end(talk: Interview) -> None:
    dates = {"period-start": "2026-11-01", "period-end": "2026-10-01"}
    commit(talk.forms["context"], {name: {"status": "answered", "value": day} for name, day in dates.items()})
    assert len(talk.forms["context"].feedback["problems"]["period-end"]) == 1


def test_a_team_is_found_however_it_is_spelled(talk: Interview) -> None:
    talk._chooser.name.value, talk._chooser.day.value = " payments ", "2027-01-12"
    talk._chooser.day._handle_custom_msg({"event": "submit"}, [])
    assert talk.session is not None
    assert (talk.session.document.team, talk.session.path.stem) == ("Payments", "2027-01-12")


def test_a_report_that_is_in_the_way_of_itself_says_so_once_and_no_longer_than_it_is_true(talk: Interview) -> None:
    commit(talk.forms["incidents"], {"repeat-share": said(400)})
    wrong = "400 is above 100. Enter 100 or less (percent)."
    talk._finish._run = Command(subprocess.CompletedProcess([], 1, "", wrong))
    talk._finish.make.click()
    shown = talk._finish._link.outputs[0]["data"]["text/html"]
    assert "First correct what is named above" in shown and wrong not in shown
    cells = {"team": talk.team, "agenda": talk.agenda, "finish": talk.finish}
    assert sum(text_of(cell()).count("400 is above 100") for cell in cells.values()) == 1
    assert 'data-akf-goto="repeat-share"' in text_of(talk.finish())
    commit(talk.forms["incidents"], {"repeat-share": said(40)})
    assert talk._finish._link.outputs[0]["data"]["text/html"] == ""
    assert "To correct" not in text_of(talk.finish())


def test_what_goes_wrong_is_said_in_the_cell_where_it_was_asked_for(talk: Interview) -> None:
    talk._finish.again.value = "next week"
    assert "“next week” is not a date. Write it as 2026-11-24." in text_of(talk.finish())
    assert "is not a date" not in text_of(talk.team()) + text_of(talk.agenda())


def test_the_day_of_the_next_meeting_is_in_the_finish_and_in_the_plan(talk: Interview) -> None:
    talk._finish.again.value = "2027-01-12"
    assert talk.forms["next-steps"].answers["follow-up-date"] == {"status": "answered", "value": "2027-01-12"}
    assert "follow-up-date" in read_document(talk.workspace.documents()[0]).answers
    commit(talk.forms["next-steps"], {"follow-up-date": {"status": "answered", "value": "2027-02-01"}})
    assert talk._finish.again.value == "2027-02-01"
    talk._finish.again.value = ""
    assert "follow-up-date" not in talk.forms["next-steps"].answers


def test_the_finish_names_what_is_wrong_and_what_is_missing(talk: Interview) -> None:
    commit(talk.forms["incidents"], {"repeat-share": said(400)})
    text = text_of(talk.finish())
    assert "To correct before the report can be made" in text and "400 is above 100" in text
    assert "Still unanswered" in text


def test_the_dashboard_shows_the_report_s_charts(talk: Interview, capsys: pytest.CaptureFixture[str]) -> None:
    for section in GUIDE.sections:
        own = {question.id for question in section.questions}
        answers = document(COHERENT).model_dump(mode="json")["answers"]
        commit(talk.forms[section.id], {name: answer for name, answer in answers.items() if name in own})
    text = text_of(talk.dashboard())
    assert text.count("data-ak-chart") >= 6


# ------------------------------------------------------------------------------------------------------- two hours long


def test_hundreds_of_edits_keep_no_widget_and_no_object(talk: Interview, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.fsync", lambda _: None)
    form = talk.forms["incidents"]

    def edit(number: int) -> None:
        commit(form, {"failure-patterns": said(f"pattern {number % 7}"), "repeat-share": said(number % 9)})

    def counts() -> tuple[int, int]:
        gc.collect()
        found = gc.get_objects()
        return len(found), sum(isinstance(one, widgets.Widget) for one in found)

    for number in range(40):
        edit(number)
    objects, shown = counts()
    for number in range(300):
        edit(number)
    after = counts()
    assert after[1] == shown and after[0] - objects < 500
