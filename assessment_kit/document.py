"""The assessment document: one team, one date, every answer with its status and basis. Pure text in, text out.

:mod:`assessment_kit.workspace` is the only reader and writer of the files. Unknown keys, which a newer version of the
kit may have written, stay where they are on a round trip.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date as Date
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    ValidationError,
    field_validator,
    model_serializer,
)
from pydantic_core import PydanticCustomError, PydanticSerializationError

from assessment_kit import strict_json
from assessment_kit.errors import DocumentError, Problem
from assessment_kit.estimate import Basis
from assessment_kit.guide import NUMERIC_TYPES, Guide, Question
from assessment_kit.validation import key_name, problems_of, short, without_faults
from assessment_kit.values import check_end, check_length, check_value, empty, parse_date, parse_duration, parse_number

SCHEMA_VERSION = 1
#: A file beyond this is not a document (the largest honest one, 20,000 table rows, is about 5 MB).
MAX_BYTES = 50_000_000

Status = Literal["answered", "unknown", "not_applicable", "declined"]


class _Part(BaseModel):
    # constants: by default pydantic writes a NaN as null, and a lost answer would look like an unanswered one.
    model_config = ConfigDict(extra="allow", strict=True, ser_json_inf_nan="constants")

    @model_serializer(mode="wrap")
    def _leave_out_empty_fields(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        # Only fields of ours: a null that a newer version wrote under a key of its own must survive.
        fields = {info.alias or name: info for name, info in type(self).model_fields.items()}
        return {
            key: value
            for key, value in handler(self).items()
            if key not in fields
            or key == "answers"
            or not (value is None or (value in ([], {}) and value == fields[key].default))
        }


class Period(_Part):
    """From and to, both inclusive, as ISO dates."""

    start: str | None = None
    end: str | None = None


class Answer(_Part):
    """One answer.

    ``value``, ``low``, ``high``, ``median`` and ``worst`` have the question's own form (design: the answer). ``said``
    is what the team had answered before a measurement took its place: both stay.
    """

    status: Status = "answered"
    value: Any = None
    low: Any = None
    high: Any = None
    median: Any = None
    worst: Any = None
    n: int | None = None
    basis: Basis | None = None
    source: str | None = None
    definition: str | None = None
    period: Period | None = None
    note: str | None = None
    reason: str | None = None
    follow_up: bool | None = None
    said: Answer | None = None


class GuideReference(_Part):
    """The guide under which a document was filled in."""

    id: str
    version: str


class ImportRecord(_Part):
    """What an import of a ticket export did: rows, decisions, warnings, and the series for the charts.

    Attributes
    ----------
    counted
        Days that the export holds in full, over which volumes are counted; both included.
    weekly
        For each week its Monday, incidents, P1 and P2 incidents, and whether the export holds all of it.
    weekly_by_type
        Week, type, priority, incidents: at most eight types of a team, and one for the others.
    hours_of_week
        Seven lists of 24 counts, Monday first, on the export's own clock; empty where it has no times of day.
    daily
        Day, incidents, P1 and P2 incidents, where there are too few complete weeks to compare.
    """

    source: str
    sha256: str = ""
    format: str = ""
    rows_read: int = 0
    rows_used: int = 0
    incidents: int = 0
    left_out: dict[str, int] = {}
    period: Period | None = None
    warnings: list[str] = []
    decisions: list[str] = []
    counted: Period | None = None
    weekly: list[dict[str, Any]] = []
    weekly_by_type: list[dict[str, Any]] = []
    hours_of_week: list[list[int]] = []
    daily: list[dict[str, Any]] = []
    repeats: list[dict[str, Any]] = []
    sources: list[dict[str, Any]] = []
    measures: dict[str, dict[str, Any]] = {}
    not_measured: dict[str, list[str]] = {}


class Document(_Part):
    """One assessment."""

    schema_version: Annotated[int, Field(alias="schema", ge=1)] = SCHEMA_VERSION
    guide: GuideReference
    team: str
    date: str
    answers: dict[str, Answer] = {}
    imports: list[ImportRecord] = []

    @field_validator("team")
    @classmethod
    def _team_has_a_name(cls, team: str) -> str:
        if not team.strip():
            raise PydanticCustomError("team", "the team has no name")
        return team

    @field_validator("date")
    @classmethod
    def _date_is_iso(cls, text: str) -> str:
        if parse_date(text) is None:
            raise PydanticCustomError("date_type", "not a date")
        return text

    @property
    def day(self) -> Date:
        """The assessment's date."""
        return Date.fromisoformat(self.date)

    def answer(self, question_id: str) -> Answer | None:
        """Return an answer; None means unanswered."""
        return self.answers.get(question_id)


def new_document(team: str, day: Date, guide: Guide) -> Document:
    """Return an empty document under a guide."""
    reference = GuideReference(id=guide.id, version=guide.version)
    return Document.model_validate(
        {"schema": SCHEMA_VERSION, "guide": reference, "team": team, "date": day.isoformat()}
    )


def to_json(document: Document, order: Iterable[str] = (), name: str = "document") -> str:
    """Return the document as JSON: two spaces, real characters, keys in a fixed order, empty fields left out.

    Parameters
    ----------
    order
        Question ids in the guide's order. Answers to other questions follow in the order they had.
    name
        What to call the document in messages.

    Raises
    ------
    DocumentError
        When it holds what no JSON can: NaN, Infinity, half a character, endless nesting. With every problem.
    """
    try:
        raw = document.model_dump(mode="json", by_alias=True)
    except PydanticSerializationError as error:
        remedy = "Enter these values again."
        raise DocumentError([Problem(name, f"values that cannot be stored ({error})", remedy)]) from None
    position = {question: index for index, question in enumerate(order)}
    answers = raw["answers"]
    raw["answers"] = dict(sorted(answers.items(), key=lambda item: position.get(item[0], len(position))))
    try:
        return strict_json.write(raw)
    except strict_json.Unreadable as error:
        raise DocumentError(_named(name, error.problems)) from None


def parse_document(text: str, name: str = "document", guide: Guide | None = None) -> Document:
    """Return the document that a JSON text holds. Its answers are not yet held against a guide.

    Parameters
    ----------
    guide
        With a guide, a document that cannot be read also says what is wrong with its answers under it
        (:func:`check_document`): a mistake in one place must not hide those in others.

    Raises
    ------
    DocumentError
        With every problem found.
    """
    try:
        raw = strict_json.read(text)
    except strict_json.Unreadable as error:
        raise DocumentError(_named(name, error.problems)) from None
    if not isinstance(raw, dict):
        kind = {list: "a list", str: "a text", bool: "true or false", type(None): "null"}.get(type(raw), "a number")
        what = f"the file holds {kind}, not an assessment document"
        raise DocumentError([Problem(name, what, "Name another file, or restore an earlier revision of this one.")])
    version = raw.get("schema")
    if isinstance(version, int) and not isinstance(version, bool) and version > SCHEMA_VERSION:
        what = f"written by a newer version of the kit (document schema {version}, this kit knows {SCHEMA_VERSION})"
        raise DocumentError([Problem(f"{name}: schema", what, "Update the kit. Nothing was changed.")])
    try:
        return Document.model_validate(raw)
    except ValidationError as error:
        problems = _named(name, problems_of(error, raw))
        if guide is not None:
            reference = {"id": guide.id, "version": guide.version}
            stand_ins = {"schema": SCHEMA_VERSION, "guide": reference, "team": "?", "date": "2000-01-01"}
            rest = without_faults(Document, raw, error, stand_ins)
            problems += check_document(rest, guide, name) if rest is not None else []
        raise DocumentError(dict.fromkeys(problems)) from None


def _named(name: str, problems: Iterable[Problem]) -> list[Problem]:
    return [Problem(f"{name}: {p.where}" if p.where else name, p.what, p.remedy) for p in problems]


def check_document(document: Document, guide: Guide, name: str = "") -> list[Problem]:
    """Return every problem of a document's answers under a guide.

    A contradiction between answers is not a problem: it becomes a question to the team
    (:mod:`assessment_kit.contradictions`).

    Parameters
    ----------
    name
        What to call the document in messages; none when the caller shows it otherwise.
    """
    prefix = f"{name}: " if name else ""
    found: list[Problem] = []
    if document.guide.id != guide.id:
        what = f"filled in under the guide {document.guide.id!r}, not {guide.id!r}"
        found.append(Problem(f"{prefix}guide.id", what, "Name that guide's file with --guide."))
    for question_id, answer in document.answers.items():
        where = f"{prefix}answers.{key_name(question_id)}"
        question = guide.questions.get(question_id)
        if question is None:
            remedy = "Use the guide it was filled in under (--guide), or move the answer to a question of this one."
            found.append(Problem(where, f"the guide {guide.id!r} has no such question", remedy))
            continue
        found += check_answer(question, answer, where)
    return found


def check_answer(question: Question, answer: Answer, where: str) -> Iterator[Problem]:
    """Yield every problem of one answer under its question."""
    for field in ("note", "source", "definition", "reason"):
        text = getattr(answer, field)
        if text is not None:
            yield from check_length(text, f"{where}.{field}")
    if answer.n is not None and answer.n < 0:
        yield Problem(f"{where}.n", f"{answer.n} is below 0", "Enter how many cases were counted, 0 or more.")
    for end in ("start", "end"):
        day = getattr(answer.period, end, None)
        if day is not None and parse_date(day) is None:
            yield Problem(f"{where}.period.{end}", f"{short(day)} is not a date", "Write it as 2026-11-24.")
    if answer.said is not None:
        yield from check_answer(question, answer.said, f"{where}.said")
    if answer.status == "not_applicable" and not (answer.reason or "").strip():
        yield Problem(
            f"{where}.reason", "not applicable without a reason", "Say in one sentence why it does not apply."
        )
    yield from check_usable(question, answer, where)


def check_usable(question: Question, answer: Answer, where: str) -> Iterator[Problem]:
    """Yield the problems that keep an answer's value from being used; those of its note, say, do not."""
    if answer.status != "answered":
        return
    if answer.value is None:
        remedy = "Enter a value, or set the status to unknown, not_applicable or declined."
        yield Problem(f"{where}.value", "the status is answered, but there is no value", remedy)
        return
    bad = list(check_value(question, answer.value, f"{where}.value"))
    yield from bad
    yield from _check_spread(question, answer, where, value_is_good=not bad)


def _check_spread(question: Question, answer: Answer, where: str, *, value_is_good: bool) -> Iterator[Problem]:
    ends = {name: getattr(answer, name) for name in ("low", "high", "median", "worst")}
    given = {name: end for name, end in ends.items() if not empty(end)}
    if given and question.type not in NUMERIC_TYPES:
        names = " and ".join(given)
        yield Problem(where, f"{names} given for a {question.type} question", "Remove it, or write it in the note.")
        return
    numbers: dict[str, float] = {}
    for name, end in given.items():
        bad = list(check_end(question, end, f"{where}.{name}"))
        yield from bad
        number = parse_duration(end) if question.type == "duration" else parse_number(end)
        if not bad and number is not None:
            numbers[name] = number
    if not value_is_good:
        return
    likely = amount(question, answer.value)
    if likely is None:
        return
    if "low" in numbers and numbers["low"] > likely:
        what = f"low ({answer.low}) is above the likely value ({short_value(answer.value)})"
        yield Problem(f"{where}.low", what, "Exchange them, or correct one.")
    if "high" in numbers and numbers["high"] < likely:
        what = f"high ({answer.high}) is below the likely value ({short_value(answer.value)})"
        yield Problem(f"{where}.high", what, "Exchange them, or correct one.")


def amount(question: Question, value: Any) -> float | None:
    """Return the number in a numeric value: minutes of a duration, the amount of a rate. None when there is none."""
    if question.type == "duration":
        return parse_duration(value)
    if question.type == "rate":
        return parse_number(value.get("amount")) if isinstance(value, dict) else None
    return parse_number(value)


def short_value(value: Any) -> str:
    """Return a numeric value for a message: ``21 per week`` rather than a dictionary."""
    return f"{value.get('amount')} per {value.get('per')}" if isinstance(value, dict) else str(value)
