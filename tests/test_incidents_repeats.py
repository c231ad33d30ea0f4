"""Repeats: the same item and a description that says the same thing; and nobody's words or names are kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from rapidfuzz import fuzz

from assessment_kit.incidents import Import, alike, read_export

HEAD = "number,opened,resolved,ci,summary,reporter,assignee,team\n"
Reader = Callable[..., Import]


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    def run(rows: list[tuple[str, ...]], **options: str) -> Import:
        columns = HEAD.strip().split(",")
        pd.DataFrame(rows, columns=columns).to_csv(tmp_path / "export.csv", index=False)
        return read_export(tmp_path / "export.csv", **({"team": "A"} | options))

    return run


def row(number: int, ci: str, summary: str, team: str = "A") -> tuple[str, ...]:
    day = f"2026-01-{number:02d}"
    return (f"INC{number:04d}", f"{day} 10:00", f"{day} 12:00", ci, summary, "Beth Anglin", "Farid Kaya", team)


def test_an_incident_had_before_is_a_repeat_whatever_its_numbers(read: Reader) -> None:
    found = read(
        [
            row(1, "app1", "Job JB01 failed with code 7"),
            row(2, "app1", "job JB22 failed with code 15"),
            row(3, "app1", "Job JB3 failed with code 0x00ff12ab"),
            row(4, "app1", "Disk full"),
        ]
    )
    assert (found.measures["repeats"].value, found.measures["repeat_share"].value) == (1, 25.0)
    [group] = found.teams["A"].record["repeats"]
    assert group == {
        "text": "job jb# failed with code #",
        "item": "app1",
        "incidents": 2,
        "hours": 4.0,
        "ended": 2,
        "first": "2026-01-01",
        "last": "2026-01-02",
        "tickets": ["INC0001", "INC0002"],
    }


def test_the_same_words_about_another_item_are_another_incident(read: Reader) -> None:
    found = read([row(1, "app1", "Service is down"), row(2, "app2", "Service is down")])
    assert found.measures["repeats"].value == 0


def test_an_item_spelt_otherwise_is_the_same_item(read: Reader) -> None:
    found = read([row(1, "App1", "Service is down"), row(2, "app1 ", "Service is down"), row(3, "app1", "Disk full")])
    assert found.measures["repeats"].value == 1


@pytest.mark.parametrize(
    "one, other, same",
    [
        ("Nightly interface to the ledger fails", "Nightly interfaces to the ledger fails", True),
        ("Nightly interface to the ledger fails", "Nigthly interface to the ledger fails", True),
        ("Users cannot log in to the portal", "Users can not log in to the portal", True),
        ("Nightly interface to the ledger fails", "Nightly interface to the webshop fails", False),
        ("cpu high", "gpu high", False),
        ("Backup of the database failed", "Restore of the database failed", False),
    ],
)
def test_nearly_the_same_words_are_the_same_and_other_words_are_not(
    read: Reader, one: str, other: str, same: bool
) -> None:
    found = read([row(1, "app1", one), row(2, "app1", other), row(3, "app1", "Something else entirely went wrong")])
    assert found.measures["repeats"].value == int(same)


def test_a_team_counts_what_it_had_itself(read: Reader) -> None:
    rows = [row(day, "app1", "Service is down", "A" if day % 2 else "B") for day in range(1, 7)]
    found = read(rows, team="", team_column="team")
    assert found.measures["repeats"].value == 5
    assert [part.measures["repeats"].value for part in found.teams.values()] == [2, 2]


def test_incidents_without_a_telling_description_are_left_out_and_counted(read: Reader) -> None:
    found = read(
        [row(1, "app1", "Disk full"), row(2, "app1", "Disk full"), row(3, "app1", ""), row(4, "app1", "4711093")]
    )
    share = found.measures["repeat_share"]
    assert (share.value, share.n, share.n_left_out) == (50.0, 2, 2)


def test_without_descriptions_repeats_are_not_measured_rather_than_none(read: Reader) -> None:
    found = read([row(day, "app1", "") for day in range(1, 4)])
    assert found.measures["repeat_share"].value is None
    assert "'summary' is filled in 0 incidents of 3: not recorded" in found.measures["repeat_share"].reason
    assert "repeat-share" not in found.teams["A"].answers


def test_the_order_of_the_rows_leaves_no_trace(read: Reader) -> None:
    generator = np.random.default_rng(5)
    words = ["queue", "is", "full", "stuck", "again", "today", "slowly"]
    rows = [row(day, f"app{day % 3}", " ".join(generator.choice(words[:3], 2))) for day in range(1, 29)]
    before = read(rows).teams["A"].record
    after = read([rows[place] for place in generator.permutation(len(rows))]).teams["A"].record
    assert before["repeats"] == after["repeats"] != []
    assert before["measures"] == after["measures"]


def test_repeats_become_answers_that_leave_the_work_open(read: Reader) -> None:
    found = read([row(day, "app1", f"Queue {day} is stuck") for day in range(1, 29)])
    answers = found.teams["A"].answers
    assert answers["repeat-share"]["value"] == pytest.approx(100 * 27 / 28, abs=0.05)
    [only] = answers["repeat-incidents"]["value"]
    assert only == {"what": "app1: queue # is stuck", "times": {"amount": pytest.approx(30.4, abs=0.1), "per": "month"}}


def test_texts_that_differ_anywhere_are_compared_whatever_stands_between_them(
    read: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    between = [f"{word} server not responding" for word in ("antivirus proxy", "nightly backup", "citrix", "customs")]
    between += [f"email server {words}" for words in ("keeps asking twice", "lost mails at noon", "needs new disks")]
    told = ["email server not responding", "email server is not responding", *between]
    rows = [row(day, "app1", text) for day, text in enumerate(told, 1)]
    assert read(rows).measures["repeats"].value == 1
    monkeypatch.setattr(alike, "MOST_PAIRS", 0)
    assert read(rows).measures["repeats"].value == 0, "neither from their beginnings nor from their ends are they near"


def groups_by_hand(texts: list[str], items: list[int]) -> set[tuple[int, int]]:
    pairs = ((one, other) for one in range(len(texts)) for other in range(one + 1, len(texts)))
    return {(a, b) for a, b in pairs if items[a] == items[b] and fuzz.ratio(texts[a], texts[b]) >= alike.ALIKE}


def random_texts(seed: int) -> tuple[list[str], list[int]]:
    generator = np.random.default_rng(seed)
    words = "ledger portal zürich queue server fails is not responding again today interface nightly".split()
    places = []
    for _ in range(60):
        text = " ".join(generator.choice(words, int(generator.integers(3, 8))))
        for _ in range(int(generator.integers(1, 4))):
            cut = int(generator.integers(0, len(text)))
            other = str(generator.choice(["", "", "x", "ß", "中", "zz"]))
            places.append((int(generator.integers(0, 3)), text[:cut] + other + text[cut + 1 :]))
    ordered = sorted(set(places))
    return [text for _, text in ordered], [item for item, _ in ordered]


@pytest.mark.parametrize("seed", range(5))
def test_the_pairs_found_are_those_that_the_definition_names(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike, "_AT_ONCE", 100)
    monkeypatch.setattr(alike, "_BAGS", 30)
    texts, items = random_texts(seed)
    ones, others = alike.alike_pairs(pa.array(texts), np.array(items), np.arange(len(texts)))
    found = {(min(pair), max(pair)) for pair in zip(ones.tolist(), others.tolist(), strict=True)}
    assert found == groups_by_hand(texts, items) != set()


def test_beyond_the_limit_neighbours_are_compared_and_nothing_else_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike, "MOST_PAIRS", 0)
    texts, items = random_texts(1)
    ones, others = alike.alike_pairs(pa.array(texts), np.array(items), np.arange(len(texts)))
    found = {(min(pair), max(pair)) for pair in zip(ones.tolist(), others.tolist(), strict=True)}
    assert set() != found <= groups_by_hand(texts, items)


@pytest.mark.parametrize(
    "file, repeats",
    [("insight-bench/flag-1.csv", 198), ("insight-bench/flag-3.csv", 259), ("github-status/downtime_windows.csv", 490)],
)
def test_repeats_of_real_exports_are_those_of_all_pairs(shared_data: Path, file: str, repeats: int) -> None:
    """Counted by comparing every pair of masked texts in a loop, apart from the kit."""
    assert read_export(shared_data / file, team="T").measures["repeats"].value == repeats


PRIVATE = ("Anglin", "Farid", "Kaya", "goodliffe", "10.20.30.40", "db-prod-17", "4711093", "Zanzibar")


def test_words_and_names_are_in_no_record_and_no_answer(read: Reader, tmp_path: Path) -> None:
    text = "Farid Kaya asks why db-prod-17 (10.20.30.40) rejects d.goodliffe@example.com, ticket 4711093"
    rows = [row(day, "app1", text) for day in range(1, 9)]
    # A description that nobody else has is in no group, and nowhere.
    rows += [row(9, "app1", "The Zanzibar report is late")]
    found = read(rows)
    everything = json.dumps([found.to_dict(), found.teams["A"].answers, found.teams["A"].record]) + "\n".join(
        found.summary()
    )
    assert "asks why [host] rejects [e-mail] ticket #" in everything
    assert [word for word in PRIVATE if word.casefold() in everything.casefold()] == []
    assert not {"description", "caller", "assignee"} & set(found.teams["A"].tidy.columns)


def test_words_and_names_are_in_no_document_and_no_report(read: Reader, tmp_path: Path) -> None:
    from assessment_kit.intake import import_exports
    from assessment_kit.report import run_report

    text = "Farid Kaya asks why db-prod-17 (10.20.30.40) rejects d.goodliffe@example.com, ticket 4711093"
    read([row(day, "app1", text) for day in range(1, 29)])
    done = import_exports(
        [tmp_path / "export.csv"], workspace=tmp_path / "assessments", day=date(2026, 11, 24), team="A"
    )
    document = done.written[0].path
    page = run_report(document, tmp_path / "out")
    for path in [document, *(tmp_path / "out").rglob("*.html"), *(tmp_path / "out").rglob("*.ipynb")]:
        content = path.read_text(encoding="utf-8").casefold()
        assert [word for word in PRIVATE if word.casefold() in content] == [], path.name
    assert page is not None


def test_hours_of_a_group_do_not_depend_on_the_order_of_their_sum(tmp_path: Path) -> None:
    generator = np.random.default_rng(5)
    seconds = generator.integers(1, 90_000, 400)
    opened = np.datetime64("2026-01-05") + np.arange(400) * np.timedelta64(3, "h")
    frame = pd.DataFrame(
        {
            "number": [f"T{n}" for n in range(400)],
            "opened": opened.astype(str),
            "resolved": (opened + seconds.astype("timedelta64[s]")).astype(str),
            "ci": "app1",
            "summary": "Queue is not consumed",
        }
    )
    found = []
    for seed in range(6):
        frame.sample(frac=1, random_state=seed).to_csv(tmp_path / "e.csv", index=False)
        [group] = read_export(tmp_path / "e.csv", team="A").teams["A"].record["repeats"]
        found.append(group["hours"])
    assert set(found) == {round(float(seconds.sum()) / 3600, 1)}
