"""Fragments: escaped, reproducible, readable without scripts."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from markupsafe import Markup

from assessment_kit.pages import browser
from assessment_kit.pages.display import (
    STATIC_VARIABLE,
    Fragment,
    Table,
    chart_fragment,
    joined,
    runtime_fragment,
    script_json,
    table_fragment,
)

HOSTILE = (
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "$x$ and \\(y\\)",
    "[a](javascript:alert(1))",
    "{{ 7 * 7 }} {0} %s &lt;",
    "line\u2028separator",
)


class Chart:
    """Stands for an Altair chart: display asks for nothing but the specification."""

    def __init__(self, **specification: Any) -> None:
        self.specification = specification

    def to_dict(self, validate: bool = True) -> dict[str, Any]:
        return dict(self.specification)


def figure(chart: Chart | None = None, **changed: Any) -> Fragment:
    given: dict[str, Any] = {
        "name": "toil-pareto",
        "title": "Two tasks make 61 % of the toil",
        "subtitle": "Hours a month; 2 of 2 tasks",
        "alternative": "Access requests 18 h, batch reruns 9 h",
        "table": Table(("Task", "Hours"), [("Access requests", 18), ("Batch reruns", 9)]),
    }
    return chart_fragment(chart or Chart(mark="bar", width="container"), **{**given, **changed})


def parsed(fragment: Fragment) -> BeautifulSoup:
    return BeautifulSoup(fragment.html, "html.parser")


def cells(fragment: Fragment) -> list[list[str]]:
    return [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in parsed(fragment).find_all("tr")]


# -- Fragments ---------------------------------------------------------------------------------------------------------


def test_a_plain_text_is_no_markup() -> None:
    assert Fragment("<b>a & b</b>").html == "&lt;b&gt;a &amp; b&lt;/b&gt;"
    assert Fragment(Markup("<b>{}</b>").format("a & b")).html == "<b>a &amp; b</b>"


def test_a_cell_shows_html_and_a_line_of_text_that_mathjax_leaves_alone() -> None:
    data, metadata = Fragment(Markup("<p>It costs $5 or $6</p>"), "costs")._repr_mimebundle_()
    assert data.keys() == {"text/html", "text/plain"}
    assert data["text/plain"] == "costs"
    wrapper = BeautifulSoup(data["text/html"], "html.parser").div
    assert wrapper is not None
    assert {"ak", "mathjax_ignore", "tex2jax_ignore"} <= set(wrapper["class"])
    assert metadata == {}


def test_what_utf_8_cannot_hold_does_not_reach_the_kernel() -> None:
    data, _ = Fragment(Markup("<p>{}</p>").format("\ud800"))._repr_mimebundle_()
    assert "<p>?</p>" in data["text/html"]


def test_fragments_are_joined_in_order() -> None:
    both = joined([Fragment(Markup("<p>1</p>"), "one"), Fragment(Markup("<p>2</p>"), "two")], css_class="ak-columns")
    assert [p.get_text() for p in parsed(both).select("div.ak-columns > p")] == ["1", "2"]
    assert both.summary == "one; two"


# -- Tables ------------------------------------------------------------------------------------------------------------


def test_numbers_dates_and_gaps_are_written_for_people() -> None:
    table = Table(
        ("Task", "Hours", "Since", "Done"), [("A", 1240.4, date(2026, 11, 24), True), ("B", None, None, False)]
    )
    assert cells(table_fragment(table)) == [
        ["Task", "Hours", "Since", "Done"],
        ["A", "1,240", "24 Nov 2026", "yes"],
        ["B", "–", "–", "no"],
    ]


@pytest.mark.parametrize("missing", [None, float("nan")])
def test_what_is_missing_is_no_zero(missing: float | None) -> None:
    assert cells(table_fragment(Table(("Task", "Hours"), [("A", missing), ("B", 0)])))[1:] == [["A", "–"], ["B", "0"]]


def test_columns_of_numbers_stand_flush_right() -> None:
    table = Table(("Task", "n", "Hours"), [("A", 1, "1,240 h"), ("B", None, "9 h")], numeric={"Hours"})
    assert [head.get("class") for head in parsed(table_fragment(table)).find_all("th", scope="col")] == [
        None, ["ak-n"], ["ak-n"],
    ]  # fmt: skip


def test_a_row_and_a_column_are_named_for_a_screen_reader() -> None:
    found = parsed(table_fragment(Table(("Task", "n"), [("A", 1)], caption="Toil by task")))
    assert [cell.get_text() for cell in found.find_all("th", scope="row")] == ["A"]
    assert [cell.get_text() for cell in found.find_all("th", scope="col")] == ["Task", "n"]
    assert found.caption is not None
    assert found.caption.get_text() == "Toil by task"


def test_a_long_table_says_how_much_it_leaves_out() -> None:
    found = parsed(table_fragment(Table(("Task",), [(f"task {n}",) for n in range(10_000)])))
    assert len(found.select("tbody tr")) == 100
    assert found.select_one(".ak-note").get_text() == "100 rows of 10,000 rows."


def test_records_become_a_table() -> None:
    assert cells(table_fragment(Table.of_records([{"Task": "A", "n": 1}]))) == [["Task", "n"], ["A", "1"]]
    assert cells(table_fragment(Table.of_records([]))) == [[]]


# -- Charts ------------------------------------------------------------------------------------------------------------


def test_a_figure_reads_finding_definition_drawing_numbers() -> None:
    found = parsed(figure())
    assert [child.name for child in found.figure.find_all(recursive=False)] == [
        "figcaption", "div", "div", "script", "details",
    ]  # fmt: skip
    heading = found.find("h3")
    assert heading.get_text() == "Two tasks make 61 % of the toil"
    assert found.figure["aria-labelledby"] == heading["id"] == "ak-toil-pareto-title"
    plot = found.find(role="img")
    assert plot["aria-label"] == "Access requests 18 h, batch reruns 9 h"
    assert cells(figure())[1:] == [["Access requests", "18"], ["Batch reruns", "9"]]


def test_the_specification_arrives_whole_and_carries_no_look_of_its_own() -> None:
    data = {"values": [{"task": text, "hours": 1} for text in HOSTILE]}
    given = Chart(**{"$schema": "https://example.org", "config": {"mark": {"color": "#f00"}}}, mark="bar", data=data)
    script = parsed(figure(given)).find("script", type="application/json")
    assert json.loads(script.string) == {"mark": "bar", "data": data}


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_text(text: str) -> None:
    table = Table((text, "n"), [(text, 1)], caption=text)
    fragment = figure(Chart(data={"values": [{"t": text}]}), title=text, subtitle=text, alternative=text, table=table)
    found = parsed(fragment)
    assert found.find("h3").get_text() == text
    assert found.find(class_="ak-subtitle").get_text() == text
    assert found.find(role="img")["aria-label"] == text
    assert cells(fragment) == [[text, "n"], [text, "1"]]
    harmless = {"figure", "figcaption", "h3", "p", "div", "script", "details", "summary", "table", "caption", "thead"}
    assert {tag.name for tag in found.find_all()} <= harmless | {"tbody", "tr", "th", "td"}
    assert [tag["type"] for tag in found.find_all("script")] == ["application/json"]


def test_nothing_in_json_can_end_its_script() -> None:
    text = script_json({"a": "</ScRiPt><!--<script>&\u2028\u2029"})
    assert not re.search(r"[<>&\u2028\u2029]", text)
    assert json.loads(text) == {"a": "</ScRiPt><!--<script>&\u2028\u2029"}


def test_the_same_chart_gives_the_same_bytes() -> None:
    assert figure().html == figure().html


@pytest.mark.parametrize("name", ["", "Toil", "toil pareto", "-toil", 'a"b', "1toil"])
def test_a_name_must_be_fit_to_be_an_id(name: str) -> None:
    with pytest.raises(ValueError, match="lower-case words joined by hyphens"):
        figure(name=name)


def test_infinity_is_refused_rather_than_drawn() -> None:
    with pytest.raises(ValueError, match="JSON"):
        figure(Chart(data={"values": [{"x": math.inf}]}))


def test_room_is_kept_for_a_drawing_of_known_height() -> None:
    assert parsed(figure(Chart(height=200))).find(role="img")["style"] == "--room:240px"
    assert not parsed(figure(Chart(height={"step": 20}))).find(role="img").has_attr("style")


# -- What JupyterLab needs ---------------------------------------------------------------------------------------------


def test_a_notebook_run_by_hand_brings_styles_and_scripts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(STATIC_VARIABLE, raising=False)
    data, metadata = runtime_fragment()._repr_mimebundle_()
    found = BeautifulSoup(data["text/html"], "html.parser")
    assert len(found.find_all("style")) == 1
    assert [script.get("src") for script in found.find_all("script")] == [None, None]
    assert metadata == {"assessment-kit": {"role": "runtime"}}


def test_a_report_brings_its_own_and_the_notebook_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(STATIC_VARIABLE, "1")
    data, metadata = runtime_fragment()._repr_mimebundle_()
    assert data["text/html"] == ""
    assert metadata == {"assessment-kit": {"role": "runtime"}}


class Bundler:
    """Stands for vl_convert: counts, and writes what a bundle must not do inside a page."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self.built = 0
        monkeypatch.setattr("vl_convert.javascript_bundle", self)
        monkeypatch.setattr("platformdirs.user_cache_dir", lambda *_, **__: str(folder))

    def __call__(self, snippet: str) -> str:
        self.built += 1
        return f"const a='</script><!--';{snippet}"

    def in_a_new_process(self) -> str:
        browser.vega_bundle.cache_clear()
        return browser.vega_bundle()


@pytest.fixture
def bundler(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Bundler]:
    yield Bundler(monkeypatch, tmp_path / "cache")
    browser.vega_bundle.cache_clear()


def test_the_bundle_is_built_once_for_all_processes(bundler: Bundler) -> None:
    assert bundler.in_a_new_process() == bundler.in_a_new_process()
    assert bundler.built == 1


def test_the_bundle_cannot_end_its_script(bundler: Bundler) -> None:
    assert bundler.in_a_new_process().startswith(r"const a='\x3c/script>\x3c!--';")


def test_a_damaged_cache_is_built_again(bundler: Bundler, tmp_path: Path) -> None:
    whole = bundler.in_a_new_process()
    (kept,) = (tmp_path / "cache").iterdir()
    kept.write_bytes(kept.read_bytes()[:-5])
    assert bundler.in_a_new_process() == whole
    assert bundler.built == 2


def test_without_a_cache_folder_the_bundle_is_still_there(bundler: Bundler, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file is in the way")
    assert "akEmbed" in bundler.in_a_new_process()
