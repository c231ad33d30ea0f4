"""Who is still open: what the state says counts more than the times, and no stray time sets the day."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assessment_kit.incidents import Import, read_export

Reader = Callable[[str], Import]


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    def read_text(text: str) -> Import:
        (tmp_path / "export.csv").write_text(text, "utf-8")
        return read_export(tmp_path / "export.csv", team="T")

    return read_text


def rows(*given: tuple[str, str, int], start: int = 1) -> str:
    """Write tickets of February: a state, the cell of the end, and how many."""
    lines, day = [], start
    for state, end, how_many in given:
        for _ in range(how_many):
            date = f"2026-02-{day % 28 + 1:02d}"
            lines.append(f"{day},{date} 10:00,{end and f'{date} {end}'},{state}")
            day += 1
    return "id,opened_at,resolved_at,state\n" + "\n".join(lines) + "\n"


def value(found: Import, name: str) -> float | None:
    return found.measures[name].value


@pytest.mark.parametrize("header", ["id,opened_at,resolved_at,state", "number,opened_at,resolved_at,incident_state"])
def test_closed_without_a_time_is_not_open_and_has_its_own_reason(read: Reader, header: str) -> None:
    text = rows(("Resolved", "12:00", 20), ("Closed", "", 15), ("New", "", 5))
    found = read(text.replace("id,opened_at,resolved_at,state", header))
    assert value(found, "open") == 5
    assert value(found, "ended_without_time") == 15
    assert (found.measures["restore_mean_hours"].n, found.measures["restore_mean_hours"].n_left_out) == (20, 20)
    assert found.measures["open_age_mean_days"].n == 5
    name = header.rpartition(",")[2]
    assert (
        f"Which incidents are still open is told by '{name}': 'New' means open and 'Resolved', 'Closed' mean ended."
        in found.decisions
    )
    [warning] = found.warnings
    assert warning.startswith(f"15 incidents have ended by '{name}', and no time says when")
    definition = found.teams["T"].answers["time-to-restore"]["definition"]
    assert "20 incidents left out (5 still open, 15 ended without a time)." in definition


def test_an_open_ticket_with_an_old_end_is_open_and_not_restored(read: Reader) -> None:
    found = read(rows(("In Progress", "12:00", 10), ("New", "", 5), ("Resolved", "14:00", 10)))
    assert value(found, "open") == 15
    assert (value(found, "restore_mean_hours"), found.measures["restore_mean_hours"].n) == (4.0, 10)
    assert any("10 incidents are open by 'state' although a time of the end stands there" in w for w in found.warnings)
    tidy = found.teams["T"].tidy
    assert tidy["is_open"].sum() == 15
    assert tidy["ended"].notna().sum() == 10


def test_where_the_state_is_never_kept_the_times_decide(read: Reader) -> None:
    found = read(rows(("New", "12:00", 20), ("New", "", 5)))
    assert value(found, "open") == 5
    assert value(found, "restore_mean_hours") == 2.0
    assert any("By 'state' not one ticket has ended" in text for text in found.warnings)


def test_unknown_states_leave_it_to_the_times(read: Reader) -> None:
    found = read(rows(("blue", "12:00", 20), ("green", "", 5)))
    assert value(found, "open") == 5
    assert (
        "Which incidents are still open is told by the times: those without one of their end ('state' holds 'blue', "
        "'green': not understood)." in found.decisions
    )


OPEN = (
    "in_progress;In-Progress;InProgress;on_hold;re_opened;work_in_progress;WIP;Open (Reopened);Pending - Vendor;"
    "On hold: customer;In Arbeit;Wiedereröffnet;Wieder geöffnet;En cours de traitement;Réouvert;Reabierto;"
    "En espera/cliente;In lavorazione;Riaperto;Em análise;Aguardando cliente;In de wacht;Heropend"
)
ENDED = (
    "Abgeschlossen;Closed - Resolved;Closed (Auto);Auto-closed;Complete;Finished;Verified;Closed - Pending review;"
    "GELÖST;Gelo\u0308st;Clôturé;Résolue;Finalizado;Solucionado;Completato;Concluído;Afgehandeld;Afgesloten"
)


@pytest.mark.parametrize("state", OPEN.split(";"))
def test_words_of_open_tickets_however_they_are_written(read: Reader, state: str) -> None:
    found = read(rows(("Resolved", "12:00", 20), (state, "11:00", 3)))
    assert (value(found, "open"), found.measures["restore_mean_hours"].n) == (3, 20)


@pytest.mark.parametrize("state", ENDED.split(";"))
def test_words_of_ended_tickets_however_they_are_written(read: Reader, state: str) -> None:
    found = read(rows(("Resolved", "12:00", 20), (state, "", 3)))
    assert (value(found, "open"), value(found, "ended_without_time")) == (0, 3)


def test_an_event_log_knows_the_same_words(read: Reader) -> None:
    found = read("id,time,status\nA,2026-01-01 10:00,New\nA,2026-01-01 12:00,Closed (Auto)\nB,2026-01-02 10:00,WIP\n")
    assert (value(found, "open"), value(found, "restore_mean_hours")) == (1, 2.0)


def test_states_that_are_not_understood_are_named(read: Reader) -> None:
    strange = [(f"blue {letter}", "12:00", 7 - place) for place, letter in enumerate("abcdef")]
    sentence = "Jane wrote here what the customer said to her"
    found = read(rows(("Resolved", "12:00", 20), ("New", "", 5), (sentence, "", 9), *strange))
    [decision] = [text for text in found.decisions if "still open" in text]
    assert decision.endswith(
        "of other states ('blue a', 'blue b', 'blue c', 'blue d', 'blue e' and 1 more), a time of the end decides."
    )
    assert not any("Jane" in text for text in found.decisions)


def test_an_end_that_cannot_be_read_is_an_end(read: Reader) -> None:
    text = rows(("", "12:00", 20), ("", "at noon", 4), ("", "", 3))
    found = read(text + "x1,2026-02-02 10:00,not yet,\nx2,2026-02-02 10:00,Pending,\n")
    assert (value(found, "open"), value(found, "ended_without_time")) == (5, 4)
    assert found.measures["restore_mean_hours"].n == 20
    assert any(
        text.startswith("The end of 4 incidents cannot be read: they are not open, and without a time to restore (row ")
        for text in found.warnings
    )
    assert "4 ended without a time" in found.teams["T"].answers["time-to-restore"]["definition"]


def test_the_end_of_the_last_row_of_a_ticket_counts(read: Reader) -> None:
    text = rows(("", "12:00", 20), ("", "at noon", 2))
    later = "21,2026-02-22 10:00,2026-02-22 13:00,\n"
    found = read(text + later)
    assert (value(found, "open"), value(found, "ended_without_time")) == (0, 1)
    assert found.measures["restore_mean_hours"].n == 21


def test_the_state_decides_where_the_end_cannot_be_read(read: Reader) -> None:
    text = rows(
        ("Resolved", "12:00", 20), ("In progress", "at noon", 2), ("Closed", "at noon", 3), ("blue", "at noon", 1)
    )
    found = read(text)
    assert (value(found, "open"), value(found, "ended_without_time")) == (2, 4)
    assert any(text.startswith("The end of 4 incidents cannot be read") for text in found.warnings)
    assert not any("no time says when" in text for text in found.warnings)


def test_numbers_before_a_state_and_words_of_other_languages(read: Reader) -> None:
    found = read(rows(("7 - Closed", "", 4), ("2 - In Progress", "", 3), ("Erledigt", "12:00", 9), ("Offen", "", 2)))
    assert (value(found, "open"), value(found, "ended_without_time")) == (5, 4)


def test_jira_issues_that_are_done_without_a_resolution_date(read: Reader) -> None:
    lines = [
        f"OPS-{n},{n},Incident,Done,High,{n:02d}/Feb/26 10:17 AM,{f'{n:02d}/Feb/26 11:17 AM' if n % 2 else ''},Login"
        for n in range(1, 29)
    ]
    found = read("Issue key,Issue id,Issue Type,Status,Priority,Created,Resolved,Summary\n" + "\n".join(lines))
    assert (value(found, "open"), value(found, "ended_without_time")) == (0, 14)


def test_an_event_log_whose_last_event_reopens_a_ticket(read: Reader) -> None:
    found = read(
        "id,time,status\n"
        "A,2026-01-01 10:00,New\nA,2026-01-01 12:00,Resolved\nA,2026-01-01 15:00,In progress\n"
        "B,2026-01-02 10:00,New\nB,2026-01-02 11:00,Resolved\n"
    )
    assert (value(found, "open"), value(found, "restore_mean_hours")) == (1, 1.5)


def many(stray: str) -> str:
    lines = [f"{n},2026-01-{n % 28 + 1:02d} 10:00,2026-01-{n % 28 + 1:02d} 12:00" for n in range(50)]
    return "id,opened,resolved\n" + "\n".join([*lines, "open,2026-01-10 10:00,", stray]) + "\n"


def test_one_mistyped_year_neither_sets_the_day_nor_is_it_a_duration(read: Reader) -> None:
    found = read(many("typo,2026-01-05 10:00,2062-02-06 10:00"))
    assert "on 28 Jan 2026, the last day" in found.measures["open_age_mean_days"].definition
    assert value(found, "open_age_mean_days") == pytest.approx(18.08, abs=0.01)
    assert (value(found, "restore_mean_hours"), value(found, "open")) == (2.0, 1)
    [warning] = [text for text in found.warnings if "more than a year after every other time" in text]
    assert "(row 53 (typo))" in warning


@pytest.mark.parametrize("how_many", [2, 3, 9, 30])
@pytest.mark.parametrize("year", [2028, 2062])
def test_a_mistyped_year_among_few_tickets(read: Reader, how_many: int, year: int) -> None:
    lines = [f"{n},2026-02-{n:02d} 10:00,2026-02-{n:02d} 12:00" for n in range(1, how_many) if n < 28]
    found = read("id,opened,resolved\n" + "\n".join([*lines, f"typo,2026-02-03 10:00,{year}-02-03 12:00"]) + "\n")
    assert (value(found, "restore_mean_hours"), value(found, "open")) == (2.0, 0)
    [warning] = [text for text in found.warnings if "more than a year after every other time" in text]
    assert "is taken for a typing error" in warning


def test_few_tickets_with_years_between_them_are_believed(read: Reader) -> None:
    lines = [f"{year},{year}-02-01 10:00,{year}-02-01 12:00" for year in (2020, 2022, 2024, 2026)]
    found = read("id,opened,resolved\n" + "\n".join(lines) + "\n")
    assert found.measures["restore_mean_hours"].n == 4
    assert not any("more than a year after" in text for text in found.warnings)


def test_an_end_months_after_the_others_is_believed_and_does_not_set_the_day(read: Reader) -> None:
    found = read(many("slow,2026-01-05 10:00,2026-09-05 10:00"))
    assert "on 28 Jan 2026, the last day" in found.measures["open_age_mean_days"].definition
    assert found.measures["restore_mean_hours"].n == 51


def test_the_last_change_of_a_ticket_is_a_time_that_the_export_tells_of(read: Reader) -> None:
    lines = [
        f"{n},2026-01-{n + 1:02d} 10:00,{'' if n > 14 else f'2026-01-{n + 1:02d} 12:00'},2026-03-31 10:00"
        for n in range(20)
    ]
    found = read("id,opened,resolved,updated_at\n" + "\n".join(lines) + "\n")
    assert "on 31 Mar 2026, the last day" in found.measures["open_age_mean_days"].definition
    assert value(found, "open_age_mean_days") == 72.0
