"""Which tickets are nothing but a test, and what is no type and no item."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from assessment_kit.incidents import Import, read_export
from assessment_kit.incidents.kinds import kinds

TESTS = [
    "test test", "TEST TEST TEST", "Test 1", "test123", "Test ticket 2", "ignore - test", "Ignore: testing",
    "Please ignore this test ticket", "Test ticket for Bob please ignore", "Test ticket - do not action",
    "Test alert from monitoring, don't touch", "[TEST] pls ignore", "“test”", "This is just a test",
]  # fmt: skip
INCIDENTS = [
    "Test environment is down", "test server 3 does not answer", "Test 1 failed", "Testing shows payment fails",
    "Ignored test users can log in", "Test page does not print", "Internet is down", "Tester cannot log in",
    "Please ignore the last ticket, test server down", "Test ticket for Bob", "ignore",
]  # fmt: skip


@pytest.mark.parametrize("categorical", [False, True])
def test_tickets_that_are_nothing_but_a_test(categorical: bool) -> None:
    texts = pd.Series(TESTS + INCIDENTS, dtype="category" if categorical else "str")
    found = np.asarray(kinds({"description": texts}, frozenset(), len(texts)), dtype=object)
    told = dict(zip(TESTS + INCIDENTS, found.tolist(), strict=True))
    assert told == dict.fromkeys(TESTS, "test") | dict.fromkeys(INCIDENTS, "incident")


# ---------------------------------------------------------------------------------------------- no types and no items

Writer = Callable[..., Import]


@pytest.fixture
def read(tmp_path: Path) -> Writer:
    def written(rows: list[dict[str, str]], **options: object) -> Import:
        pd.DataFrame(rows).to_csv(tmp_path / "x.csv", index=False)
        return read_export(tmp_path / "x.csv", team="T", **options)  # type: ignore[arg-type]

    return written


def ticket(n: int, **cells: str) -> dict[str, str]:
    return {"id": f"{n}", "opened": f"2026-01-{n % 28 + 1:02d}", "resolved": f"2026-01-{n % 28 + 1:02d}", **cells}


def stored(found: Import) -> str:
    part = found.teams["T"]
    return json.dumps([part.answers, part.record], ensure_ascii=False)


def test_the_names_of_a_status_page_are_no_types(tmp_path: Path) -> None:
    names = ["Customer Hans Muster reports card 4111 1111 1111 1111 rejected", "Database down for ticket 4711"]
    incidents = [
        {
            "id": f"s{n}", "name": names[n % 2], "status": "resolved", "impact": "major", "shortlink": "http://s",
            "started_at": f"2026-02-{n + 1:02d}T10:00:00Z", "resolved_at": f"2026-02-{n + 1:02d}T12:00:00Z",
        }
        for n in range(28)
    ]  # fmt: skip
    (tmp_path / "page.json").write_text(json.dumps({"page": {"id": "p"}, "incidents": incidents}), "utf-8")
    found = read_export(tmp_path / "page.json", team="T")
    assert found.format == "statuspage"
    assert "4111" not in stored(found)
    assert "incident-types" not in found.teams["T"].answers
    reason = "a status page tells types by its components, and this export names none"
    assert f"No types of incident are read: {reason}." in found.decisions


def test_values_that_are_nearly_all_different_are_no_types(read: Writer) -> None:
    rows = [ticket(n, category=f"Call of customer {n} about invoice", summary="call") for n in range(24)]
    found = read(rows)
    assert "about invoice" not in stored(found)
    reason = "'category' holds 24 different texts in 24 incidents, which look like descriptions"
    assert f"No types of incident are read: {reason} (name it" in str(found.decisions)
    assert found.teams["T"].tidy["type"].isna().all()
    assert "about invoice" in stored(read(rows, columns={"type": "category"})), "a person who names it means it"


@pytest.mark.parametrize(
    "rows, each, category",
    [(24, 2, "Call of customer {} about invoice"), (19, 1, "Call of {} about it"), (25, 1, "Kind {}")],
)
def test_types_that_several_incidents_have_are_types_and_so_are_those_of_few_and_short_ones(
    read: Writer, rows: int, each: int, category: str
) -> None:
    found = read([ticket(n, category=category.format(n // each), summary="call") for n in range(rows)])
    assert "incident-types" in found.teams["T"].answers


def test_long_numbers_that_several_incidents_have_are_items(read: Writer) -> None:
    rows = [ticket(n, ci=f"{n % 38:032x}", summary="disk is full") for n in range(40)]
    assert read(rows).measures["repeats"].value == 2


def test_an_item_that_says_what_the_description_says_is_none(read: Writer) -> None:
    rows = [
        ticket(n, ci=f"Card 4111 of caller {n % 3} fails", summary=f"card 4111 of  Caller {n % 3} fails")
        for n in range(9)
    ]
    found = read(rows)
    assert "4111" not in stored(found)
    assert "No affected items are read: 'ci' says what the description says." in found.decisions
    assert found.teams["T"].record["repeats"][0]["incidents"] == 9
    assert "4111" not in stored(read([row | {"ci": f"srv{n % 3}"} for n, row in enumerate(rows)]))


def test_a_description_named_by_hand_is_neither_type_nor_item(read: Writer) -> None:
    rows = [ticket(n, category=f"Card 4111 of caller {n % 3} fails") for n in range(24)]
    found = read(rows, columns={"description": "category"})
    assert "4111" not in stored(found)
    assert "No types of incident are read: 'category' is the description." in found.decisions


@pytest.mark.parametrize(
    "alias, items",
    [("945e402b-07fa-4692-8afc-{n:012x}-1770000000000", False), ("{n:024x}", False), ("checkout-{n}", True)],
    ids=["Opsgenie's own", "a number of a machine", "names"],
)
def test_an_id_of_each_incident_is_no_item(tmp_path: Path, alias: str, items: bool) -> None:
    rows = [
        f"{n},{alias.format(n=n)},CPU load too high on checkout service,2026-01-{n % 28 + 1:02d} 10:00"
        for n in range(40)
    ]
    (tmp_path / "e.csv").write_text("\n".join(["TinyId,Alias,Message,CreatedAt", *rows]))
    found = read_export(tmp_path / "e.csv", team="A")
    assert found.measures["repeats"].value == (0 if items else 39)
    assert (found.measures["flapping"].reason == "'Alias' holds an id of each incident's own") is not items
