"""Whoever is named in a column of people is masked however the name is typed, and ordinary words are not."""

from __future__ import annotations

import time
import unicodedata

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment_kit.incidents.masking import NAME, mask, mask_one
from assessment_kit.incidents.named import NOBODY, people_named
from assessment_kit.incidents.people import shown_name

NAMES = ["田中太郎", "王伟", "Jürgen Müller", "smithj", "John Smith", "Søren Åkesson", "Łukasz Nowak", "김민수"]
#: People whose names stand in ordinary words.
AWKWARD = [
    "Peter Port", "Betty Ross", "Carl Lang", "Ann Lee", "Max May", "Amanda Cross", "Fred Light", "Dora Rivers",
    "Rebecca Porter", "Tom Rainer", "Grant Edwards", "Paul Price", "Bill Page", "Sam Tower", "Sue Field", "Mia Stone",
    "Ben Baer", "Joe Brown", "Dan Rucker", "Eva Case",
]  # fmt: skip


@pytest.mark.parametrize(
    "text, masked",
    [
        ("@smithj please reset it", "[name] please reset it"),
        ("call @müller", "call [name]"),
        ("Müllers Drucker", "[name] drucker"),
        ("Smith's laptop", "[name] s laptop"),
        ("Smith’s laptop", "[name] laptop"),
        ("smiths laptop", "[name] laptop"),
        ("Soren, Soeren or Søren Akesson", "[name] or [name]"),
        ("ÅKESSON / AAKESSON / akesson", "[name]"),
        ("lukasz and ŁUKASZ", "[name] and [name]"),
        (unicodedata.normalize("NFD", "Müller and Åkesson"), "[name] and [name]"),
        ("Mül\u00adler and Mü\u200bll\u2060er", "[name] and [name]"),
        ("\uff2a\uff4f\uff48\uff4e calls \uff11\uff12", "[name] calls #"),
        ("jmüller, jmueller, jumueller, muellerj", "[name]"),
        ("müllerpc offline", "[name] offline"),
        (r"C:\Users\jmueller is full", "[name] is full"),
        ("PCMUELLER01 offline", "[name] offline"),
        ("adm-jsmith2 locked", "[name] locked"),
        ("smith01 and johnsmith and smithjohn locked", "[name] and [name] and [name] locked"),
        ("amüller calls", "[name] calls"),
        ("田中太郎さんのPCが起動しません", "[name] さんのpcが起動しません"),
        ("田中さんのPC", "[name] さんのpc"),
        ("王伟的电脑无法连接", "[name] 的电脑无法连接"),
        ("请联系王伟: 无法连接", "请联系 [name] 无法连接"),
        ("Smithさんのpcが遅い、请联系jmüller01谢谢", "[name] さんのpcが遅い、请联系 [name] 谢谢"),
        ("김민수님 노트북, 민수님", "[name] 님 노트북 [name] 님"),
    ],
)
def test_a_name_however_it_is_typed(text: str, masked: str) -> None:
    assert mask_one(text, NAMES) == masked


@pytest.mark.parametrize(
    "text",
    [
        "report imports across languages while asleep",
        "ports and prices of pages in cases",
        "maybe flight drivers do not load",
        "reporter exporter importer trainer drucker",
        "granted brownout milestone towers fields",
        "bar portal transport crossing lightning",
        "expired stonewall laptops notebooks",
    ],
)
def test_ordinary_words_that_hold_a_name_stay(text: str) -> None:
    assert mask_one(text, AWKWARD) == text


@pytest.mark.parametrize(
    "name", [unicodedata.normalize("NFD", "Jörg Müller"), "Jö\u00adrg Mü\u200bller", "Joerg Mueller"]
)
def test_a_name_is_known_however_its_column_holds_it(name: str) -> None:
    assert mask_one("Müller, Mueller and muller; jörg.müller", [name]) == "[name] and [name]"


def test_names_of_three_letters_eat_no_words() -> None:
    assert mask_one("lees mays leepc lee01 alee sleep", ["Ann Lee", "Max May"]) == "lees mays leepc lee# alee sleep"


def test_a_name_without_its_marks_is_no_shorter_word() -> None:
    assert mask_one("Bär and Baer at the bar", ["Ben Baer"]) == "[name] and [name] at the bar"


@pytest.mark.parametrize("office", ["系统管理员", "サポート担当", "시스템 관리자", "技术支持"])
def test_offices_in_scripts_without_blanks_are_nobody(office: str) -> None:
    text = "系统技术支持サポート担当시스템管理"
    assert mask_one(text, [office]) == text


def test_two_kana_are_found_as_a_word_and_not_inside_one() -> None:
    assert mask_one("マリ がサマリーを見る", ["マリ"]) == "[name] がサマリーを見る"
    assert mask_one("マリアさんのpcが遅い", ["マリア"]) == "[name] さんのpcが遅い"


@pytest.mark.parametrize("name", ["Müllers PC", "PCMUELLER01", "@müller", "王伟的电脑", "Mu\u0308ller desk"])
def test_what_is_shown_of_things_names_nobody(name: str) -> None:
    shown = shown_name(name, people_named(NAMES))
    assert NAME in shown
    assert "王伟" not in shown


@pytest.mark.parametrize(
    "text", ["oconnor", "moconnor", "m.oconnor", "vanderberg", "vdberg", "jvanderberg", "vdberg01", "delacruzs"]
)
def test_family_names_of_several_words_are_written_as_one(text: str) -> None:
    assert mask_one(f"{text} is locked out", ["Mary O'Connor", "van der Berg, Jan", "Ana de la Cruz"]) == (
        "[name] is locked out"
    )


def test_what_is_shown_of_things_stays_as_it_is() -> None:
    people = people_named([*NAMES, *AWKWARD])
    for name in ("Report server 3", "Language pack 10.2.3.4", "支付系统", "Site scripting"):
        assert shown_name(name, people) == name
    assert shown_name("Müllers PC", NOBODY) == "Müllers PC"


FORMS = ["NFC", "NFD", "NFKC", "NFKD"]


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["müller", "MÜLLER", "Mueller", "muller", "Åkesson", "aakesson", "AKESSON", "Łukasz", "lukasz"]),
    st.sampled_from(
        ["{}", "@{}", "{}s", "{}'s", "{}’s", "{}pc", "PC{}01", "x-{}", "{}_pc", "\\Users\\{}", "a{}", "nb{}", "{}123"]
    ),
    st.sampled_from(["{}", "{} rang", "({}): black", "to={}; now", "<{}>", "!{}?"]),
    st.sampled_from(FORMS),
    st.sampled_from(["", "\u00ad", "\u200b", "\u200d", "\ufeff"]),
)
def test_wherever_a_name_stands_and_however_it_is_written(
    name: str, glued: str, frame: str, form: str, unseen: str
) -> None:
    written = unicodedata.normalize(form, frame.format(glued.format(name)))
    middle = len(written) // 2
    masked = mask_one(written[:middle] + unseen + written[middle:], NAMES)
    for part in ("müller", "mueller", "muller", "kesson", "ukasz"):
        assert part not in masked


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(["田中太郎", "王伟", "김민수"]),
    st.text(st.sampled_from("的电脑无法连接さんのがpc님 노트북、。!:1@"), max_size=12),
    st.text(st.sampled_from("的电脑无法连接さんのがpc님 노트북、。!:1@"), max_size=12),
)
def test_a_name_is_found_in_a_text_without_blanks(name: str, before: str, behind: str) -> None:
    assert name not in mask_one(f"{before}{name}{behind}", NAMES)


def test_many_names_and_many_words_are_not_held_against_each_other() -> None:
    names = [f"{first}{n} 王{chr(0x4E00 + n)}{chr(0x5E00 + n)} last{n}" for n in range(5_000) for first in ("a",)]
    names += ["".join(chr(97 + (n * step) % 26) for step in (3, 7, 11, 17, 5, 23, 1)) + " Zed" for n in range(5_000)]
    words = [f"{chr(0x4E00 + n)}王的电脑无法连接{chr(97 + n % 26)}wordlongenough" for n in range(10_000)]
    endless = ["müller" * 20_000, "王" * 50_000, "smith0" * 10_000]
    start = time.process_time()
    mask(pa.array([*words, *endless]), [*names, *NAMES])
    assert time.process_time() - start < 5
