"""An alarm's mail names its shops first, and comes whatever fails."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.alarms import LONGEST_SUBJECT, MOST_SEEN, Alarm, Concerned, message, subject
from nextorder.use_cases.tell_human import LOOKS_BACK, Witness, tell_human

SINCE = datetime(2026, 11, 23, 9, 5, tzinfo=UTC)
NOW = SINCE + timedelta(minutes=1)
ALARM = Alarm(
    name="nextorder-DeadFactsAlarm-1A2B",
    stack="nextorder",
    description="A webhook could not be used. `nextorder dead-letters` shows why.",
    since=SINCE,
    looks_at_seconds=300,
    letters="nextorder-DeadFacts",
)
AGAIN = "It is told again each day while it lasts."
OF_LOG = replace(ALARM, letters="", description="Webhooks wait. Look at the log of UpdateCustomer.")
TEA, COFFEE, COCOA = "tea.myshopify.com", "coffee.myshopify.com", "cocoa.myshopify.com"
SHOPS = st.lists(st.sampled_from([TEA, COFFEE, COCOA, "x" * 60 + ".myshopify.com"]), unique=True)


WORDS = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=200)
"""A description is one line."""


def concerned(*seen: str, connected: Sequence[str] = (TEA, COFFEE, COCOA)) -> Concerned:
    return Concerned(seen=Counter(seen), connected=connected)


@pytest.mark.parametrize(
    ("found", "who"),
    [
        (concerned(TEA), TEA),
        (concerned(TEA, connected=()), TEA),
        (concerned(TEA, COFFEE, COFFEE), f"{COFFEE} and 1 more"),
        (concerned(TEA, COFFEE, COCOA), f"{COCOA} and 2 more"),
        (concerned(connected=[TEA]), TEA),
        (concerned("", connected=[TEA]), TEA),
        (concerned(), "one of 3 shops"),
        (concerned("", ""), "one of 3 shops"),
        (concerned(connected=()), "Nextorder"),
    ],
)
def test_the_subject_begins_with_the_shop(found: Concerned, who: str) -> None:
    assert subject(ALARM, found) == f"{who}: a webhook could not be used"


def test_the_text_says_what_happened_to_whom_how_often_since_when_and_where() -> None:
    counts = (f"{TEA}: 2 messages", f"{COFFEE}: 1 message", "of no shop that could be told: 1 message")

    assert message(ALARM, concerned(TEA, TEA, COFFEE, "")).split("\n\n") == [
        ALARM.description,
        "\n  ".join(("It concerns:", *counts)),
        f"Since 2026-11-23 09:05 UTC, in the stack nextorder; the alarm is {ALARM.name}. {AGAIN}",
    ]


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (concerned(TEA, TEA), f"{TEA}: 2 lines of the log"),
        (concerned(connected=[TEA]), f"It concerns {TEA}, the only shop of the stack."),
        (concerned(), f"it is one of these, or more:\n  {TEA}\n  {COFFEE}\n  {COCOA}"),
        (concerned(connected=()), "could not be told."),
        (concerned(*[TEA] * MOST_SEEN), "No more than 1,000 were looked at."),
    ],
)
def test_what_is_not_known_is_said(found: Concerned, said: str) -> None:
    assert said in message(OF_LOG, found)


def test_an_alarm_is_told_again_while_it_stands_and_not_on_the_heels_of_its_first_mail() -> None:
    assert not ALARM.stands(SINCE + timedelta(hours=11))
    assert ALARM.stands(SINCE + timedelta(hours=12))


@given(seen=SHOPS, connected=SHOPS, words=WORDS)
def test_every_subject_is_one_that_mail_takes(seen: list[str], connected: list[str], words: str) -> None:
    found = concerned(*seen, connected=connected)

    line = subject(replace(ALARM, description=words), found)

    assert 0 < len(line) <= LONGEST_SUBJECT
    assert line.isascii()
    assert line.isprintable()


@dataclass
class Office:
    """Who knows of shops, and the mail that goes out."""

    letters: Iterable[str] = ()
    lines: Iterable[str] = ()
    connected: Sequence[str] = (TEA, COFFEE)
    is_down: bool = False
    asked: list[tuple[str, datetime] | str] = field(default_factory=list)
    mails: list[tuple[str, str]] = field(default_factory=list)

    def take(self, alarm: Alarm) -> tuple[str, str]:
        witness = Witness(connected=self._connected, letters=self._letters, lines=self._lines)
        tell_human(alarm, witness=witness, tell=lambda *mail: self.mails.append(mail), guard=guard, as_of=NOW)
        [mail] = self.mails
        return mail

    def _connected(self) -> Sequence[str]:
        if self.is_down:
            raise OSError
        return self.connected

    def _letters(self, queue: str) -> Iterator[str]:
        self.asked.append(queue)
        yield from self.letters
        if self.is_down:
            raise OSError

    def _lines(self, function: str, since: datetime) -> Iterable[str]:
        self.asked.append((function, since))
        return self.lines


@contextmanager
def guard(_: str) -> Iterator[None]:
    with suppress(OSError):
        yield


def test_dead_letters_are_asked_whose_they_are() -> None:
    office = Office(letters=[COFFEE, COFFEE], lines=[TEA])

    assert office.take(ALARM)[0].startswith(COFFEE)
    assert office.asked == [ALARM.letters]


def test_otherwise_the_log_of_the_named_function_is_read_for_as_long_as_tries_are_apart() -> None:
    office = Office(lines=[COFFEE])

    assert office.take(OF_LOG)[0].startswith(COFFEE)
    assert office.asked == [("UpdateCustomer", NOW - timedelta(minutes=5) - LOOKS_BACK)]


def test_where_no_log_is_named_every_log_is_read_for_refused_keys() -> None:
    office = Office(lines=[COFFEE])

    office.take(replace(OF_LOG, description="A destination refuses our key."))

    assert office.asked == [("", NOW - timedelta(minutes=5) - LOOKS_BACK)]


def test_a_look_that_fails_does_not_keep_the_mail_back() -> None:
    title, text = Office(letters=[COFFEE], is_down=True).take(ALARM)

    assert title == f"{COFFEE}: a webhook could not be used"
    assert f"{COFFEE}: 1 message" in text
    assert Office(is_down=True).take(ALARM)[0] == "Nextorder: a webhook could not be used"


def test_no_more_is_looked_at_than_a_mail_needs() -> None:
    office = Office(letters=(TEA for _ in iter(int, 1)))

    assert f"{TEA}: 1,000 messages" in office.take(ALARM)[1]
