"""The index: a portfolio in one file, with nothing drawn that nobody said and nothing run that somebody wrote."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from assessment_kit.audience import Audience
from assessment_kit.changes import find_changes
from assessment_kit.document import to_json
from assessment_kit.document_file import read_document
from assessment_kit.errors import StorageError, UsageError
from assessment_kit.evaluate import evaluate
from assessment_kit.pages.index_page import IndexEntry, index_entry, render_index
from assessment_kit.pages.portfolio_page import PARTS
from assessment_kit.pages.tables_since import shown as shown_change
from assessment_kit.pages.team_portfolio import open_portfolio
from assessment_kit.summaries import summarise
from assessment_kit.workspace import Workspace
from benchmarks.teams import write_teams
from tests.builders import COHERENT, GUIDE, document, not_applicable, said, unknown
from tests.report_notebooks import HOSTILE

EXAMPLES = Path(__file__).parents[1] / "examples" / "workspace"
NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "portfolio.ipynb"


def entry(
    team: str, answers: dict[str, Any], *, audience: Audience = "team", href: str = "", error: str = ""
) -> IndexEntry:
    made = document(answers, team=team)
    return IndexEntry(team, made.date, href, error, summarise(made, GUIDE, audience=audience))


def shown(*entries: IndexEntry, audience: Audience = "team", generated: str = "2026-11-24") -> BeautifulSoup:
    return BeautifulSoup(render_index(entries, guide=GUIDE, audience=audience, generated=generated), "html.parser")


def portfolio_of_examples() -> BeautifulSoup:
    found = open_portfolio(EXAMPLES)
    return BeautifulSoup(found.teams().html + found.trend().html, "html.parser")


def row(soup: BeautifulSoup, table: str, team: str) -> list[str]:
    """Return the cells of a team's row as a reader sees them."""
    for found in soup.select(f".{table} tbody tr"):
        cells = [" ".join(cell.get_text(" ").split()) for cell in found.find_all(["th", "td"])]
        if cells[0].startswith(team):
            return cells
    raise AssertionError(f"no row of {team} in {table}")


def headings(soup: BeautifulSoup) -> list[str]:
    return [heading.get_text(strip=True) for heading in soup.find_all("h2")]


# -- What is shown -----------------------------------------------------------------------------------------------------


def test_a_field_shows_score_interval_and_coverage_without_pointing_at_it() -> None:
    cells = row(shown(entry("Payments", COHERENT)), "ak-heat", "Payments")
    score = summarise(document(COHERENT), GUIDE, audience="team").scores[0]
    assert cells[0] == "Payments 24 Nov 2026"
    assert cells[1] == f"{score.score:.1f} {score.low:.1f}–{score.high:.1f} 100 %"


def test_a_field_has_the_colour_of_the_level_that_the_report_names() -> None:
    names = [level.name for level in sorted(GUIDE.levels, key=lambda level: level.level)]
    found = portfolio_of_examples()
    cells = {str(cell.b.string): str(cell["class"][1]) for cell in found.select(".ak-heat td.lv:has(b)")}
    assert cells.pop("–") == "s0"
    assert len(cells) > 10
    assert any(float(score) % 1 > 0.5 for score in cells)  # rounded would be another level
    for score, shade in cells.items():
        assert names[int(shade.removeprefix("s")) - 1] == GUIDE.level_name(float(score))


def test_a_score_moves_by_as_much_as_the_report_says() -> None:
    found = portfolio_of_examples()
    for team, earlier, now in (
        ("Payments", "payments/2026-05-12", "payments/2026-11-10"),
        ("Identity access", "identity-access/2026-05-19", "identity-access/2026-11-17"),
    ):
        then, today = (evaluate(read_document(EXAMPLES / f"{name}.json"), GUIDE) for name in (earlier, now))
        changes = find_changes(then, today, GUIDE, that_day=then)
        expected = [shown_change(change).change for change in (changes.overall, *changes.sections)]
        cells = row(found, "ak-trend", team)[2:7]
        assert sum(change is not None for change in expected) > 2
        for cell, change in zip(cells, expected, strict=True):
            if change is None:
                assert cell == "not enough answers"
                continue
            words, before, after = re.fullmatch(r"(.+) (\d\.\d) → (\d\.\d)", cell).groups()  # type: ignore[union-attr]
            assert words == ("no change" if change == 0 else f"{change:+.1f}".replace("-", "−"))
            assert round(float(after) - float(before), 1) == change


def test_what_is_not_covered_is_absent_and_never_zero() -> None:
    noise = ("alert-volume", "actionable-alerts", "alert-triage-time")
    nobody_knows = {question: unknown() for question in ("toil-tasks", *noise)}
    soup = shown(entry("Empty", {}), entry("Unknown", nobody_knows))
    assert row(soup, "ak-heat", "Empty")[1:] == ["no answers"] * 5 + ["none", "none"]
    assert row(soup, "ak-hours", "Empty")[1:] == ["not answered"] * 4 + ["not known"]
    assert row(soup, "ak-hours", "Unknown")[2:4] == ["don’t know", "don’t know"]
    for cell in soup.select(".ak-heat td, .ak-hours td.h"):
        assert cell.get_text(strip=True) not in ("0", "0.0", "0 h")
    assert not soup.select(".ak-heat td.s1, .ak-hours td.h"), "no shade and no bar"


def test_hours_have_a_bar_and_an_interval_on_one_scale() -> None:
    soup = shown(
        entry("A", {"toil-tasks": said([{"task": "x", "times": {"amount": 10, "per": "month"}, "each": "1h"}])})
    )
    cell = next(cell for cell in soup.select(".ak-hours td.h"))
    ends = [float(end) for end in re.findall(r"--[vlh]:([\d.]+)", str(cell["style"]))]
    assert cell.get_text(" ", strip=True) == "10 h 5.6–15.6 h"
    assert ends[2] == 1 and ends[1] < ends[0] < 1


def test_every_column_of_a_theme_stands_under_its_heading() -> None:
    answers = {"toil-tasks": [{"task": "Renew certificates", "times": {"amount": 9, "per": "month"}, "each": "1h"}]}
    table = shown(entry("A", answers), entry("B", answers)).select_one(".ak-themes")
    assert table is not None and table.button is not None
    table.button.extract()
    heads = [head.get_text() for head in table.select("thead th")]
    row_of_it = table.select("tbody tr")[0]
    cells = [cell.get_text(" ", strip=True).replace(" ,", ",") for cell in row_of_it.find_all(["th", "td"])]
    assert dict(zip(heads, cells, strict=True)) == {
        "Task, and how teams put it": "Renew certificates",
        "Hours a month together": "18 h",
        "Teams": "2 A, B",
        "Could it be automated?": "nobody said",
        "Effort, as said": "nobody said",
    }


def test_teams_stand_in_alphabetical_order_in_every_table() -> None:
    soup = shown(*(entry(team, COHERENT) for team in ("zebra", "Äpfel", "Mango", "apple")))
    for table in ("ak-heat", "ak-hours", "ak-figs"):
        found = [cell.bdi.get_text() for cell in soup.select(f".{table} tbody th")]
        assert found == ["apple", "Mango", "zebra", "Äpfel"]


def test_a_name_leads_to_its_report_whatever_the_file_is_called() -> None:
    soup = shown(entry("A", COHERENT, href="a b #1?.html"), entry("B", COHERENT))
    links = [link["href"] for link in soup.select(".ak-heat a")]
    assert links == ["a%20b%20%231%3F.html"]


def test_a_failed_team_stands_with_its_reason_and_does_not_count() -> None:
    failed = IndexEntry("Broken", "2026-11-24", "broken.html", "answers.x: wrong <b>here</b>. Mend it.", None)
    soup = shown(entry("A", COHERENT), failed)
    assert "1 of 2 teams failed" in soup.get_text(" ")
    part = soup.find(id="failed")
    assert isinstance(part, Tag) and "wrong <b>here</b>" in part.get_text()
    assert part.a is not None and part.a["href"] == "broken.html"
    assert len(soup.select(".ak-heat tbody tr")) == 1


def test_the_day_that_ages_are_counted_from_is_stated() -> None:
    answers = {"action-items": [{"what": "write it", "owner": "Lee", "due": "2026-12-04"}]}
    soup = shown(entry("A", answers), generated="2026-12-14")
    assert "As of 14 Dec 2026" in soup.get_text(" ") and "10 days past" in soup.get_text(" ")
    undated = shown(entry("A", answers), generated="")
    assert "As of 24 Nov 2026" in undated.get_text(" "), "the day of the latest assessment"
    assert "Generated" not in undated.get_text(" ")


def test_every_percentage_and_sum_says_of_how_many() -> None:
    soup = shown(entry("A", COHERENT), entry("B", {}))
    sums = [cell.get_text(" ", strip=True) for cell in soup.select(".ak-hours .all td")]
    assert all("1 of 2 teams" in cell for cell in sums)


def test_a_sum_is_a_least_one_where_a_team_does_not_know_and_not_where_it_does_not_apply() -> None:
    toil = said([{"task": "x", "times": {"amount": 10, "per": "month"}, "each": "1h"}], "measured")
    known, unsaid = entry("A", {"toil-tasks": toil}), entry("B", {"toil-tasks": unknown()})
    no_toil = entry("C", {"toil-tasks": not_applicable("all of it is automated")})

    def manual(*entries: IndexEntry) -> str:
        found: str = shown(*entries).select(".ak-hours .all td")[1].get_text(" ", strip=True)
        return found

    assert manual(known, unsaid) == "at least 10 h 1 of 2 teams"
    assert manual(known, no_toil) == "10 h 1 of 2 teams"
    assert "not known" in manual(unsaid, no_toil)
    assert "named at least 10 h a month" in shown(known, unsaid).get_text(" ").replace("\u00a0", " ")
    assert "Manual work a month, at least" in shown(known, unsaid).get_text(" ")


def test_leadership_gets_no_owner_and_is_told_so() -> None:
    rows = {"action-items": [{"what": "write it", "owner": "Priya Raman"}]}
    soup = shown(entry("A", rows, audience="leadership"), audience="leadership")
    assert "Priya" not in str(soup)
    assert "names are left out for this audience" in soup.get_text(" ")


# -- Hostile and odd input ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [*HOSTILE, '"><img src=x onerror=alert(1)>', "=cmd|' /C calc'!A0", "\u202egnp.exe"])
def test_hostile_text_only_appears(text: str) -> None:
    rows = {
        "toil-tasks": [{"task": text, "times": {"amount": 9, "per": "week"}, "each": "1h"}],
        "repeat-incidents": [{"what": text, "cause": text}],
        "action-items": [{"what": text, "owner": text, "status": "open", "due": "2026-12-01"}],
        "time-to-restore": said("1h", definition=text),
    }
    bad = IndexEntry(text, text, text, text, None)
    soup = shown(entry(text, rows, href=text), entry(f"{text} too", {**rows, "time-to-restore": said("2h")}), bad)
    scripts = [script for script in soup.find_all("script") if script.get("type") != "application/json"]
    assert len(scripts) == 1 and not soup.find_all("img")
    assert not [tag for tag in soup.find_all(True) if any(name.startswith("on") for name in tag.attrs)]
    assert not [link for link in soup.find_all("a", href=True) if str(link["href"]).startswith("javascript:")]
    words = " ".join(text.split())
    assert " ".join(soup.get_text().split()).count(words) > 8


def test_the_browser_may_run_the_one_script_and_nothing_else() -> None:
    html = render_index([entry("A", COHERENT)], guide=GUIDE, audience="team", generated="2026-11-24")
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)
    assert policy is not None
    assert "default-src 'none'" in policy[1]
    assert re.search(r"script-src 'sha256-[A-Za-z0-9+/=]+';", policy[1])
    assert not re.search(r"(?:https?:)?//\w", re.sub(r"sha256-\S+", "", html)), "no address of anything"


@pytest.mark.parametrize("entries", [[], [IndexEntry("Broken", "2026-11-24", "", "no JSON", None)]])
def test_without_a_usable_team_the_page_says_so(entries: list[IndexEntry]) -> None:
    soup = shown(*entries)
    assert headings(soup) == [heading for _, heading, _ in PARTS]
    assert "There is no assessment to compare yet." in soup.get_text(" ")


def test_one_team_is_a_page_too() -> None:
    soup = shown(entry("Payments", COHERENT))
    assert soup.h1 is not None and soup.h1.get_text() == "Production support: 1 team"
    assert "No task is named by two teams" in soup.get_text(" ")


def test_the_same_teams_give_the_same_bytes_in_any_order() -> None:
    entries = [entry(team, COHERENT, href=f"{team}.html") for team in "ABC"]
    made = {
        render_index(some, guide=GUIDE, audience="team", generated="2026-11-24") for some in (entries, entries[::-1])
    }
    assert len(made) == 1


def test_five_hundred_varied_teams_are_one_small_page(tmp_path: Path) -> None:
    write_teams(tmp_path, 500, seed=7, guide=GUIDE)
    workspace = Workspace(tmp_path)
    entries = []
    for folder in workspace.teams():
        path = workspace.latest(folder)
        assert path is not None
        href = f"{folder.name}-{path.stem}.html"
        entries.append(index_entry(path, GUIDE, "team", team=folder.name, day=path.stem, href=href, error=""))
    html = render_index(entries, guide=GUIDE, audience="team", generated="2026-11-24")
    assert html.count("<tr data-t=") > 1_500
    assert len(html.encode()) < 1_500_000, "half of what a thousand teams may take"


# -- The folder --------------------------------------------------------------------------------------------------------


def write(folder: Path, team: str, day: str, text: str) -> None:
    path = folder / team / f"{day}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_a_folder_is_read_with_its_history_and_a_broken_document_is_named(tmp_path: Path) -> None:
    good = json.loads(to_json(document(COHERENT)))
    write(tmp_path, "payments", "2026-11-24", json.dumps(good))
    write(tmp_path, "payments", "2026-05-12", json.dumps({**good, "date": "2026-05-12"}))
    write(tmp_path, "broken", "2026-11-24", '{"schema": 1,')
    page = open_portfolio(tmp_path, "", "team")
    assert [team.previous.isoformat() for team in page.portfolio.with_history if team.previous] == ["2026-05-12"]
    assert [entry.team for entry in page.unusable] == ["broken"]
    assert "1 of 2 teams failed" in str(page.head().html)


def test_an_empty_folder_is_a_portfolio_without_teams(tmp_path: Path) -> None:
    page = open_portfolio(tmp_path, "", "team")
    assert all(getattr(page, method)().html for _, _, method in PARTS)


@pytest.mark.parametrize(
    "workspace, audience, message",
    [
        ("", "team", "Give the parameter workspace"),
        (".", "", "Give the parameter audience"),
        (".", "everybody", "Use team, sre or leadership"),
    ],
)
def test_a_forgotten_parameter_is_asked_for(workspace: str, audience: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        open_portfolio(workspace, "", audience)


def test_a_folder_that_is_not_there_is_named_with_the_places_looked_at(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"no such folder .*nowhere"):
        open_portfolio(tmp_path / "nowhere", "", "team")


def test_the_notebook_has_every_part_under_its_heading() -> None:
    cells = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells]
    pairs = [(f"## {heading}", f"portfolio.{method}()") for _, heading, method in PARTS]
    assert [*zip(sources[5::2], sources[6::2], strict=True)] == pairs
