"""Numbers and words as a reader meets them: behind the charts, around them, the same one in several places."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from assessment_kit import wording
from assessment_kit.estimate import Estimate
from assessment_kit.pages.team_portfolio import open_portfolio
from assessment_kit.pages.team_report import open_report
from tests.test_team_report import BEFORE, NOW, whole

EXAMPLES = Path(__file__).parents[1] / "examples" / "workspace"
#: The examples, and one with weeks of an import.
DOCUMENTS = [*sorted(EXAMPLES.glob("*/*.json")), BEFORE, NOW]

BARE = re.compile(r"[-−+]?[\d,]+(\.\d+)?( to [-−+]?[\d,]+(\.\d+)?)?")

#: Headings that say what a bare number below them counts, or on which scale it stands.
COUNTS = re.compile(
    r"\b(a month|Incidents|P1 and P2|Answers|Tasks|Hours|h)\b|"
    r"^(No\.|n|Mon|Tue|Wed|Thu|Fri|Sat|Sun|Score|Possible|Last time|Target|Then|Now|Moved|Team|Coverage|Guide|"
    r"Only then|Only now)$",
    re.IGNORECASE,
)


@cache
def report(path: Path) -> BeautifulSoup:
    earlier = sorted(other for other in DOCUMENTS if other.parent == path.parent and other.name < path.name)
    return BeautifulSoup(whole(open_report(path, earlier[-1] if earlier else "")), "html.parser")


def columns(table: Tag) -> dict[str, list[str]]:
    heads = [head.get_text(strip=True) for head in table.select("thead th")]
    rows = [[cell.get_text(" ", strip=True) for cell in row.select("th, td")] for row in table.select("tbody tr")]
    return {head: [row[place] for row in rows] for place, head in enumerate(heads)}


def test_the_examples_have_charts() -> None:
    found = [figure["id"] for path in DOCUMENTS for figure in report(path).select("figure")]
    assert len(found) > 100
    assert {"ak-engineering-times", "ak-escalation-times", "ak-weeks-1", "ak-changes"} <= set(map(str, found))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_number_behind_a_chart_has_its_unit_beside_it_or_over_it(path: Path) -> None:
    wrong = []
    for figure in report(path).select("figure"):
        cells = columns(figure.select_one("details table"))
        for (_, values), (head, spans) in pairwise(cells.items()):
            if head == "Interval":
                # The interval stands behind its value and in the same unit: 6 h, 3 h 23 min to 8 h 37 min.
                both = [(value, span) for value, span in zip(values, spans, strict=True) if span != "–"]
                wrong += [
                    (figure["id"], *pair)
                    for pair in both
                    if bool(BARE.fullmatch(pair[0])) != bool(BARE.fullmatch(pair[1]))
                ]
            elif not COUNTS.search(head):
                wrong += [(figure["id"], head, cell) for cell in spans if BARE.fullmatch(cell)]
    assert wrong == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_no_number_behind_a_chart_is_more_exact_than_wording_writes_it(path: Path) -> None:
    cells = [cell.get_text(" ", strip=True) for cell in report(path).select("figure details :is(th, td)")]
    numbers = [number for cell in cells for number in re.findall(r"(?<![\w.])\d[\d,]*\.\d+", cell)]
    assert len(numbers) > 10 or not report(path).select("figure")
    assert [number for number in numbers if len(number.replace(",", "").replace(".", "").lstrip("0")) > 3] == []
    # From twenty up nothing is written with decimals, but a share short of all (99.8 %).
    assert [number for number in numbers if 20 <= float(number.replace(",", "")) < 99] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_count_reads_the_same_wherever_it_stands(path: Path) -> None:
    soup = report(path)
    head = next(figure for figure in soup.select(".ak-figures > div") if "P1 and P2" in figure.dt.get_text())
    span = re.search(r"\S+ to \S+", head.select_one("dd.ak-note").get_text())
    rows = [row for row in soup.select("table tr") if row.th and row.th.get_text().startswith("P1 and P2 a month")]
    # Among the definitions, and in what moved since last time.
    assert rows
    assert [row.get_text(" ") for row in rows if span and span[0] not in row.get_text(" ")] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_no_caption_names_a_shade_that_changes_with_the_scheme(path: Path) -> None:
    # What is dark on white paper is bright on a dark screen.
    captions = [caption.get_text(" ") for caption in report(path).select("figcaption, .ak-note")]
    assert [
        words for words in captions if re.search(r"\b(dark|darker|pale|bright|light)\b", words, re.IGNORECASE)
    ] == []


def test_a_count_is_as_whole_in_the_index_as_in_a_report() -> None:
    soup = BeautifulSoup(str(open_portfolio(EXAMPLES, audience="team").figures().html), "html.parser")
    heads = [head.get_text() for head in soup.select(".ak-figs thead tr")[0].select("th")]
    place = heads.index("P1 and P2 a month")
    cells = [row.select("th, td")[place].get_text(" ") for row in soup.select(".ak-figs tr")[1:]]
    numbers = [number for cell in cells for number in re.findall(r"\d[\d,]*(?:\.\d+)?", cell)]
    assert len(numbers) > 10
    assert [number for number in numbers if "." in number and float(number) >= 5] == []


@pytest.mark.parametrize(
    "low, high, unit, value, span",
    [
        (5.9, 12.8, "", "9", "6 to 13"),
        (0.4, 9.2, "incidents a month", "9 incidents a month", "0.4 to 9"),
        (5.9, 12.8, "hours", "9.2 h", "5.9 to 12.8 h"),
        (9.1, 9.4, "", "9", ""),
    ],
)
def test_counts_are_whole_from_five_up_and_hours_are_not(
    low: float, high: float, unit: str, value: str, span: str
) -> None:
    found = Estimate(9.2, low, high, unit)
    assert (wording.amount_of(found.value, unit), wording.span_of(found, unit)) == (value, span)
