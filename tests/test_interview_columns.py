"""Which column is what, chosen in the conversation: without a browser."""

from __future__ import annotations

import asyncio
import re
from urllib.parse import unquote

import pytest

from assessment_kit.column_file import Reading, save_columns
from assessment_kit.incidents import ROLES, read_export
from assessment_kit.interview import measured
from assessment_kit.interview.columns_by_hand import LABELS
from assessment_kit.interview.dropped import Wish, fulfil
from assessment_kit.interview.notebook import Interview
from tests import test_interview_measured
from tests.test_interview_measured import EXPORT, drop, panel, stored

talk = test_interview_measured.talk

DAYS = range(1, 29)
#: Times under names that nobody knows; the first comes before the second.
UNKNOWN = "Fall,Zeit B,Zeit A,Stufe,Gruppe\n" + "".join(
    f"F{day},2026-01-{day:02d} 12:30,2026-01-{day:02d} 10:00,{day % 3 + 1},Team {'AB'[day % 2]}\n" for day in DAYS
)
#: The same with days that can be read both ways.
BOTH_WAYS = "Fall,Zeit A,Zeit B,Gruppe\n" + "".join(
    f"F{n},0{n % 9 + 1}/0{n % 3 + 1}/2026 10:00,0{n % 9 + 1}/0{n % 3 + 1}/2026 11:30,{'AB'[n % 2]}\n" for n in DAYS
)
COLUMNS = b"columns:\n  opened: Zeit A\n  resolved: Zeit B\n  team: Gruppe\n"


def chosen(talk: Interview) -> dict[str, str | None]:
    """Return what the dropdowns show."""
    return {role: None if field.value == -1 else field.label for role, field in talk.measured.columns.fields.items()}


def choose(talk: Interview, **columns: str | None) -> None:
    """Choose columns as the list names them, and read."""
    for role, column in columns.items():
        field = talk.measured.columns.fields[role]
        field.index = list(field._options_labels).index(column or "none")
    talk.measured.columns.read.click()


def saved(talk: Interview) -> str:
    """Return the file that the panel offers; "" where it offers none."""
    found = re.search(r'download="columns.yaml" href="data:[^,"]*,([^"]*)"', talk.measured._save.value)
    return unquote(found[1]) if found else ""


def test_an_export_that_is_not_understood_asks_which_column_is_what(talk: Interview) -> None:
    before = stored(talk)
    drop(talk, ("x.csv", UNKNOWN.encode()))
    assert "opened_date). Choose below which column it is, or export that column too." in panel(talk)
    assert "Which column is what?" in panel(talk)
    assert "command line" not in panel(talk) and "--columns" not in panel(talk)
    asked = talk.measured.columns
    assert asked.is_open and asked.box.layout.display is None
    assert list(asked.fields) == list(LABELS) and LABELS.keys() <= ROLES.keys()
    assert asked.fields["opened"].options[0] == ("none", -1)
    names = ["none", "Fall", "Zeit B", "Zeit A", "Stufe", "Gruppe"]
    assert all([label for label, _ in field.options] == names for field in asked.fields.values())
    assert [field.description for field in asked.fields.values() if "(needed)" in field.description] == [
        "Time it was opened (needed)"
    ]
    guessed = {role: column for role, column in chosen(talk).items() if column}
    assert guessed == {"opened": "Zeit A", "resolved": "Zeit B", "id": "Fall"}
    assert stored(talk) == before and saved(talk) == ""


def test_as_chosen_it_is_read_like_any_other(talk: Interview, tmp_path_factory: pytest.TempPathFactory) -> None:
    drop(talk, ("x.csv", UNKNOWN.encode()))
    choose(talk, priority="Stufe")
    assert "28 rows read, 28 used" in panel(talk)
    assert not talk.measured.columns.is_open and talk.measured.columns.box.layout.display == "none"
    path = tmp_path_factory.mktemp("there") / "x.csv"
    path.write_text(UNKNOWN)
    by_hand = {"id": "Fall", "opened": "Zeit A", "resolved": "Zeit B", "priority": "Stufe"}
    [expected] = read_export(path, team="Service desk", columns=by_hand).teams.values()
    talk.measured.rows["time-to-restore"].take.click()
    assert stored(talk).answers["time-to-restore"].value == expected.answers["time-to-restore"]["value"] == 150
    assert stored(talk).imports[-1].measures.keys() == expected.record["measures"].keys()

    # What is offered for next time is what the command would save, and reads the export alike.
    said: dict[str, str | None] = {**dict.fromkeys(LABELS), **by_hand}
    save_columns(path.with_name("columns.yaml"), read_export(path, columns=said).columns, Reading(said))
    assert saved(talk) == path.with_name("columns.yaml").read_text("utf-8")
    drop(talk, ("columns.yaml", saved(talk).encode()), ("x.csv", UNKNOWN.encode()))
    assert "Read with “columns.yaml”: columns." in panel(talk)
    assert talk.measured.rows["time-to-restore"].state == "same"
    assert saved(talk) == "", "it is there already"


def test_whoever_is_named_can_be_chosen_to_be_masked(talk: Interview) -> None:
    rows = [f"{n},2026-02-{n + 1:02d} 10:00,Zwirnbach has no mail,Zwirnbach,Birke" for n in range(20)]
    drop(talk, ("x.csv", "\n".join(["Fall,Zeit A,Text,Wer,Wen", *rows]).encode()))
    fields = talk.measured.columns.fields
    assert fields["caller"].description == "Who reported it (to mask the name)"
    assert fields["assignee"].description == "Who works on it (to mask the name)"
    choose(talk, opened="Zeit A", description="Text", caller="Wer", assignee="Wen")
    assert "20 rows read, 20 used" in panel(talk)
    assert "caller: Wer" in saved(talk) and "assignee: Wen" in saved(talk)


@pytest.mark.parametrize(
    "columns, says",
    [
        ({"resolved": "Zeit A"}, "named as both the time an incident was opened and the time service was restored"),
        ({"closed": "Zeit A"}, "Choose another column for one of them, or “none”."),
        ({"opened": None}, "no column holds the time an incident was opened"),
        ({"opened": "Gruppe", "resolved": None}, "can be read as a date, for example in row 2."),
    ],
)
def test_a_wrong_choice_is_said_and_stays_to_be_corrected(
    talk: Interview, columns: dict[str, str | None], says: str
) -> None:
    before = stored(talk)
    drop(talk, ("x.csv", UNKNOWN.encode()))
    first = chosen(talk)
    choose(talk, **columns)
    assert says in panel(talk) and "Nothing was changed." in panel(talk)
    assert talk.measured.columns.is_open and chosen(talk) == {**first, **columns}
    assert talk.measured.rows == {} and stored(talk) == before and saved(talk) == ""
    choose(talk, opened="Zeit A", resolved="Zeit B", closed=None)
    assert "28 rows read, 28 used" in panel(talk)


def test_another_file_closing_or_another_document_puts_the_choice_away(talk: Interview) -> None:
    drop(talk, ("x.csv", UNKNOWN.encode()))
    assert talk.measured._line.layout.display is None
    talk.measured.done.click()
    assert not talk.measured.columns.is_open and "no column holds" not in panel(talk)
    drop(talk, ("x.csv", UNKNOWN.encode()))
    choose(talk, team="Gruppe")
    drop(talk, ("service-desk.csv", EXPORT.read_bytes()))
    assert not talk.measured.columns.is_open and "500 rows read, 500 used" in panel(talk)
    assert talk.measured._reading == Reading() and saved(talk) == ""
    drop(talk, ("x.csv", UNKNOWN.encode()))
    assert chosen(talk)["team"] is None, "what was chosen for another file does not count"
    talk.start("Payments", "2026-11-24")
    assert not talk.measured.columns.is_open


def test_an_order_of_dates_is_not_kept_for_the_next_file(talk: Interview) -> None:
    drop(talk, ("x.csv", BOTH_WAYS.encode()))
    choose(talk)
    talk.measured.order.value = True
    assert "28 rows read, 28 used" in panel(talk)
    drop(talk, ("x.csv", BOTH_WAYS.encode()))
    assert talk.measured.order.value is None


def test_the_order_of_dates_and_the_team_keep_the_columns(talk: Interview) -> None:
    drop(talk, ("x.csv", BOTH_WAYS.encode()))
    choose(talk, team="Gruppe")
    assert "say which above, under “Dates”." in panel(talk)
    assert talk.measured.columns.is_open and chosen(talk)["team"] == "Gruppe"
    talk.measured.order.value = True
    assert "28 rows read, 28 used" in panel(talk) and "“Gruppe”" in panel(talk)
    talk.measured.team.value = "B"
    assert "Only 14 incidents of “B” count." in panel(talk)
    assert talk.measured.rows["time-to-restore"].offer.measured.value == 90
    assert talk.measured._reading.day_first is True and talk.measured._reading.columns["opened"] == "Zeit A"
    assert "opened: Zeit A\n" in saved(talk) and "dates: day first\n" in saved(talk)
    talk.measured.team.value = ""
    assert "28 incidents (n 28)" in panel(talk)


# ------------------------------------------------------------------------------------------------- a file of columns


def test_a_file_of_columns_is_used_with_the_export(talk: Interview, tmp_path_factory: pytest.TempPathFactory) -> None:
    text = BOTH_WAYS.replace(",A\n", ",NA\n")
    said = COLUMNS + b"dates: month first\ntimezone: Europe/Zurich\nkeep: [x]\nmissing: [NA]\n"
    drop(talk, ("Service desk.YML", said), ("x.csv", text.encode()))
    told = "Read with “Service desk.YML”: columns, the order of dates, the time zone, what is kept as a value and what"
    assert told in panel(talk)
    path = tmp_path_factory.mktemp("there") / "x.csv"
    path.write_text(text)
    columns = {"opened": "Zeit A", "resolved": "Zeit B", "team": "Gruppe"}
    expected = read_export(
        path, team="Service desk", columns=columns, day_first=False, timezone="Europe/Zurich", missing=["NA"]
    )
    [part] = expected.teams.values()
    found = talk.measured._found
    assert found is not None and found.export.decisions == expected.decisions
    assert found.export.teams["Service desk"].answers == part.answers
    assert talk.measured.order.value is False and saved(talk) == ""


@pytest.mark.parametrize(
    "text, says",
    [
        (b"columns: [a]", "columns.yaml: columns: it is no list of roles."),
        (b"columns:\n  begin: x", "columns.yaml: columns.begin: there is no such role."),
        (b"a: [", "columns.yaml: it is not valid YAML"),
        (b"\xff\xfe\x00", "columns.yaml: it is not valid YAML"),
        (b"", "columns.yaml: it holds no `columns:`."),
        (b"<script>alert(1)</script>: 1", "columns.yaml: &lt;script&gt;alert(1)&lt;/script&gt;: there is no such set"),
        (COLUMNS + b"timezone: Mars/Base\n", "columns.yaml: There is no time zone"),
    ],
)
def test_a_broken_file_of_columns_says_what_is_wrong(talk: Interview, text: bytes, says: str) -> None:
    drop(talk, ("x.csv", UNKNOWN.encode()), ("columns.yaml", text))
    account = talk.measured._account.value
    assert says in account and "Nothing was changed." in account
    assert "<script" not in account and "/tmp" not in account
    assert talk.measured.rows == {} and not talk.measured.columns.is_open
    # Corrected, it is used for the export that is here already.
    drop(talk, ("columns.yaml", COLUMNS))
    assert "28 rows read, 28 used" in panel(talk)


def test_a_file_of_columns_alone_asks_for_the_export(talk: Interview) -> None:
    drop(talk, ("columns.yaml", COLUMNS))
    assert "columns.yaml: it only says which column is what, and the export is missing." in panel(talk)
    assert "Drop it together with the export" in panel(talk) and not talk.measured.columns.is_open
    drop(talk, ("a.yaml", COLUMNS), ("b.yml", COLUMNS), ("x.csv", UNKNOWN.encode()))
    assert "a.yaml, b.yml: these are several files of columns. Drop one of them." in panel(talk)


def test_a_file_of_columns_for_another_export_is_corrected_by_hand(talk: Interview) -> None:
    said = b"columns:\n  opened: Begin\n  resolved: Zeit B\n  team: Zeit A\n  closed:\n  level: Fall\n"
    drop(talk, ("columns.yaml", said), ("x.csv", UNKNOWN.encode()))
    assert "there is no column &#39;Begin&#39;" in panel(talk)
    # What the file says of columns that are there is chosen; what is guessed is not taken from it.
    assert chosen(talk) == {**dict.fromkeys(LABELS), "resolved": "Zeit B", "team": "Zeit A"}
    choose(talk, opened="Zeit A", team="Gruppe")
    assert "28 rows read, 28 used" in panel(talk)
    assert "Read with “columns.yaml”: columns. Its columns are corrected here." in panel(talk)
    assert "level: Fall\n" in saved(talk), "a role that is not asked for stays as the file says"


# ------------------------------------------------------------------------------------------------ an export understood


def test_what_was_understood_can_be_corrected(talk: Interview) -> None:
    drop(talk, ("service-desk.csv", EXPORT.read_bytes()))
    talk.measured.correct.click()
    header = EXPORT.read_text("utf-8").split("\n")[0].split(",")
    field = talk.measured.columns.fields["team"]
    assert [label for label, _ in field.options] == ["none", *header]
    assert (chosen(talk)["opened"], chosen(talk)["team"]) == ("opened_at", "assignment_group")
    talk.measured.correct.click()
    assert not talk.measured.columns.is_open, "the same button puts it away"
    talk.measured.correct.click()
    # None is none, although there is a column with a usual name.
    choose(talk, team=None, priority=None)
    assert "500 rows read, 500 used" in panel(talk) and "The export names" not in panel(talk)
    assert talk.measured.team.layout.display == "none"
    assert "p1-p2-volume" not in talk.measured.rows
    assert "team: null\n" in saved(talk)
    drop(talk, ("columns.yaml", saved(talk).encode()), ("service-desk.csv", EXPORT.read_bytes()))
    assert "500 rows read, 500 used" in panel(talk) and "The export names" not in panel(talk)


def test_a_correction_that_cannot_be_read_takes_the_offers_away(talk: Interview) -> None:
    drop(talk, ("service-desk.csv", EXPORT.read_bytes()))
    talk.measured.correct.click()
    choose(talk, closed="opened_at")
    assert "named as both" in panel(talk) and "500 rows read" not in panel(talk)
    assert talk.measured.rows == {} and talk.measured._offered.children == ()
    assert talk.measured.correct.layout.display == "none" and talk.measured.columns.is_open
    choose(talk, closed="closed_at")
    assert talk.measured.rows and talk.measured.correct.layout.display is None


def test_what_was_misunderstood_so_that_it_cannot_be_read_can_be_corrected(talk: Interview) -> None:
    drop(talk, ("x.csv", UNKNOWN.replace("Gruppe", "created").encode()))
    assert "Team B" not in panel(talk), "no cell is quoted"
    assert "not one of its 28 values can be read as a date, for example in row 2." in panel(talk)
    assert not talk.measured.columns.is_open and talk.measured.correct.layout.display is None
    talk.measured.correct.click()
    assert chosen(talk)["opened"] == "created"
    choose(talk, opened="Zeit A", resolved="Zeit B", team="created")
    assert "28 rows read, 28 used" in panel(talk) and "in the column “created”" in panel(talk)


def test_a_team_that_another_column_names_too_stays_chosen_and_is_read_once(
    talk: Interview, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(talk, ("service-desk.csv", EXPORT.read_bytes()))
    talk.measured.team.value = "Network"
    talk.measured.correct.click()
    wishes: list[Wish] = []
    monkeypatch.setattr(measured, "fulfil", lambda wish: wishes.append(wish) or fulfil(wish))
    choose(talk, team="category")
    assert [wish.chosen for wish in wishes] == ["Network"] and talk.measured.team.value == "Network"
    assert "Only 51 incidents of “Network” count." in panel(talk) and "in the column “category”" in panel(talk)


def test_a_team_that_was_chosen_is_let_go_with_its_column(talk: Interview) -> None:
    drop(talk, ("service-desk.csv", EXPORT.read_bytes()))
    talk.measured.team.value = "Service Desk"
    talk.measured.correct.click()
    assert chosen(talk)["team"] == "assignment_group"
    choose(talk, team="category")
    assert talk.measured.team.value == "" and "in the column “category”" in panel(talk)


def test_a_log_of_events_asks_for_what_it_needs(talk: Interview) -> None:
    rows = "".join(
        f"{n},2026-01-{n:02d} 1{step}:00,{status}\n" for n in DAYS for step, status in enumerate(("open", "closed"))
    )
    drop(talk, ("x.csv", f"ticket_id,timestamp,status\n{rows}".encode()))
    talk.measured.correct.click()
    assert chosen(talk)["time"] == "timestamp" and chosen(talk)["status"] == "status"
    assert "opened" not in chosen(talk)
    needed = [role for role, field in talk.measured.columns.fields.items() if "(needed)" in field.description]
    assert sorted(needed) == ["id", "status", "time"]
    choose(talk)
    assert "56 rows read, 56 used" in panel(talk)


def test_a_time_in_two_columns_stays_one(talk: Interview) -> None:
    rows = "".join(f"{n},2026-01-{n:02d},10:00,2026-01-{n:02d} 11:00\n" for n in DAYS)
    drop(talk, ("x.csv", f"number,Opened date,Opened time,resolved\n{rows}".encode()))
    talk.measured.correct.click()
    assert chosen(talk)["opened"] == "Opened date + Opened time"
    choose(talk)
    assert talk.measured.rows["time-to-restore"].offer.measured.value == 60


# --------------------------------------------------------------------------------------------------------- bad names


def test_names_of_columns_are_only_names(talk: Interview) -> None:
    long = "Wann " + "sehr " * 40 + "früh"
    script = '<script>alert("1")</script>'
    header = ["", "", script, long, "Zeit", "Zeit", "=cmd|x", "a\u202eb", "'\"`", "x: y #z"]
    rows = "".join(
        f"{n},{n},F{n},2026-01-{n:02d} 10:00,2026-01-{n:02d} 11:00,2026-01-{n:02d} 12:00,{n % 3},b,c,d\n" for n in DAYS
    )
    line = ",".join('"' + name.replace('"', '""') + '"' for name in header)
    drop(talk, ("x.csv", f"{line}\n{rows}".encode()))
    labels = [label for label, _ in talk.measured.columns.fields["opened"].options]
    assert labels[1:4] == ["column 1 (no name)", "column 2 (no name)", script]
    assert labels[4].startswith("Wann sehr") and labels[4].endswith("sehr früh") and len(labels[4]) < 80
    assert labels[5:7] == ["Zeit", "Zeit.1"]
    assert "<script>" not in panel(talk)
    choose(talk, id="column 1 (no name)", opened=labels[4], resolved="Zeit.1", item=script, type="'\"`", team="x: y #z")
    assert "28 rows read, 28 used" in panel(talk)
    assert "<script>" not in panel(talk)
    assert talk.measured.rows["time-to-restore"].offer.measured.value == 120
    text = saved(talk)
    drop(talk, ("columns.yaml", text.encode()), ("x.csv", f"{line}\n{rows}".encode()))
    assert "28 rows read, 28 used" in panel(talk) and "<script>" not in panel(talk)
    columns = talk.measured._found.export.columns  # type: ignore[union-attr]
    assert (columns["id"], columns["opened"], columns["item"]) == ("", " ".join(long.split()), script)
    drop(talk, ("<img src=x>.yaml", text.encode()), ("x.csv", f"{line}\n{rows}".encode()))
    assert "<img src=x>" not in panel(talk) and "Read with “&lt;img src=x&gt;.yaml”" in panel(talk)


def test_three_hundred_columns_are_all_offered(talk: Interview) -> None:
    header = ",".join(f"c{n}" for n in range(298)) + ",Zeit A,Zeit B\n"
    rows = "".join("x," * 298 + f"2026-01-{n:02d} 10:00,2026-01-{n:02d} 11:00\n" for n in DAYS)
    drop(talk, ("x.csv", (header + rows).encode()))
    assert all(len(field.options) == 301 for field in talk.measured.columns.fields.values())
    choose(talk, opened="Zeit A", resolved="Zeit B", team="c297")
    assert "28 rows read, 28 used" in panel(talk)


def test_columns_called_day_and_month_do_not_ask_for_the_order_of_dates(talk: Interview) -> None:
    drop(talk, ("x.csv", b"Day,Month\na,b\n"))
    assert talk.measured.columns.is_open and talk.measured.order.layout.display == "none"


def test_the_widgets_of_a_choice_are_closed_with_it(talk: Interview) -> None:
    drop(talk, ("x.csv", UNKNOWN.encode()))
    fields = [*talk.measured.columns.fields.values()]
    talk.measured.done.click()
    assert all(field.comm is None for field in fields)


def test_a_click_that_comes_before_the_change_that_it_follows_waits_for_it(talk: Interview) -> None:
    async def conversation() -> None:
        drop(talk, ("x.csv", UNKNOWN.encode()))
        await asyncio.gather(*talk.measured._tasks)
        fields = talk.measured.columns.fields
        talk.measured.columns.read.click()
        fields["team"].index = 5
        async with asyncio.timeout(60):
            while talk.measured.columns.is_open:
                await asyncio.sleep(0.01)

    asyncio.run(conversation())
    assert "in the column “Gruppe”" in panel(talk)


def test_what_is_asked_last_is_what_is_shown(talk: Interview) -> None:
    async def conversation() -> None:
        drop(talk, ("x.csv", UNKNOWN.encode()))
        await asyncio.gather(*talk.measured._tasks)
        assert talk.measured.columns.is_open
        for place in (-1, 1):
            talk.measured.columns.fields["resolved"].value = place
            talk.measured._read()
        await asyncio.gather(*talk.measured._tasks)

    asyncio.run(conversation())
    assert talk.measured.rows["time-to-restore"].offer.measured.value == 150
    assert not talk.measured.columns.is_open
