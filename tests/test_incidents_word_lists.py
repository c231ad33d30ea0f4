"""Texts as lists of numbers: what is worked out in columns is what a loop over the texts gives."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment_kit.incidents import word_lists
from assessment_kit.incidents.word_lists import ranks_of, replaced

TEXTS = st.lists(st.lists(st.integers(0, 6), max_size=30), max_size=40)


def flat(texts: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    words = np.array([word for text in texts for word in text], dtype=np.uint8)
    return words, np.cumsum([0, *map(len, texts)]).astype(np.int32)


@given(TEXTS, st.sampled_from([7, 200, 1 << 20, 1 << 31]))
def test_texts_are_ranked_as_python_sorts_them(texts: list[list[int]], distinct: int) -> None:
    order = sorted({tuple(text) for text in texts})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(word_lists, "_LONG", 11)
        ranks, count = ranks_of(*flat(texts), distinct)
    assert count == len(order)
    assert [order[rank] for rank in ranks] == [tuple(text) for text in texts]


def test_one_endless_text_among_many_takes_no_time() -> None:
    texts = [[1, 2, 3]] * 5 + [[4, 5] * 200_000, [4, 5] * 200_000 + [0], []]
    assert ranks_of(*flat(texts), 7)[0].tolist() == [1] * 5 + [2, 3, 0]


@given(TEXTS, st.lists(st.lists(st.integers(0, 300), max_size=3), min_size=7, max_size=7))
def test_words_give_way_to_several_or_to_none(texts: list[list[int]], parts: list[list[int]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(word_lists, "_PIECE", 8)
        words, starts = replaced(*flat(texts), parts, 301)
    expected = [[part for word in text for part in parts[word]] for text in texts]
    found = [words[start:end].tolist() for start, end in pairwise(starts)]
    assert found == expected
