"""How the figures came about: definitions, bands with their sources, imports with what they left out, conventions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup, escape

from assessment_kit import wording
from assessment_kit.document import ImportRecord
from assessment_kit.guide import Guide, Rubric
from assessment_kit.pages.display import Table, table_fragment
from assessment_kit.pages.page_words import EMPTY, basis_mark, text
from assessment_kit.readings import Answers
from assessment_kit.results import Evaluation, Metric
from assessment_kit.values import parse_date

#: Warnings that are written out; a file with more has one cause for most of them.
MOST_WARNINGS = 12

KINDS = {"published": "published", "company": "one company's target", "convention": "convention of this kit"}


def definitions(evaluation: Evaluation) -> Markup:
    """Return every figure with its definition, its basis, or the reason why it is missing."""
    rows = [_metric(metric) for metric in evaluation.metrics.values()]
    table = table_fragment(Table(("Figure", "Value", "Basis", "Definition"), rows))
    return Markup("<h3>Figures and their definitions</h3>\n{}").format(table)


def _metric(metric: Metric) -> tuple[object, ...]:
    found = metric.estimate
    if found is None:
        return (
            metric.label,
            None,
            None,
            Markup('{} <span class="ak-absent">Missing: {}</span>').format(metric.definition, metric.reason),
        )
    # The unit stands before the bracket already.
    whole = found.unit in ("minutes", "%") or wording.is_count(found.unit)
    span = wording.span_of(found, found.unit) if whole else wording.interval(found.in_unit(""))
    value = wording.amount_of(found.value, found.unit)
    return metric.label, f"{value} ({span})" if span else value, basis_mark(found.basis), metric.definition


def sources(guide: Guide) -> Markup:
    """Return the bands by which answers become levels, each with where it comes from, and the kit's conventions."""
    rows = []
    for section in guide.sections:
        scored: list[tuple[str, Rubric, str]] = [
            (rubric.metric.replace("_", " "), rubric, "") for rubric in section.rubrics
        ]
        scored += [(q.text, q.rubric, "the choices' own levels") for q in section.questions if q.rubric is not None]
        for name, rubric, otherwise in scored:
            edges = ", ".join(f"{band:g}" for band in rubric.bands) if rubric.bands else otherwise
            rows.append((name[:1].upper() + name[1:], edges, KINDS[rubric.source.kind], _source(rubric)))
    table = table_fragment(Table(("Scored", "Values at levels 1 to 5", "Kind", "Source"), rows))
    certainty = guide.certainty
    return Markup("<h3>Bands and their sources</h3>\n{}\n<h3>Intervals</h3>\n<p>{}</p>\n<p>{}</p>").format(
        table, certainty.source.text,
        "Intervals are added and multiplied by their ends. That is wider than statistics would allow for independent "
        "errors, and it holds whatever the errors are. What was measured has the interval that chance gives it, about "
        "95 %: counts as Poisson counts (Freeman and Tukey 1950), shares by Wilson's interval (1927), means of "
        "durations by two standard errors; from the number of cases that the answer names, or that its period holds. "
        "Where that is not known there is no interval, and no change of it is called sure. What is unanswered or "
        "unknown may be anything from level 1 to 5: it widens the interval of a score and lowers its coverage, and it "
        "is never counted as zero.",
    )  # fmt: skip


def _source(rubric: Rubric) -> Markup:
    link = EMPTY
    # A guide is a file that somebody sends around: only addresses that a browser opens as pages become links.
    if rubric.source.url.startswith(("https://", "http://")):
        link = Markup(' <a href="{0}" rel="noreferrer">{1}</a>').format(
            rubric.source.url, rubric.source.url.split("/")[2]
        )
    return escape(rubric.source.text) + link


def imports(answers: Answers) -> Markup:
    """Return what was imported: rows read, used and left out with the reason, decisions and warnings."""
    records = answers.document.imports
    if not records:
        return EMPTY
    return Markup("<h3>Imported exports</h3>\n{}").format(Markup("\n").join(_import(record) for record in records))


def _import(record: ImportRecord) -> Markup:
    counts = [
        f"{wording.count(record.rows_read, 'row')} read",
        f"{record.rows_used:,} used",
        wording.count(record.incidents, "incident"),
    ]
    days = [parse_date(end) for end in (record.period.start, record.period.end)] if record.period else []
    period = f" Period: {' to '.join(wording.day(day) if day else '?' for day in days)}." if days else ""
    left_out = [
        Markup("<li>{}: {}</li>").format(text(reason), f"{number:,}") for reason, number in record.left_out.items()
    ]
    lines = [Markup("<li>{}</li>").format(text(line)) for line in record.decisions]
    return Markup("<p><strong>{}</strong>: {}.{}</p>\n{}{}{}").format(
        text(record.source), ", ".join(counts), period, notes(record.warnings),
        Markup("<p>Rows left out, and why:</p><ul>{}</ul>").format(Markup("").join(left_out)) if left_out else EMPTY,
        Markup("<p>Decided while reading:</p><ul>{}</ul>").format(Markup("").join(lines)) if lines else EMPTY,
    )  # fmt: skip


def warnings(sentences: Sequence[str], records: Sequence[ImportRecord] = ()) -> tuple[Markup, Markup]:
    """Return what a reader must know: what an import warns of, loudly, and the rest, quietly; empty where is none.

    How an export was cut decides what its figures mean, so that stands out, and before them.
    """
    loud = list(dict.fromkeys(sentence for record in records for sentence in record.warnings))
    quiet = [sentence for sentence in dict.fromkeys(sentences) if sentence not in loud]
    return _box("ak-problem", loud) if loud else EMPTY, _box("ak-box", quiet) if quiet else EMPTY


def _box(kind: str, sentences: Sequence[str]) -> Markup:
    shown = [Markup("<p>{}</p>").format(text(sentence)) for sentence in sentences[:MOST_WARNINGS]]
    if len(sentences) > MOST_WARNINGS:
        shown.append(Markup("<p>And {} more.</p>").format(len(sentences) - MOST_WARNINGS))
    return Markup('<div class="{}" role="note">{}</div>').format(kind, EMPTY.join(shown))


def notes(sentences: Sequence[str]) -> Markup:
    """Return sentences in small print; empty without any."""
    return Markup("\n").join(Markup('<p class="ak-note">{}</p>').format(text(sentence)) for sentence in sentences)


def versions(evaluation: Evaluation) -> Iterator[str]:
    """Yield by which guide and which version the report was made."""
    yield f"Guide: {evaluation.guide_id}, version {evaluation.guide_version}."
