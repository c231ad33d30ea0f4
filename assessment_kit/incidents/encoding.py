"""Bytes to text: which encoding it is, and what to do with bytes that fit none."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from assessment_kit.incidents.notes import Notes
from assessment_kit.incidents.raw import SAVE_AS_CSV, refused
from assessment_kit.wording import count

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
#: Share of zero bytes from which every second byte of a text is one: UTF-16 without its mark.
_EVERY_SECOND = 0.3
#: Share of control characters from which a file is no text.
_NO_TEXT = 0.02
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Text:
    """A text, with what was decided to get it."""

    text: str
    notes: Notes


def decode(content: bytes, name: str) -> Text:
    """Return the text of a file.

    UTF-8 where it is valid; UTF-16 and UTF-32 by their marks or their zero bytes; UTF-8 with some damage where most of
    what is not ASCII is valid UTF-8; else Windows-1252, whose few unused bytes are replaced. Zero bytes are taken out.
    Whatever was replaced or taken out is counted, with the row of the first.

    Raises
    ------
    ExportError
        When it is not text.
    """
    text, called, warnings = _decoded(content, name)
    if is_binary(text):
        raise refused(name, "this is not text: it holds many control characters", SAVE_AS_CSV)
    if zeros := text.count("\0"):
        row = text.count("\n", 0, text.index("\0")) + 1
        text = text.replace("\0", "")
        warnings += (f"{count(zeros, 'zero byte')} taken out of the text, the first in line {row:,}.",)
        if not text.strip():
            raise refused(name, "the file holds nothing but zero bytes", "Copy or download it again.")
    decisions = () if called == "UTF-8" else (f"The file is read as {called}.",)
    return Text(text, Notes(decisions=decisions, warnings=warnings))


def is_binary(text: str) -> bool:
    """Tell whether what was read as text is none: many control characters stand in it."""
    sample = text[:100_000]
    return len(_CONTROL.findall(sample.replace("\0", ""))) > _NO_TEXT * len(sample)


def _decoded(content: bytes, name: str) -> tuple[str, str, tuple[str, ...]]:
    for mark, codec, called in _MARKS:
        if content.startswith(mark):
            text = content.decode(codec, errors="replace")
            return text, called, _replaced(text, called)
    if guessed := _wide(content):
        codec, called = guessed
        text = content.decode(codec, errors="replace")
        return text, called, _replaced(text, called)
    try:
        return content.decode("utf-8"), "UTF-8", ()
    except UnicodeDecodeError:
        pass
    text = content.decode("utf-8", errors="replace")
    damaged = text.count("�")
    # Windows-1252 read as UTF-8 is damaged wherever it is not ASCII; UTF-8 with a flaw hardly anywhere.
    if damaged * 20 < _beyond_ascii(text) - damaged:
        return text, "UTF-8", _replaced(text, "UTF-8")
    text = content.decode("cp1252", errors="replace")
    return text, "Windows-1252", _replaced(text, "Windows-1252")


def _beyond_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", errors="ignore"))


def _wide(content: bytes) -> tuple[str, str] | None:
    """Tell UTF-16 without its mark by where its zero bytes stand."""
    head = content[: 100_000 - len(content[:100_000]) % 2]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > _EVERY_SECOND * len(head) and even * 10 < odd:
        return "utf-16-le", "UTF-16"
    if even > _EVERY_SECOND * len(head) and odd * 10 < even:
        return "utf-16-be", "UTF-16"
    return None


def _replaced(text: str, called: str) -> tuple[str, ...]:
    damaged = text.count("�")
    if not damaged:
        return ()
    row = text.count("\n", 0, text.index("�")) + 1
    what = f"{count(damaged, 'character')} {'is' if damaged == 1 else 'are'} not valid {called}"
    return (f"{what} and shown as '�', the first in line {row:,}.",)
