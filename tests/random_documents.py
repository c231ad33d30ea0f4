"""Random answers to every question of a guide: sensible, odd and nonsense, as a form or a file may hold them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from assessment_kit.guide import Column, Guide, Question
from tests.builders import GUIDE

#: A document of random answers to sixty questions is large; building it, not evaluating it, takes the time.
whole_documents = settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)

#: What may stand where a number, a choice, a table … should stand. JSON has no NaN; a caller of the library may.
NONSENSE = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([-1, -0.5, 10**400, 1e300, -1e300, 5e-324, float("nan"), float("inf"), float("-inf")]),
    st.sampled_from(["", " ", "many", "1,500", "</script>", "=cmd", "\x00", "😀" * 50, "nan", "-3 min", "1e5"]),
    st.sampled_from([[], {}, [None], [[]], [{}], {"amount": None}, {"chosen": None}, [{"task": ["x"]}], ["x", 3]]),
    st.text(max_size=20),
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=6,
    ),
)

AMOUNTS = st.one_of(
    st.integers(min_value=0, max_value=1000),
    st.floats(min_value=0, max_value=1000),
    st.sampled_from([0, 1e-300, 1e-9, 0.1, 99.99999, 100, 1e9, 1e12]),
)
DURATIONS = st.one_of(
    AMOUNTS, st.builds("{} {}".format, st.integers(min_value=0, max_value=300), st.sampled_from(["min", "h", "days"]))
)
RATES = st.fixed_dictionaries({"amount": AMOUNTS, "per": st.sampled_from(["shift", "day", "week", "month"])})
DATES = st.dates().map(lambda day: f"{day:%Y}".zfill(4) + f"{day:-%m-%d}")
TEXTS = st.text(max_size=30)
BASES = st.sampled_from(["measured", "estimated", "guess", None])


def _choice(question: Question | Column) -> st.SearchStrategy[Any]:
    ids = st.sampled_from([choice.id for choice in question.choices])
    return ids | TEXTS if question.other else ids


def _multi(question: Question | Column) -> st.SearchStrategy[Any]:
    chosen = st.lists(st.sampled_from([choice.id for choice in question.choices]), max_size=4)
    return st.fixed_dictionaries({"chosen": chosen}, optional={"other": st.lists(TEXTS, max_size=2)})


def _table(question: Question | Column) -> st.SearchStrategy[Any]:
    assert isinstance(question, Question)
    cells = {column.id: value_of(column) | NONSENSE for column in question.columns}
    good = {column.id: value_of(column) for column in question.columns}
    row = st.fixed_dictionaries({}, optional=good) | st.fixed_dictionaries({}, optional=cells)
    return st.lists(row, max_size=5)


_VALUES: dict[str, Callable[[Question | Column], st.SearchStrategy[Any]]] = {
    "number": lambda question: AMOUNTS,
    "percent": lambda question: st.floats(min_value=0, max_value=100) | st.integers(min_value=0, max_value=100),
    "rate": lambda question: RATES,
    "duration": lambda question: DURATIONS,
    "choice": _choice,
    "multi": _multi,
    "tags": lambda question: st.lists(TEXTS, max_size=4),
    "text": lambda question: TEXTS,
    "date": lambda question: DATES,
    "table": _table,
}


def value_of(question: Question | Column) -> st.SearchStrategy[Any]:
    """Return values of a question's own type, most of them within its constraint."""
    return _VALUES[question.type](question)


def answer_to(question: Question, *, nonsense: bool) -> st.SearchStrategy[dict[str, Any]]:
    """Return answers in every status; with nonsense, also such as do not fit the question."""
    value = value_of(question) | NONSENSE if nonsense else value_of(question)
    more: dict[str, st.SearchStrategy[Any]] = {"basis": BASES, "n": st.none() | st.integers(0, 1000)}
    if question.type in ("number", "percent", "rate", "duration") or nonsense:
        end = DURATIONS if question.type == "duration" else AMOUNTS
        end = end | NONSENSE if nonsense else end
        more.update(low=end, high=end, median=end, worst=end)
    return st.one_of(
        st.fixed_dictionaries({"status": st.just("answered"), "value": value}, optional=more),
        st.fixed_dictionaries({"status": st.just("answered"), "value": value, "basis": BASES}),
        st.fixed_dictionaries({"status": st.sampled_from(["unknown", "declined"])}),
        st.fixed_dictionaries({"status": st.just("not_applicable")}, optional={"reason": TEXTS}),
    )


def answers(guide: Guide = GUIDE, *, nonsense: bool = True) -> st.SearchStrategy[dict[str, Any]]:
    """Return the answers of a whole document, each question answered or not."""
    return st.fixed_dictionaries(
        {}, optional={question.id: answer_to(question, nonsense=nonsense) for question in guide.questions.values()}
    )
