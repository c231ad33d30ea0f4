"""The index in a browser: five hundred teams filtered while somebody types, on a phone, on paper, without scripts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from assessment_kit.document import to_json
from assessment_kit.pages.index_page import index_entry, render_index
from assessment_kit.pages.portfolio_page import PortfolioPage
from assessment_kit.pages.team_portfolio import open_portfolio
from assessment_kit.portfolio import Portfolio, compare
from assessment_kit.summaries import FIGURES
from assessment_kit.workspace import Workspace
from benchmarks.teams import write_teams
from tests.builders import COHERENT, GUIDE, document
from tests.visits import keyboard_path, opened, serious_faults, too_wide

TEAMS = 500
HOSTILE_TEAM = "</script><img src=x onerror=alert(1)> $x$ [a](javascript:alert(1))"

VISIBLE = ".ak-heat tbody tr:not([hidden])"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of five hundred varied teams and a hostile one."""
    folder = tmp_path_factory.mktemp("index")
    workspace = Workspace(folder / "workspace")
    write_teams(workspace.root, TEAMS, seed=3, guide=GUIDE)
    rows = [{"task": HOSTILE_TEAM}, {"task": "Renew certificates"}]
    actions = [{"what": HOSTILE_TEAM, "owner": "Zuleika Dobson", "due": "2026-12-01", "status": "open"}]
    made = document({**COHERENT, "toil-tasks": rows, "action-items": actions}, team=HOSTILE_TEAM)
    path = workspace.path_for(made.team, made.day)
    path.parent.mkdir()
    path.write_text(json.dumps(json.loads(to_json(made))), encoding="utf-8")
    entries = []
    for team in workspace.teams():
        latest = workspace.latest(team)
        assert latest is not None
        name = f"{team.name}.html"
        entries.append(index_entry(latest, GUIDE, "team", team=team.name, day=latest.stem, href=name, error=""))
    page = folder / "index.html"
    page.write_text(render_index(entries, guide=GUIDE, audience="team", generated="2026-11-24"), encoding="utf-8")
    return page


def test_it_asks_for_nothing_and_hostile_text_does_nothing(browser: Any, index: Path) -> None:
    with opened(browser, index) as visit:
        assert visit.requests == [index.as_uri()]
        assert visit.console == [] and visit.dialogs == []
        assert visit.page.locator("main img").count() == 0
        assert visit.page.locator(f"{VISIBLE} th", has_text="</script><img src=x").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(browser: Any, index: Path, scheme: str) -> None:
    with opened(browser, index, color_scheme=scheme, bypass_csp=True) as visit:
        # Rows of one kind are alike: axe looks at the first and the special ones, not at fifty thousand cells.
        visit.page.evaluate(
            """() => document.querySelectorAll(".ak-grid tbody").forEach((body) =>
                 [...body.rows].slice(25).forEach((row) => row.remove()))"""
        )
        assert serious_faults(visit.page) == []


def test_typing_filters_all_tables_and_says_how_many_are_left(browser: Any, index: Path) -> None:
    with opened(browser, index) as visit:
        page = visit.page
        everything = page.locator(VISIBLE).count()
        assert everything == TEAMS + 1
        page.get_by_label("Find").fill("payments")
        names = page.locator(f"{VISIBLE} th bdi").all_inner_texts()
        assert 0 < len(names) < everything and all("payments" in name.lower() for name in names)
        assert page.locator(".ak-hours tbody tr:not([hidden])").count() == len(names)
        assert page.locator(".ak-filter [role=status]").inner_text() == f"{len(names)} of {everything} teams"
        page.get_by_role("button", name="Show all").click()
        assert page.locator(VISIBLE).count() == everything
        assert page.evaluate("document.activeElement.type") == "search"


def test_a_team_is_found_by_its_owner_and_by_its_task_without_accents(browser: Any, index: Path) -> None:
    with opened(browser, index) as visit:
        page = visit.page
        page.get_by_label("Find").fill("zuleika")
        assert page.locator(f"{VISIBLE} th bdi").all_inner_texts() == [" ".join(HOSTILE_TEAM.split())[:80]]
        assert page.locator(".ak-promises tr.owner:not([hidden])").count() == 1
        page.get_by_label("Find").fill("lea tremblay")
        # Text and not inner text: what is out of sight is not laid out, and has none.
        owners = page.locator(".ak-promises tr.owner:not([hidden])").all_text_contents()
        assert any("Léa Tremblay" in owner for owner in owners)


def test_a_filter_and_a_theme_pick_teams(browser: Any, index: Path) -> None:
    with opened(browser, index) as visit:
        page = visit.page
        page.get_by_role("combobox").select_option("late")
        late = page.locator(VISIBLE).count()
        assert 0 < late < TEAMS
        assert page.locator(f"{VISIBLE}:has(.late)").count() == late
        page.get_by_role("button", name="Show all").click()
        theme = page.locator(".ak-themes tbody tr").first
        count = int((theme.locator("td b").text_content() or "").replace(",", ""))
        button = theme.get_by_role("button", name="show only these")
        button.click()
        assert page.locator(VISIBLE).count() == count
        assert button.get_attribute("aria-pressed") == "true"
        button.click()
        assert page.locator(VISIBLE).count() == TEAMS + 1


def cells(page: Any, selector: str) -> list[list[str]]:
    """Return the text of each cell's parts: the value, and what stands below it."""
    found: list[list[str]] = page.eval_on_selector_all(
        selector,
        "all => all.map(cell => [...cell.childNodes].map(node => node.textContent.trim()).filter(Boolean))",
    )
    return found


def in_python(found: Portfolio, names: list[str]) -> list[list[str]]:
    """Return the sums of the teams of these names as the same page of only these teams has them."""
    some = [team for team in found.teams if " ".join(team.team.split())[:80] in names]
    html = str(PortfolioPage(compare(some, audience="team", as_of=found.as_of), GUIDE).hours().html)
    feet = BeautifulSoup(html, "html.parser").select(".all td")
    return [[" ".join(str(part.get_text()).split()) for part in cell.children] for cell in feet]


@pytest.mark.parametrize("words", ["payments", "zuleika", "lea tremblay"])
def test_sums_are_of_the_teams_that_are_shown_and_say_of_how_many(browser: Any, index: Path, words: str) -> None:
    everything = open_portfolio(index.parent / "workspace", "", "team").portfolio
    with opened(browser, index) as visit:
        page = visit.page
        before = cells(page, ".ak-hours .all > *"), cells(page, ".ak-figs .all > *"), cells(page, ".ak-bars td")
        page.get_by_label("Find").fill(words)
        names = page.locator(f"{VISIBLE} th bdi").all_text_contents()
        assert 0 < len(names) < TEAMS
        label, *sums = cells(page, ".ak-hours .all > *")
        assert label == [f"{len(names)} of {TEAMS + 1} teams"]
        assert sums == in_python(everything, names)
        due = [int(words) for [words] in cells(page, ".ak-bars:first-child td")]
        assert sum(due) == page.locator(".ak-promises tr[data-b]:not([hidden])").count()
        assert cells(page, ".ak-figs .all > *") != before[1]
        page.get_by_role("button", name="Show all").click()
        after = cells(page, ".ak-hours .all > *"), cells(page, ".ak-figs .all > *"), cells(page, ".ak-bars td")
        assert after == before


def test_the_middle_of_an_odd_number_is_the_one_that_python_gives(browser: Any, index: Path) -> None:
    found = open_portfolio(index.parent / "workspace", "", "team").portfolio
    with opened(browser, index) as visit:
        visit.page.get_by_label("Find").fill("payments")
        names = visit.page.locator(f"{VISIBLE} th bdi").all_text_contents()
        some = compare([t for t in found.teams if t.team in names], audience="team", as_of=found.as_of)
        shown = cells(visit.page, ".ak-figs .all td")
        checked = 0
        for place, figure in enumerate(FIGURES):
            # Only those that the whole page compares: a definition that is the usual one of a few may be another.
            usual = found.figures[figure]
            values = [usual.values[team.id].value for team in some.teams if team.id in usual.values]
            if len(values) % 2:
                wanted = next(
                    t.id
                    for t in some.teams
                    if usual.values.get(t.id) and usual.values[t.id].value == sorted(values)[len(values) // 2]
                )
                row = next(n for n, team in enumerate(found.teams) if team.id == wanted)
                written = cells(visit.page, f".ak-figs tr[data-t='{row}'] td")[place]
                assert shown[place] == [written[0], f"of {len(values)} team{'s' * (len(values) != 1)}"]
                checked += 1
        assert checked


def test_nothing_found_says_so(browser: Any, index: Path) -> None:
    with opened(browser, index) as visit:
        visit.page.get_by_label("Find").fill("no team is called this")
        alert = visit.page.get_by_role("alert").inner_text()
        assert alert == "No team matches “no team is called this”. Try fewer words, or show all."
        empty = visit.page.locator(".ak-tall.ak-empty")
        assert empty.count() == visit.page.locator(".ak-tall").count()
        assert "Nothing here" in empty.first.evaluate("one => getComputedStyle(one, '::before').content")
        assert visit.page.locator(".ak-tall table").first.is_hidden()
        assert visit.page.locator(".ak-filter [role=status]").inner_text() == f"0 of {TEAMS + 1} teams"


def test_a_key_stroke_does_little_work(browser: Any, index: Path) -> None:
    with opened(browser, index, bypass_csp=True) as visit:
        # Processor time of the filter itself with the layout that it causes: a busy machine waits longer, but does no
        # more. The figures a reader waits for are in benchmarks/index.py.
        visit.page.get_by_label("Find").fill("a")
        session = visit.page.context.new_cdp_session(visit.page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})

        def worked() -> float:
            found = {metric["name"]: metric["value"] for metric in session.send("Performance.getMetrics")["metrics"]}
            return float(found["ScriptDuration"] + found["LayoutDuration"] + found["RecalcStyleDuration"])

        before = worked()
        visit.page.get_by_label("Find").fill("pa")
        visit.page.evaluate("document.body.offsetHeight")
        assert worked() - before < 0.5


def test_a_phone_shows_it_without_scrolling_sideways(browser: Any, index: Path) -> None:
    with opened(browser, index, viewport={"width": 390, "height": 844}) as visit:
        assert too_wide(visit.page) == []


def test_a_telephone_says_which_tables_go_on_and_keeps_the_teams_in_sight(browser: Any, index: Path) -> None:
    with opened(browser, index, viewport={"width": 390, "height": 844}) as visit:
        heat = visit.page.locator(".ak-scroll", has=visit.page.locator(".ak-heat"))
        visit.page.wait_for_selector(".ak-scroll[data-ak-wide] .ak-heat", state="attached")
        words = heat.evaluate("one => getComputedStyle(one, '::before').content")
        assert "slide it sideways" in words
        assert heat.get_attribute("tabindex") == "0" and heat.get_attribute("aria-label")
        heat.evaluate("one => { one.scrollLeft = 300; }")
        name = visit.page.locator(f"{VISIBLE} th").first.bounding_box()
        assert name is not None and name["x"] >= 0, "the team's name does not slide away"


def test_a_frame_that_hides_rows_says_that_it_goes_on(browser: Any, index: Path) -> None:
    with opened(browser, index, bypass_csp=True) as visit:
        heat = visit.page.locator(".ak-scroll", has=visit.page.locator(".ak-heat"))
        visit.page.wait_for_selector(".ak-scroll[data-ak-long] .ak-heat", state="attached")
        assert "to see all rows" in heat.evaluate("one => getComputedStyle(one, '::after').content")
        visit.page.get_by_label("Find").fill("Zuleika")
        visit.page.wait_for_selector(".ak-scroll:not([data-ak-long]) .ak-heat", state="attached")
        assert heat.evaluate("one => getComputedStyle(one, '::after').content") == "none"


def test_without_scripts_everything_is_there_but_the_filter(browser: Any, index: Path) -> None:
    with opened(browser, index, java_script_enabled=False) as visit:
        hidden = "all => all.map(one => one.scrollHeight - one.clientHeight).filter(rest => rest > 1)"
        assert visit.page.eval_on_selector_all(".ak-tall", hidden) == [], "no frame hides rows that nothing tells of"
        assert visit.page.locator(VISIBLE).count() == TEAMS + 1
        assert not visit.page.locator(".ak-filter").is_visible()
        assert visit.page.locator(".ak-figures dd.ak-value").count() == 6


def test_paper_shows_every_row_and_no_controls(browser: Any, index: Path) -> None:
    with opened(browser, index, viewport={"width": 1031, "height": 703}) as visit:
        page = visit.page
        page.emulate_media(media="print")
        assert page.evaluate("document.documentElement.scrollWidth") <= 1031, "297 mm less the margins"
        for table in page.locator(".ak-tall").all()[:3]:
            assert table.evaluate(
                "one => one.scrollHeight <= one.clientHeight + 1 && one.scrollWidth <= one.clientWidth + 1"
            )
        assert page.evaluate("getComputedStyle(document.querySelector('.ak-heat tbody tr')).breakInside") == "avoid"
        for hidden in (".ak-filter", ".ak-contents", ".ak-pick"):
            assert not page.locator(hidden).first.is_visible(), hidden


def test_a_keyboard_gets_everywhere_and_sees_where_it_is(browser: Any, index: Path) -> None:
    with opened(browser, index) as visit:
        stops = keyboard_path(visit.page, 16)
        said = [name for name, _ in stops]
        assert said[0] == "Skip to the content"
        assert any(name.startswith("Find") for name in said) and "Scores of the teams by section" in said
        assert [name for name, seen in stops if not seen] == []
