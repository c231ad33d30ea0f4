"""Names that mean the same: put together when people would, and left apart when they would not."""

from __future__ import annotations

import random
import time

import pytest

from assessment_kit.themes import alike, group_names, telling_words


def together(*names: str) -> bool:
    return len(group_names(names)) == 1


@pytest.mark.parametrize(
    "one, other",
    [
        ("Restart the stuck import", "restarting stuck imports"),
        ("Restart the stuck import", "Restart import that is stuck"),
        ("Re-run failed batch jobs", "Rerun the failed batch job"),
        ("Clear the dead-letter queue", "clear dead letter queues by hand"),
        ("Unlock accounts", "Unlock user accounts"),
        ("Stopping hung sessions", "stop the hung session"),
        ("Password reset", "Reset passwords"),
        ("Café-Kasse prüfen", "CAFE KASSE PRUFEN"),
        ("Copy log files to the vendor", "copying log files to vendor"),
        ("Add capacity before a campaign", "Adding capacity before campaigns"),
        ("Repair entries", "Repair an entry"),
    ],
)
def test_the_same_task_in_other_words_is_the_same(one: str, other: str) -> None:
    assert together(one, other)
    assert together(other, one)


@pytest.mark.parametrize(
    "one, other",
    [
        ("Restart the import", "Restart the export"),
        ("Start the import", "Stop the import"),
        ("Unlock accounts", "Unlock doors"),
        ("Check the import", "Check the mail"),
        ("Compare settlement totals of the two ledgers", "Compare invoice totals with the ledger"),
        ("Restart", "Restart tills"),
        ("Contract renewals", "Contact renewals"),
        ("检查导入", "检查导出"),
    ],
)
def test_another_task_stays_another(one: str, other: str) -> None:
    assert not together(one, other)


def test_small_steps_do_not_lead_from_one_task_to_another() -> None:
    chain = [
        "check mail queue node",
        "check mail queue node disk",
        "check mail node disk space",
        "check node disk space fan",
    ]
    assert len(group_names([*chain[:1] * 3, *chain[1:]])) > 1


def test_a_group_is_called_what_most_call_it_and_keeps_every_wording() -> None:
    names = ["restart stuck import"] * 2 + ["Restart the stuck import"] * 3 + ["Restarting stuck imports"]
    (group,) = group_names(names)
    assert group.name == "Restart the stuck import"
    assert group.wordings == ("Restart the stuck import", "restart stuck import", "Restarting stuck imports")


def test_the_order_of_the_names_changes_nothing() -> None:
    names = [
        f"{verb} {thing} {place}"
        for verb in ("check", "checks the", "restart")
        for thing in ("feed", "feeds", "mail")
        for place in ("north", "in the north", "south", "")
    ]
    expected = group_names(names)
    for seed in range(5):
        shuffled = random.Random(seed).sample(names, len(names))
        assert group_names(shuffled) == expected


@pytest.mark.parametrize("name", ["", "   ", "the", "…", "</script>", "a" * 5000, "\ud800", "=cmd|' /C calc'!A0", "🦊"])
def test_any_text_has_words_to_tell_it_by(name: str) -> None:
    assert len(telling_words(name)) >= 1
    assert group_names([name, name])[0].wordings == (name,)


def test_ten_thousand_tasks_that_begin_alike_are_not_compared_one_by_one() -> None:
    names = [f"check {number % 97} feed {number} in region {number % 31}" for number in range(10_000)]
    start = time.process_time()
    group_names(names)
    # Compared one by one it takes minutes; this is a tenth of a second for each thousand.
    assert time.process_time() - start < 20


# Alike ----------------------------------------------------------------------------------------------------------------


def families(*names: str) -> list[set[str]]:
    return [{group.name for group in family} for family in alike(group_names(names))]


@pytest.mark.parametrize(
    "one, other",
    [
        ("Correct records that the loader rejects", "Correct and resubmit rejected direct debits"),
        ("Correct records that the loader rejects", "Correct usage records that the import rejects"),
        ("Renew certificates of bank connections", "Renew expiring certifcates of the gateway"),
        ("Restart the stuck gateway consumer", "Restart a consumer of the stuck mail queue"),
        ("Morning health checks of five services", "Check the health of the cluster every morning"),
    ],
)
def test_the_same_action_on_partly_the_same_things_is_alike(one: str, other: str) -> None:
    assert families(one, other) == families(other, one) == [{one, other}]


@pytest.mark.parametrize(
    "one, other",
    [
        ("Restart tills from the office", "Restart the billing daemon"),  # nothing but the action
        ("Remove rights of leavers in the old directory", "Remove test accounts"),
        ("Restart the mail gateway", "Check the mail gateway"),  # nothing but the things
        ("Look at all stores before they open", "Look through the crash reports before the night"),
        ("Look after feed 1", "Look after door 1"),  # a number says nothing
        ("Restart", "Restart tills"),
    ],
)
def test_one_word_in_common_is_not_alike(one: str, other: str) -> None:
    assert families(one, other) == []


def test_a_chain_of_small_steps_does_not_lead_from_one_task_to_another() -> None:
    chain = ["check mail queue", "check queue node", "check node disk", "check disk fan", "check fan noise"]
    assert all(len(family) <= 3 for family in families(*chain))


def test_alike_tasks_do_not_depend_on_the_order_of_the_names() -> None:
    names = [
        f"{verb} {thing} {place}" for verb in ("check", "copy") for thing in ("a1 feed", "mail") for place in "xyz"
    ]
    expected = families(*names)
    for seed in range(5):
        assert families(*random.Random(seed).sample(names, len(names))) == expected


@pytest.mark.parametrize("name", ["", "   ", "the", "…", "</script>", "a" * 5000, "\ud800", "1 2 3", "🦊"])
def test_names_without_words_are_like_nothing(name: str) -> None:
    assert families(name, "Restart the stuck gateway consumer") == []


def test_ten_thousand_different_tasks_are_compared_in_seconds() -> None:
    pick = random.Random(3)
    words = [f"{verb}{number}ation" for verb in ("check", "copy", "renew") for number in range(120)]
    groups = group_names([" ".join(pick.sample(words, 4)) for _ in range(10_000)])
    start = time.process_time()
    alike(groups)
    assert time.process_time() - start < 20
