"""The page's words: made from the figures, honest about what is missing, and unmoved by whatever somebody typed."""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup

from assessment_kit import wording
from assessment_kit.audience import parse_audience, redact
from assessment_kit.document import Document, parse_document
from assessment_kit.evaluate import evaluate
from assessment_kit.guide import Guide
from assessment_kit.pages import page_answers, page_figures, page_methods, page_plan, page_words
from assessment_kit.pages.page_opening import opening
from assessment_kit.pages.team_report import TeamReport
from assessment_kit.readings import Answers
from tests.builders import (
    COHERENT,
    GUIDE,
    declined,
    document,
    evaluation,
    guide_of,
    metric,
    not_applicable,
    per,
    said,
    unknown,
)
from tests.report_pages import page_of, report_of

DATA = Path(__file__).parent / "data" / "report"
NOW = parse_document((DATA / "harbour-desk-2026-11-24.json").read_text(encoding="utf-8"))
BEFORE = parse_document((DATA / "harbour-desk-2026-05-12.json").read_text(encoding="utf-8"))

PARTS = (
    "head", "scores", "incidents", "toil", "engineering", "observability", "hours", "findings", "plan", "since",
    "every_answer", "methods",
)  # fmt: skip

#: Each tries to become something other than text.
HOSTILE = (
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "$x$ and \\(y\\)",
    "[a](javascript:alert(1))",
    "javascript:alert(1)",
    "{{ 7 * 7 }} {% raw %}",
    "turned \u202e around",
    "أهلا وسهلا",
    "👨\u200d👩\u200d👧 ☕",
    "\x00\x1b[31m and \ud800",
    "=cmd|' /C calc'!A0",
)


def report(made: Document, previous: Document | None = None, guide: Guide = GUIDE) -> TeamReport:
    earlier = evaluate(previous, guide) if previous else None
    return TeamReport(Answers(made, guide), evaluate(made, guide), earlier, "team")


def whole_page(found: TeamReport) -> str:
    return "\n".join(str(getattr(found, part)().html) for part in PARTS)


def words(html: str) -> str:
    """Return what a reader sees: without the specifications of the charts, without markup."""
    html = re.sub(r'<script type="application/json".*?</script>', "", html, flags=re.DOTALL)
    seen = unescape(re.sub(r"<[^>]*>", " ", html)).replace("\u00a0", " ")
    return re.sub(r"\s+([.,;:])", r"\1", " ".join(seen.split()))


def paragraph(made: Document) -> str:
    return words(str(opening(evaluate(made, GUIDE), Answers(made, GUIDE))))


def figures(made: Document, previous: Document | None = None) -> str:
    earlier = evaluate(previous, GUIDE) if previous else None
    return words(str(page_figures.figures(evaluate(made, GUIDE), Answers(made, GUIDE), earlier)))


# The summary


def test_the_opening_says_where_the_hours_go_what_hurts_how_sure_that_is_and_what_happens_next() -> None:
    assert paragraph(NOW) == (
        "Where the hours go. "
        "Incidents, manual work, alert noise and escalations together take 240 of the team's 780 hours a month (31 %, "
        "22 to 55 %, guess). The largest part is manual work: 110 h a month (guess), the work of 0.85 "
        "people, 82 % of it in two of 4 tasks. "
        "What comes in. "
        "Harbour Desk handles about 91 incidents a month (65 to 130, estimated), 14 of them P1 or P2 (measured). "
        "40 % had happened before (estimated). "
        "Service is back after 1 h 30 min on average (51 min to 2 h 9 min, measured), half of the time within 40 min "
        "and at worst after 2 d. Of 522 alerts a month, 35 % need an action (alerts measured, share estimated). "
        "What hurts most. "
        "15 findings, 2 of high severity; the gravest: Two tasks make 82 % of the toil (90 h a month); Many alerts "
        "need no action (28 h a month); The same incidents keep coming back (37 h a month). "
        "How sure this is. "
        "Overall that is level 2.5 of 5 (possible: 1.8 to 3.3), “Emerging”. "
        "The answers cover 87 % of what the guide scores; 4 of the 26 figures given are measured. "
        "The export behind measured figures ends on 27 Aug 2026, 89 days before the assessment. "
        "What happens next. "
        "First: “ Alert on missing customs files ”, by Lee, until 1 Dec 2026; 2 more actions are agreed. "
        "The follow-up is on 12 Jan 2027."
    )


def test_the_opening_of_an_empty_document_says_what_is_not_known_and_what_comes_first() -> None:
    assert paragraph(document({}, team="New team")) == (
        "Where the hours go. This is not known yet: of incidents, manual work, alert noise and escalations nothing "
        "could be counted. What comes in. "
        "How many incidents New team handles is not known. How long it takes to restore service is not known. "
        "What hurts most. No finding: too little is answered to tell. "
        "How sure this is. The answers cover 0 % of what the guide scores, too little for a score. "
        "What happens next. No action is agreed yet. The conversation comes first; still missing: 19 of 19 scored "
        "answers. There is no date for a follow-up yet."
    )


def test_after_a_conversation_in_which_nobody_knew_measuring_comes_first() -> None:
    shown = paragraph(document({question: unknown() for question in GUIDE.questions}))
    assert "What nobody knew is to be measured first" in shown
    assert "The conversation comes first" not in shown


def test_what_hurts_most_leads_to_the_findings_and_to_the_questions() -> None:
    made = document({**COHERENT, "p1-p2-volume": per(900, "week")})
    named = [finding.id for finding in evaluate(made, GUIDE).findings[:3]]
    page = parsed(whole_page(report(made)))
    assert {f"finding-{found}" for found in named} | {"to-clear-up", "action-items"} <= page.targets & set(page.ids)


def test_an_import_without_a_conversation_opens_with_what_it_gave_and_what_comes_first() -> None:
    imports = [{"source": "desk.csv", "incidents": 3, "period": {"start": "2026-01-01", "end": "2026-01-31"}}]
    answers = {"repeat-share": said(38, "measured", source="desk.csv (rows)")}
    shown = paragraph(document(answers, imports=imports))
    assert "The conversation comes first; still missing: 18 of 19 scored answers." in shown
    assert "ends on 31 Jan 2026, 297 days before the assessment." in shown


def first_action(audience: str, **row: Any) -> str:
    made = document({"action-items": [{"what": "Count the alerts", **row}], "follow-up-date": "2027-01-12"})
    shown = redact(made, GUIDE, parse_audience(audience))
    return words(str(opening(evaluate(shown, GUIDE), Answers(shown, GUIDE)))).partition("What happens next. ")[2]


def test_what_happens_next_names_owner_and_day_as_the_audience_may_see_them() -> None:
    row = {"owner": "Priya Raman", "due": "2026-12-04"}
    told = "First: “ Count the alerts ”, by Priya Raman, until 4 Dec 2026. The follow-up is on 12 Jan 2027."
    assert first_action("team", **row) == told == first_action("sre", **row)
    assert first_action("leadership", **row) == told.replace("by Priya Raman", "with an owner")
    assert "”, without an owner, without a date." in first_action("team")
    assert "overdue since 1 Nov 2026" in first_action("team", due="2026-11-01")
    assert first_action("team", due="2027-02-01").endswith("1 of 1 open action is due only after it.")


@pytest.mark.parametrize(
    "definition, told, label",
    [
        ("Mean time from 'opened_at' to 'closed_at', by the clock.", "Tickets are closed after", "Time until closed"),
        ("From the call to the closing of the ticket", "Tickets are closed after", "Time until closed"),
        ("created to resolved, median of 812", "Tickets are resolved after", "Time until resolved"),
        ("From impact to service restored; closed tickets only", "Service is back after", "Time to restore"),
        (None, "Service is back after", "Time to restore"),
    ],
)
def test_a_time_to_restore_is_told_by_the_moment_it_ends_with(definition: str | None, told: str, label: str) -> None:
    made = document({"time-to-restore": said("2h", "measured", definition=definition, worst="4h")})
    assert f"{told} 2 h on average (measured)" in paragraph(made)
    assert f"{label}, mean 2 h" in figures(made)
    doing = {"closed": "closing a ticket", "resolved": "resolving a ticket"}.get(label.split()[-1], "restoring service")
    assert f"The worst case of {doing} took 4 h" in words(str(report(made).incidents().html))


def test_a_definition_that_is_left_out_is_not_replaced_by_a_guess() -> None:
    made = document({"time-to-restore": said("2h", "measured", definition="opened to closed", n=9)})
    shown = redact(made, GUIDE, "leadership")
    assert "By the team's own definition, the time to restore is 2 h on average" in paragraph(shown)


def test_repeats_found_by_the_similarity_of_texts_are_said_to_be_that() -> None:
    imports = [{"source": "desk.csv"}]
    found = said(38, "measured", source="desk.csv (a list)")
    shown = paragraph(document({"incident-volume": per(40, "month"), "repeat-share": found}, imports=imports))
    assert "38 % read nearly like an earlier one (measured; by the similarity of their texts)." in shown
    shown = paragraph(document({"incident-volume": per(40, "month"), "repeat-share": 38}))
    assert "38 % had happened before (measured)." in shown


@pytest.mark.parametrize(
    "answers, sentence",
    [
        ({"p1-p2-volume": per(3, "month")}, "is not known, but 3 a month are P1 or P2."),
        ({"incident-volume": per(20, "month")}, "a month (measured); how many of them are P1 or P2 is not known."),
        (
            {"toil-tasks": [{"task": "a", "times": per(1, "month"), "each": "2h"}]},
            "Manual work takes 2 h a month (measured).",
        ),
        (
            {"toil-tasks": [{"task": "a", "times": per(1, "month"), "each": "2h"}]},
            "takes 2 h a month (measured); how many hours the team has is not known.",
        ),
        ({"actionable-alerts": 35}, "Of the alerts, 35 % need an action (measured)."),
        ({"incident-volume": per(0, "week")}, "Payments has no incidents in a typical month (measured)."),
        ({"incident-volume": per(20, "month"), "p1-p2-volume": per(0, "month")}, "(measured), none of them P1 or P2."),
        ({"incident-volume": per(0, "month"), "p1-p2-volume": per(2, "month")}, "month (measured), but 2 P1 or P2."),
        (
            {"incident-volume": per(20, "month"), "p1-p2-volume": said(per(4, "month"), "guess", low=1, high=6)},
            "a month (measured), 4 of them P1 or P2 (1 to 6, guess).",
        ),
        (
            {"incident-volume": per(5, "month"), "p1-p2-volume": per(9, "month")},
            "1 contradiction between answers is to be cleared up.",
        ),
        ({"follow-up-date": "2027-01-12"}, "The follow-up is on 12 Jan 2027."),
        ({"action-items": [{"what": "a"}]}, "an owner, without a date. There is no date for a follow-up yet."),
        ({"action-items": [{"what": "a", "status": "done"}]}, "too little for a score."),
        ({"incident-volume": said(per(20, "month"))}, "; the one figure given is not measured."),
    ],
)  # fmt: skip
def test_the_summary_copes_with_what_is_missing(answers: dict[str, Any], sentence: str) -> None:
    assert sentence in paragraph(document(answers))


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {question: unknown() for question in GUIDE.questions},
        {question: declined() for question in GUIDE.questions},
        {question: not_applicable() for question in GUIDE.questions},
        {"incident-volume": per(0, "week"), "alert-volume": per(0, "day"), "actionable-alerts": 0, "repeat-share": 0},
        {"incident-volume": per(1, "month"), "incident-types": [{"type": "errors", "per_month": 1}]},
        {"toil-tasks": [], "blind-spots": [], "action-items": [], "quick-wins": [], "repeat-incidents": []},
        {"incident-volume": per(5, "month"), "p1-p2-volume": per(9, "month"), "time-to-detect": "9h", "delays": {}},
        COHERENT,
    ],
    ids=["empty", "unknown", "declined", "not applicable", "zeros", "one", "empty tables", "contradictions", "full"],
)  # fmt: skip
def test_every_document_gives_an_honest_page(answers: dict[str, Any]) -> None:
    html = whole_page(report(document(answers)))
    assert not re.search(r"\b(nan|None|NaN|inf)\b", words(html).replace("None was named", "").replace("None of", ""))
    assert html.count("<h1>") == 1


def test_an_unanswered_figure_is_never_zero() -> None:
    shown = figures(document({}))
    assert shown.count("not known") == 6
    assert "0" not in shown.replace("100", "")


def cut(source: str = "desk.csv (rows, 1 May 2026 to 6 May 2026)", end: str = "2026-05-06", **record: Any) -> Document:
    counted = {"source": source, "period": {"start": "2026-05-01", "end": end}}
    answers = {
        "incident-volume": said(per(30, "week"), "measured", **counted),
        "p1-p2-volume": said(per(3, "week"), "measured", **counted),
    }
    imports = [{"source": "desk.csv", "warnings": ["The export was cut."], "cut_by_activity": True, **record}]
    return document(answers, imports=imports)


def test_a_volume_from_a_cut_export_says_from_which_days_it_is_extrapolated() -> None:
    days = "xtrapolated from 6 days, 1 to 6 May 2026"
    assert f"a month (84 to 188, measured; e{days}), 13 of them P1 or P2 (1.8 to 37)." in paragraph(cut())
    assert figures(cut()).count(f"E{days}") == 2
    assert "from 1 day, 1 May 2026" in paragraph(cut(end="2026-05-01"))
    assert "from 33 days, 1 May to 2 Jun 2026" in paragraph(cut(end="2026-06-02"))


@pytest.mark.parametrize("whole", [cut(cut_by_activity=False), cut("the team's own list"), cut(end="2026-04-01")])
def test_any_other_volume_is_not_called_extrapolated(whole: Document) -> None:
    assert "xtrapolated" not in paragraph(whole) + figures(whole)


def test_what_an_export_warns_of_stands_before_the_figures() -> None:
    html = str(report(cut()).head().html)
    assert html.index("ak-lede") < html.index("The export was cut.") < html.index("ak-figures")


def test_a_name_with_capitals_of_its_own_keeps_them_inside_a_sentence() -> None:
    entries = (("restored-in-30", "P1/P2 mitigated within 30 min"), ("delays", "Delays"))
    shown = words(str(page_answers.facts(Answers(document({}), GUIDE), entries)))
    assert "No answer yet on: P1/P2 mitigated within 30 min; delays." in shown


# The six figures

MANY_45 = {"repeat-share": said(45, "measured", n=400)}


def test_every_figure_shows_its_interval_or_says_why_it_has_none() -> None:
    answers = {"incident-volume": said(per(70, "month"), "measured", n=210), "p1-p2-volume": per(6, "month")}
    shown = figures(document(answers))
    assert "Incidents a month 70 measured · 61 to 80" in shown
    assert "P1 and P2 a month 6 measured · no interval, number of cases not given" in shown
    many = document({"actionable-alerts": said(13, "measured", n=24_971)})
    assert "13 % measured · interval too small to show" in figures(many)


def test_the_hours_of_manual_work_have_their_interval_in_people_too() -> None:
    task = {"task": "a", "times": per(10, "month"), "each": "2h"}
    answers = {"toil-tasks": said([task], "estimated"), "hours-per-person": 100, "team-size": 2}
    assert "0.2 people (0.11 to 0.31); 10 % (5.6 to 16 %) of the team's hours" in figures(document(answers))


def test_figures_carry_their_basis_interval_and_what_they_are_a_part_of() -> None:
    shown = figures(NOW)
    assert "Incidents a month 91 estimated · 65 to 130" in shown
    assert "14 measured · no interval, number of cases not given 15 % of 91 incidents" in shown
    assert "40 % estimated · 30 to 50 % 37 of 91 a month" in shown
    assert "1 h 30 min measured · 51 min to 2 h 9 min median 40 min, worst 2 d, n = 88" in shown
    assert "0.85 people (0.85 to 1.3); 14 % (14 to 22 %) of the team's hours" in shown


def test_figures_say_what_they_were_last_time() -> None:
    shown = figures(NOW, BEFORE)
    assert "Down 19 % from 113 (57 to 170, guess); the intervals overlap" in shown
    assert "Not known last time" in shown


@pytest.mark.parametrize(
    "before, now, words",
    [
        (
            MANY_45,
            {"repeat-share": said(31, "measured", n=400)},
            "Down 14 points from 45 % (40 to 50 %); the intervals lie apart",
        ),
        (
            MANY_45,
            {"repeat-share": said(46, "measured", n=400)},
            "Up 1 point from 45 % (40 to 50 %); the intervals overlap",
        ),
        (
            {"repeat-share": 45},
            {"repeat-share": 31},
            "Down 14 points from 45 %; without the number of cases, chance is not ruled out",
        ),
        (
            {"repeat-share": said(45)},
            {"repeat-share": said(40, "measured", n=400)},
            "Down 5 points from 45 % (34 to 56 %, estimated); the intervals overlap",
        ),
        ({"repeat-share": 45}, {"repeat-share": 45}, "As last time"),
        ({"repeat-share": said(45)}, {"repeat-share": 45}, "As last time (34 to 56 %, estimated)"),
        ({"repeat-share": unknown()}, {"repeat-share": 45}, "Not known last time"),
        ({"repeat-share": 45}, {"repeat-share": unknown()}, "Last time 45 %, measured"),
        ({}, {}, ""),
    ],
)
def test_a_change_of_a_share_is_told_in_points(before: dict[str, Any], now: dict[str, Any], words: str) -> None:
    found = page_figures.last_time(metric("repeat_share", now), "%", evaluation(before))
    assert found == words


@pytest.mark.parametrize(
    "before, now, words",
    [
        (100, 77, "Down 23 % from 100 (81 to 121)"),
        (10, 15, "Up 50 % from 10 (4.6 to 18)"),
        (10, 35, "3.5 times last time's 10 (4.6 to 18)"),
        (0, 4, "Up from 0 (0 to 3)"),
    ],
)
def test_a_change_of_a_count_is_told_in_percent_or_as_a_multiple(before: int, now: int, words: str) -> None:
    month = {"start": "2026-01-01", "end": "2026-01-30"}
    answers = [{"incident-volume": said(per(count, "month"), "measured", period=month)} for count in (before, now)]
    found = page_figures.last_time(metric("incidents_per_month", answers[1]), "", evaluation(answers[0]))
    assert found.partition(";")[0] == words


def test_the_head_says_of_which_time_an_export_is_and_how_old() -> None:
    counted = {"start": "2023-01-30", "end": "2024-01-28"}
    period = {"start": "2023-01-02", "end": "2024-01-31"}
    record = {"source": "desk.csv", "incidents": 500, "period": period, "counted": counted}
    head = words(str(report(document({}, imports=[record])).head().html))
    assert (
        "Period 2 Jan 2023 to 31 Jan 2024, 500 incidents of desk.csv; volumes counted 30 Jan 2023 to 28 Jan 2024; "
        "ends 1,028 days before the assessment"
    ) in head
    both = document({"period-start": "2026-08-01", "period-end": "2026-10-31"}, imports=[record])
    head = words(str(report(both).head().html))
    assert "Period 1 Aug 2026 to 31 Oct 2026 Export 2 Jan 2023" in head


def test_links_say_where_they_lead() -> None:
    html = str(report(document(COHERENT)).scores().html)
    said_ = [words(link) for link in re.findall(r'<a href="#answer-[^"]*">(.*?)</a>', html)]
    assert said_
    assert all(len(link.split()) > 2 for link in said_)


def test_findings_and_questions_say_how_they_are_ordered() -> None:
    made = document({**COHERENT, "p1-p2-volume": per(900, "week"), "time-to-detect": "9h"})
    shown = words(str(report(made).findings().html))
    assert "High before medium before low, then by hours a month." in shown
    assert "They stand in the order in which the guide asks." in shown
    assert shown.index("all incidents, or the P1 and P2") < shown.index("From when to when")


def test_an_action_due_after_the_follow_up_is_marked() -> None:
    rows = [
        {"what": "a", "due": "2027-02-01"}, {"what": "b", "due": "2026-12-01"},
        {"what": "c", "due": "2027-02-01", "status": "done"},
    ]  # fmt: skip
    shown = words(str(report(document({"action-items": rows, "follow-up-date": "2027-01-12"})).plan().html))
    assert "1 of 3 is due only after the follow-up on 12 Jan 2027." in shown
    assert shown.count("open after the follow-up") == 1


def test_the_page_is_called_by_team_kind_and_date(tmp_path: Path) -> None:
    html = page_of(report_of(tmp_path, document({}, team="Tills & <Co>")))
    title = re.search("<title>(.*?)</title>", html)
    assert title is not None
    assert unescape(title.group(1)) == "Tills & <Co> · production-support assessment · 24 Nov 2026"


def test_the_head_says_what_was_not_given_rather_than_dropping_it() -> None:
    head = words(str(report(document({})).head().html))
    assert "Period not given Services not given Facilitator not given" in head


def test_the_head_says_how_much_is_answered_and_how_much_is_measured() -> None:
    head = words(str(report(NOW, BEFORE).head().html))
    assert "Coverage 15 of 18 scored answers (87 %)" in head
    assert "Measured 4 of 26 figures (15 %)" in head
    assert "Last time 12 May 2026; what has changed" in head


def test_figures_that_are_defined_differently_are_not_set_side_by_side() -> None:
    now = document({"time-to-restore": said("1h", definition="MTTR from the ticket's opening")})
    before = document({"time-to-restore": said("1h", definition="MTTR from the impact")})
    found = page_figures.last_time(evaluate(now, GUIDE).metrics["time_to_restore"], "minutes", evaluate(before, GUIDE))
    assert found == "Last time it was defined differently"


# Hostile words


class Tags(HTMLParser):
    """Collects what a browser would act upon."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.acts: list[str] = []
        self.ids: list[str] = []
        self.targets: set[str] = set()
        self.levels: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        named = dict(attrs)
        if tag == "script" and named.get("type") != "application/json":
            self.acts.append("script")
        self.acts += [name for name in named if name.startswith("on")]
        href = named.get("href") or ""
        if href.startswith("#"):
            self.targets.add(href[1:])
        elif href and not href.startswith("https://"):
            self.acts.append(href)
        if named.get("id"):
            self.ids.append(str(named["id"]))
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))


def parsed(html: str) -> Tags:
    tags = Tags()
    tags.feed(html)
    tags.close()
    return tags


def hostile_document(typed: str) -> Document:
    """Return a document in which every field that takes words holds these."""
    extra = {"note": typed, "source": typed, "definition": typed, "reason": typed, "follow_up": True}
    answers: dict[str, Any] = {}
    for question in GUIDE.questions.values():
        if question.id not in COHERENT:
            continue
        value: Any = COHERENT[question.id]
        if isinstance(value, dict) and "status" in value:
            value = value["value"]
        if question.type == "text":
            value = typed
        elif question.type == "tags":
            value = [typed, typed]
        elif question.type == "multi":
            value = {"chosen": [], "other": [typed]}
        elif question.type == "table":
            words = {c.id for c in question.columns if c.type == "text" or (c.type == "choice" and c.other)}
            value = [{key: typed if key in words else cell for key, cell in row.items()} | dict.fromkeys(words, typed)
                     for row in value]  # fmt: skip
        answers[question.id] = said(value, **extra, said={"status": "answered", "value": value, "note": typed})
    record = {
        "source": typed, "warnings": [typed], "decisions": [typed], "left_out": {typed: 1},
        "weekly": [{"week": "2026-08-03", "incidents": 3, "p1_p2": 1, "complete": True}],
    }  # fmt: skip
    return document(answers, team=typed, imports=[record])


@cache
def harmless() -> Tags:
    return parsed(whole_page(report(hostile_document("harmless"), hostile_document("harmless"))))


@pytest.mark.parametrize("typed", HOSTILE)
def test_hostile_words_do_nothing_but_appear(typed: str) -> None:
    html = whole_page(report(hostile_document(typed), hostile_document(typed)))
    clean, typed_page = harmless(), parsed(html)
    assert typed_page.acts == []
    assert typed_page.tags == clean.tags, "no element that a harmless document would not have"
    assert typed_page.ids == clean.ids
    visible = "".join(char for char in typed if char >= " " and char != "\ud800")
    assert " ".join(visible.split()) in " ".join(unescape(html).split())


@pytest.mark.parametrize("typed", HOSTILE)
def test_the_data_of_charts_cannot_leave_their_element(typed: str) -> None:
    html = whole_page(report(hostile_document(typed)))
    for text in re.findall(r'class="ak-specification">(.*?)</script>', html, flags=re.DOTALL):
        assert "<" not in text


def test_a_text_of_100_000_characters_is_folded_and_complete() -> None:
    long = "word " * 20_000
    html = str(page_words.text(long))
    assert html.startswith('<details class="ak-numbers"><summary>')
    assert "(99,999 characters)" in html
    assert html.count("word") > 20_000
    assert len(whole_page(report(hostile_document(long[:50_000])))) < 40_000_000


def test_lines_of_a_note_stay_lines() -> None:
    assert page_words.text("one\r\ntwo\nthree") == Markup("<bdi>one<br>two<br>three</bdi>")


def test_a_guides_link_that_is_not_a_web_address_is_not_a_link() -> None:
    source = {"text": "a book", "kind": "published", "url": "javascript:alert(1)"}
    rubric = {"bands": [1, 2, 3, 4, 5], "source": source, "finding": "f", "remedy": "r"}
    question = {"id": "q", "type": "number", "key_question": "How many?", "rubric": rubric}
    guide = guide_of([{"id": "one", "title": "One", "questions": [question]}])
    html = str(page_methods.sources(guide))
    assert "a book" in html
    assert "<a " not in html


# The page as a whole


def test_ids_are_unique_links_lead_somewhere_and_headings_are_in_order() -> None:
    found = parsed(whole_page(report(NOW, BEFORE)))
    assert len(found.ids) == len(set(found.ids))
    assert found.targets
    assert found.targets <= set(found.ids)
    # One part brings its own h2, since it is not there without an earlier assessment.
    assert found.levels.count(2) == 1
    assert set(found.levels) == {1, 2, 3}, "h1 in the head; the notebook's own headings are the h2"


def test_every_question_stands_in_the_appendix_with_its_status() -> None:
    made = document(
        {
            "team-size": 8,
            "repeat-share": unknown(),
            "restored-in-30": declined(),
            "runbooks": not_applicable("no <b>services</b>"),
        }
    )
    html = str(page_answers.appendix(Answers(made, GUIDE), evaluate(made, GUIDE).progress))
    for question in GUIDE.questions.values():
        if Answers(made, GUIDE).is_relevant(question):
            assert f'id="answer-{question.id}"' in html
    shown = words(html)
    for phrase in (
        "8 people",
        "The team does not know",
        "Declined to answer",
        "Does not apply",
        "Reason: no <b>services</b>",
    ):
        assert phrase in shown
    assert shown.count("Not answered") > 40


def test_an_answer_shows_interval_basis_source_note_and_what_was_said_before() -> None:
    shown = words(str(page_answers.appendix(Answers(NOW, GUIDE), evaluate(NOW, GUIDE).progress)))
    assert "21 a week (15 to 30) estimated Source: on-call log without batch reruns to follow up" in shown
    assert "1 h 30 min, median 40 min, worst 2 d, n = 88 measured" in shown
    assert "120 a week measured The team said: 80 a week (guess) from memory" in shown


def test_findings_say_why_what_helps_and_what_they_rest_on() -> None:
    html = str(page_plan.findings(evaluate(NOW, GUIDE), Answers(NOW, GUIDE)))
    assert "Two tasks make 82 % of the toil" in words(html)
    assert 'href="#answer-toil-tasks"' in html
    assert "What usually helps:" in html
    assert "further finding" in html, "the rest is folded"


def test_contradictions_are_questions() -> None:
    made = document({"incident-volume": per(5, "month"), "p1-p2-volume": per(9, "month")})
    shown = words(str(page_plan.contradictions(evaluate(made, GUIDE), Answers(made, GUIDE))))
    assert "Which of the two numbers is right" in shown
    none = page_plan.contradictions(evaluate(document({}), GUIDE), Answers(document({}), GUIDE))
    assert "No question to clear up" in none


def test_an_action_without_owner_or_date_says_so() -> None:
    shown = words(str(page_plan.action_items(evaluate(NOW, GUIDE), Answers(NOW, GUIDE))))
    assert "2 of 3 have an owner, 2 of 3 a date." in shown
    assert "costliest repeat no owner no date open" in shown


def test_what_an_import_warns_of_is_said_at_the_head_and_beside_its_chart() -> None:
    found = report(NOW)
    warning = "The first and the last week are cut by the export"
    assert warning in words(str(found.head().html))
    assert warning in words(str(found.incidents().html))
    shown = words(str(found.methods().html))
    assert "120 rows read, 100 used, 90 incidents. Period: 5 Aug 2026 to 27 Aug 2026." in shown
    assert "planned work: 20" in shown
    assert "Times are taken as UTC." in shown


def test_absence_is_said_with_its_reason() -> None:
    shown = words(str(report(document({"toil-tasks": unknown()})).toil().html))
    assert "Manual tasks. Not known: “What tasks do you perform manually" in shown
    assert "the team does not know." in shown


def test_numbers_keep_their_units_on_one_line() -> None:
    assert page_words.unbroken("51 % of 3 h, 12 min") == "51\u00a0% of 3\u00a0h, 12\u00a0min"
    assert page_words.unbroken("3 hours, 4 days, 5 steps") == "3 hours, 4 days, 5 steps"


@pytest.mark.parametrize("number, shown", [(17.4, "17"), (5.1, "5"), (1.5, "1.5"), (0.4, "0.4"), (1240.6, "1,241")])
def test_a_count_of_things_is_whole_where_it_is_not_small(number: float, shown: str) -> None:
    assert wording.whole_number(number) == shown


@pytest.mark.parametrize("status, overdue", [("open", 1), ("in-progress", 1), ("", 1), ("done", 0), ("dropped", 0)])
def test_an_action_whose_day_has_passed_is_overdue_unless_it_is_over(status: str, overdue: int) -> None:
    item = {"what": "write it down", "owner": "Lee", "due": "2026-11-23", **({"status": status} if status else {})}
    shown = words(str(report(document({"action-items": [item]})).plan().html))
    assert shown.count("overdue on the day of the assessment") == overdue
    assert shown.count("23 Nov 2026 open overdue") + shown.count("23 Nov 2026 in progress overdue") == overdue


def test_an_action_that_is_due_on_the_day_itself_is_not_overdue() -> None:
    shown = words(str(report(document({"action-items": [{"what": "a", "due": "2026-11-24"}]})).plan().html))
    assert "overdue" not in shown
