"""Said and measured in the conversation, without a browser: a file arrives, answers are offered, taken and refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from assessment_kit.document import Document
from assessment_kit.forms import FileDrop
from assessment_kit.incidents import read_export
from assessment_kit.interview import offered
from assessment_kit.interview.notebook import Interview
from assessment_kit.said import offers
from assessment_kit.workspace import read_document
from tests.builders import GUIDE, document, per, said
from tests.test_interview import commit, show_all, text_of

EXPORT = Path(__file__).parents[1] / "examples" / "exports" / "service-desk.csv"
PRIVATE = "number,opened,resolved,ci,summary,caller\n" + "".join(
    f"INC{day:04d},2026-01-{day:02d} 10:00,2026-01-{day:02d} 11:00,app1,Queue {day} stuck for Zebulon Quux,"
    "Zebulon Quux\n"
    for day in range(1, 29)
)


@pytest.fixture
def talk(tmp_path: Path) -> Iterator[Interview]:
    opened = Interview(tmp_path, GUIDE, clock=lambda: datetime(2026, 11, 24, 14, 2, 11))
    show_all(opened)
    opened.start("Service desk", "2026-11-24")
    yield opened
    opened.close()


def drop(talk: Interview, *files: tuple[str, bytes], piece: int = 7_000) -> None:
    """Send files as the browser does, in pieces."""
    field = talk.measured.drop
    field._handle_custom_msg({"type": "start", "files": [name for name, _ in files]}, [])
    for place, (_, content) in enumerate(files):
        for start in range(0, len(content), piece):
            part = memoryview(content[start : start + piece])
            field._handle_custom_msg({"type": "piece", "file": place}, [part])
    field._handle_custom_msg({"type": "end"}, [])


def panel(talk: Interview) -> str:
    return text_of(talk.form("incidents"))


def stored(talk: Interview) -> Document:
    return read_document(talk.workspace.documents()[0])


def say(talk: Interview, answers: dict[str, Any]) -> None:
    commit(talk.forms["incidents"], answers)


def test_a_dropped_file_shows_its_account_and_offers_answers_and_changes_nothing(talk: Interview) -> None:
    say(talk, {"incident-volume": said(per(3, "week"))})
    before = stored(talk)
    drop(talk, ("service-desk.csv", EXPORT.read_bytes()))
    shown = panel(talk)
    assert "500 rows read, 500 used" in shown
    assert "3 incidents a week" in shown and "8.8 incidents a week" in shown
    assert [row.state for row in talk.measured.rows.values()] == ["open"] * len(talk.measured.rows)
    assert stored(talk) == before


def test_taking_one_keeps_what_the_team_said_beside_it(talk: Interview) -> None:
    say(talk, {"incident-volume": said(per(3, "week"), note="from memory")})
    drop(talk, ("service-desk.csv", EXPORT.read_bytes()))
    talk.measured.rows["incident-volume"].take.click()
    answer = stored(talk).answers["incident-volume"]
    assert (answer.basis, answer.value["amount"]) == ("measured", 8.79)
    assert answer.said is not None and (answer.said.value, answer.said.note) == (per(3, "week"), "from memory")
    assert "time-to-restore" not in stored(talk).answers
    assert [record.source for record in stored(talk).imports] == ["service-desk.csv"]
    assert talk.forms["incidents"].answers["incident-volume"]["basis"] == "measured"


def test_taken_back_everything_is_as_it_was(talk: Interview) -> None:
    say(talk, {"incident-volume": said(per(3, "week"))})
    before = stored(talk).answers
    drop(talk, ("service-desk.csv", EXPORT.read_bytes()))
    for question in ("incident-volume", "time-to-restore"):
        row = talk.measured.rows[question]
        row.take.click()
        row.keep.click()
        assert row.state == "open"
    assert stored(talk).answers == before


def test_refused_the_teams_answer_stays_and_the_figure_is_on_record(talk: Interview) -> None:
    say(talk, {"incident-volume": said(per(3, "week"))})
    drop(talk, ("service-desk.csv", EXPORT.read_bytes()))
    talk.measured.rows["incident-volume"].keep.click()
    assert stored(talk).answers["incident-volume"].value == per(3, "week")
    [record] = stored(talk).imports
    assert record.measures["incidents_per_week"]["value"] == pytest.approx(8.79, abs=0.01)


def test_all_at_once_but_no_table_that_tells_less(talk: Interview) -> None:
    rows = [{"what": "printers", "times": per(4, "month"), "hands_on": 45}]
    say(talk, {"repeat-incidents": said(rows)})
    drop(talk, ("service-desk.csv", EXPORT.read_bytes()))
    assert "the team’s table tells more" in panel(talk)
    talk.measured.take_all.click()
    answers = stored(talk).answers
    assert answers["repeat-incidents"].value == rows
    assert answers["incident-volume"].basis == answers["repeat-share"].basis == "measured"
    # By hand it can still be taken.
    talk.measured.rows["repeat-incidents"].take.click()
    assert stored(talk).answers["repeat-incidents"].said.value == rows  # type: ignore[union-attr]


def test_the_same_file_again_offers_nothing_new(talk: Interview) -> None:
    drop(talk, ("service-desk.csv", EXPORT.read_bytes()))
    talk.measured.take_all.click()
    drop(talk, ("service-desk.csv", EXPORT.read_bytes()))
    assert {row.state for row in talk.measured.rows.values()} == {"same"}
    assert len(stored(talk).imports) == 1


def test_two_files_are_one_export(talk: Interview) -> None:
    head, *lines = EXPORT.read_bytes().splitlines(keepends=True)
    drop(talk, ("a.csv", head + b"".join(lines[:300])), ("b.csv", head + b"".join(lines[200:])))
    assert "600 rows read, 500 used" in panel(talk)


@pytest.mark.parametrize(
    "content, says",
    [
        (b"", "the file is empty"),
        (b"a,b\n1,2\n", "no column holds the time an incident was opened"),
        (b"<html><body>Log in</body></html>", "web page"),
    ],
)
def test_what_cannot_be_read_is_said_and_changes_nothing(talk: Interview, content: bytes, says: str) -> None:
    before = stored(talk)
    drop(talk, ("x.csv", content))
    assert says in panel(talk) and "Nothing was changed." in panel(talk)
    assert talk.measured.rows == {}
    assert stored(talk) == before


def test_dates_that_can_be_read_both_ways_are_asked_for(talk: Interview) -> None:
    rows = b"".join(b"%d,0%d/0%d/2026 10:00\n" % (n, 1 + n % 9, 1 + n % 3) for n in range(30))
    drop(talk, ("x.csv", b"id,opened\n" + rows))
    assert talk.measured.order.layout.display is None
    assert "say which above, under “Dates”." in panel(talk) and "--day" not in panel(talk)
    talk.measured.order.value = True
    assert "30 rows read, 30 used" in panel(talk)
    drop(talk, ("x.csv", b"id,opened\n" + rows))
    assert talk.measured.order.label == "as the dates show", "the next file has an order of its own, and one is shown"


@pytest.mark.parametrize(
    "name", ["../../../etc/x.csv", "C:\\temp\\x.csv", "<img src=x onerror=alert(1)>.csv", "..", "\0"]
)
def test_a_files_name_is_only_a_name(talk: Interview, tmp_path: Path, name: str) -> None:
    drop(talk, (name, EXPORT.read_bytes()))
    assert "500 rows read" in panel(talk)
    assert "<img src" not in panel(talk)
    talk.measured.take_all.click()
    [record] = stored(talk).imports
    assert "/" not in record.source and "\\" not in record.source
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted({"service-desk", *_own(tmp_path)})


def _own(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


def test_names_of_people_are_neither_shown_nor_stored(talk: Interview) -> None:
    drop(talk, ("x.csv", PRIVATE.encode()))
    assert "queue # stuck for [name]" in panel(talk)
    talk.measured.take_all.click()
    whole = panel(talk) + talk.workspace.documents()[0].read_text(encoding="utf-8")
    assert "zebulon" not in whole.casefold() and "quux" not in whole.casefold()


def test_cells_are_not_quoted_where_a_notebook_may_store_them(talk: Interview) -> None:
    rows = (
        b"1,2026-01-05 10:00,Zebulon is away\n2,Zebulon knows,2026-01-06 10:00\n3,2026-01-07 10:00,2026-01-07 11:00\n"
    )
    drop(talk, ("x.csv", b"id,opened,resolved\n" + rows))
    assert "1 row in which an opened time cannot be read (for example row 3 (2))" in panel(talk)
    assert "Zebulon" not in panel(talk)


def test_another_document_puts_the_file_away(talk: Interview) -> None:
    drop(talk, ("service-desk.csv", EXPORT.read_bytes()))
    talk.start("Payments", "2026-11-24")
    assert talk.measured.rows == {} and "500 rows read" not in panel(talk)


def test_more_than_the_browser_may_send_is_not_kept() -> None:
    taken: list[list[tuple[str, bytes]]] = []
    field = FileDrop(taken.append, most=10)
    field._handle_custom_msg({"type": "piece", "file": 0}, [memoryview(b"before start")])
    field._handle_custom_msg({"type": "start", "files": ["a"]}, [])
    for place in (0, 7, "x", 0):
        field._handle_custom_msg({"type": "piece", "file": place}, [memoryview(b"12345678")])
    field._handle_custom_msg({"type": "end"}, [])
    field._handle_custom_msg({"type": "end"}, [])
    assert taken == [[("a", b"12345678")]]
    field.close()


def test_the_merge_of_two_people_keeps_the_record(talk: Interview) -> None:
    drop(talk, ("service-desk.csv", EXPORT.read_bytes()))
    path = talk.workspace.documents()[0]
    other = json.loads(path.read_text(encoding="utf-8"))
    other["answers"]["team-size"] = said(8)
    path.write_text(json.dumps(other), encoding="utf-8")
    talk.measured.rows["incident-volume"].take.click()
    assert stored(talk).answers["team-size"].value == 8
    assert stored(talk).answers["incident-volume"].basis == "measured"
    assert len(stored(talk).imports) == 1


def test_an_offer_says_what_it_would_do() -> None:
    table = [{"type": "errors", "per_month": 4, "note": "n"}]
    given = document({"incident-volume": said(per(3, "week")), "incident-types": said(table)})
    measured = {"status": "answered", "basis": "measured", "source": "x.csv (a list)"}
    answers = {
        "incident-volume": {**measured, "value": per(5, "week")},
        "time-to-restore": {**measured, "value": 60},
        "incident-types": {**measured, "value": [{"type": "Outage", "per_month": 2}]},
    }
    states = {offer.question: offer.state for offer in offers(given, answers)}
    # A note is no figure: a table without it tells no less.
    assert states == {"incident-volume": "beside", "time-to-restore": "new", "incident-types": "beside"}


def test_columns_that_are_not_understood_are_told_in_words_that_fit_the_place(talk: Interview) -> None:
    drop(talk, ("x.csv", b"Fall,Beginn\n1,2026-01-01 10:00\n"))
    assert "Choose below which column it is" in panel(talk)
    assert "command line" not in panel(talk) and "--columns" not in panel(talk)


@pytest.mark.parametrize(
    "said_of, shown",
    [
        (per(6, "month"), "33 P1/P2 incidents a month (26 to 43); that is 7.5 P1/P2 incidents a week (6 to 10), n 389"),
        (
            per(1, "day"),
            "1.1 P1/P2 incidents a day (0.86 to 1.4); that is 7.5 P1/P2 incidents a week (6 to 10), n 389",
        ),
        (per(7, "week"), "7.5 P1/P2 incidents a week (6 to 10), n 389"),
        (per(1, "shift"), "7.5 P1/P2 incidents a week (6 to 10), n 389"),
    ],
)
def test_both_sides_are_told_in_the_period_of_the_team(said_of: dict[str, Any], shown: str) -> None:
    question = GUIDE.questions["p1-p2-volume"]
    given = document({"p1-p2-volume": said(said_of, "measured")})
    answer = {"status": "answered", "basis": "measured", "value": per(7.5, "week"), "low": 6, "high": 10, "n": 389}
    [offer] = offers(given, {"p1-p2-volume": answer})
    html = offered.beside(question, offer, "")
    assert f"<dd>{shown}</dd>" in html
    assert "from its own count</dd>" in html, "what the team had counted is not what was measured here"


def test_an_export_of_several_teams_says_so_and_lets_one_be_chosen(talk: Interview) -> None:
    drop(talk, ("service-desk.csv", EXPORT.read_bytes()))
    choice = talk.measured.team
    assert choice.layout.display is None
    assert choice.value == "" and choice.options[0] == ("all 500 incidents", "")
    names = [name for _, name in choice.options[1:]]
    assert names == sorted(names) and "Network" in names
    assert "The incidents of all of them count: choose the team above if only one is meant." in panel(talk)
    choice.value = "Network"
    expected = read_export(EXPORT, team_column="assignment_group").teams["Network"]
    count = expected.measures["incidents"].value
    assert f"Only {count} incidents of “Network” count." in panel(talk)
    assert f"incidents: {count} incidents (n {count})" in panel(talk)
    talk.measured.rows["incident-volume"].take.click()
    assert stored(talk).answers["incident-volume"].value == expected.answers["incident-volume"]["value"]
    assert stored(talk).imports[-1].measures["incidents"]["value"] == count
    choice.value = ""
    assert "500 incidents (n 500)" in panel(talk)


def test_another_file_asks_anew_whose_incidents_count(talk: Interview) -> None:
    drop(talk, ("service-desk.csv", EXPORT.read_bytes()))
    talk.measured.team.value = "Network"
    drop(talk, ("again.csv", EXPORT.read_bytes()))
    assert talk.measured.team.value == "" and "500 incidents (n 500)" in panel(talk)
    drop(talk, ("x.csv", PRIVATE.encode()))
    assert talk.measured.team.layout.display == "none"
    assert "The export names" not in panel(talk)


def test_a_team_may_be_named_like_markup(talk: Interview) -> None:
    rows = b"".join(b"INC%d,2026-01-%02d 10:00,%s\n" % (n, n, (b"<img src=x>", b"B")[n % 2]) for n in range(1, 29))
    drop(talk, ("x.csv", b"number,opened,assignment_group\n" + rows))
    talk.measured.team.value = "<img src=x>"
    assert "&lt;img src=x&gt;" in talk.measured._account.value and "<img" not in talk.measured._account.value
