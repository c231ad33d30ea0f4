"""How a word is compared: without case, marks of formatting and the ways in which one letter is typed."""

from __future__ import annotations

import re
import unicodedata

#: Characters that end a word. Dots, colons, hyphens, slashes and the like inside one may be part of an address.
_BETWEEN = b" \t\r\n\v\f,;()[]{}<>\"'`!|"
#: Byte to byte, so that places stay: lower case, every digit a 0, a blank between words.
TABLE = bytes(
    ord(" ") if byte in _BETWEEN else ord("0") if 48 <= byte <= 57 else byte + 32 if 65 <= byte <= 90 else byte
    for byte in range(256)
)
#: What is taken off both ends of a word.
EDGES = ".:-_?=/\\*+&~#%$^‘’“”„«»…–—·•¿¡"
#: What stands between the parts of a word, or of a name.
PARTS = re.compile(r"[\W_]+")

#: Soft hyphens, blanks without width and signs of direction: nobody sees them, and a name with one inside is a name.
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_DIGIT = re.compile(r"\d")

_KANA = "\u3041-\u309f\u30a0-\u30ff"
_ALPHABETS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
#: Letters of scripts that write no blanks between words, or (Korean) none before what ends a word.
UNSPACED = f"\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U000323af{_KANA}{_ALPHABETS}"
KANA_ALONE = re.compile(f"[{_KANA}]+")
ALPHABET_ALONE = re.compile(f"[{_ALPHABETS}]+")

#: Letters that do not come apart into a letter and a mark, and how they are typed without them.
_TYPED = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ħ": "h",
        "\u0131": "i",
        "ŧ": "t",
        "ŋ": "n",
    }
)
#: How they are spelt out.
_SPELT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae"})


def shaped(text: str) -> str:
    """Return a text in the shape in which words are compared: words of letters and zeros with blanks between."""
    if not text.isascii():
        # Folding takes composed letters apart (İ) and composing brings capitals back (㎏): the one around the other.
        folded = unicodedata.normalize("NFKC", text).casefold()
        text = _DIGIT.sub("0", _INVISIBLE.sub("", unicodedata.normalize("NFKC", folded)))
    return text.encode("utf-8", "replace").translate(TABLE).decode().casefold()


def typed(word: str) -> str:
    """Return a shaped word as it is typed where its letters are not at hand: Müller as Muller, Łukasz as Lukasz."""
    apart = unicodedata.normalize("NFKD", word.translate(_TYPED))
    # Together again, since the syllables of Korean come apart too.
    return unicodedata.normalize("NFC", "".join(each for each in apart if not unicodedata.combining(each)))


def spelt_out(word: str) -> str:
    """Return a shaped word with its letters spelt out: Müller as Mueller, Åkesson as Aakesson."""
    return typed(word.translate(_SPELT))
