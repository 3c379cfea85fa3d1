"""Plausible rows for every picture, by formula."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from math import exp, sin
from typing import Final

from nextorder.report.page import Value

CLOSE_DAYS: Final = 171
Row = Sequence[Value]


def second_order() -> Iterator[Row]:
    """One row a point of the curve, and one for each of the two lines."""
    for day in range(0, 366, 5):
        share = 0.52 * (1 - exp(-day / 95))
        yield "curve", day, None, None, share, max(share - 0.012, 0), share + 0.012, 4_518 - day * 8
    yield "window", CLOSE_DAYS, 164, 179, 0.43, 0.418, 0.442, 3_150
    yield "rule of thumb", 150, None, None, 0.41, 0.398, 0.422, 3_318


def _months() -> Sequence[date]:
    return [date(2025 + (11 + one) // 12, (11 + one) % 12 + 1, 1) for one in range(12)]


def cohorts() -> Iterator[Row]:
    for place, month in enumerate(_months()):
        for age in range(12 - place):
            share = 0.45 * (1 - exp(-age / 3)) + 0.02 * sin(place)
            yield (
                month.isoformat(),
                age,
                180 + 31 * (place % 5),
                max(share, 0),
                2_150 + age * 640 - 90 * place,
            )


def rfm() -> Iterator[Row]:
    for days in range(1, 6):
        for orders in range(1, 6):
            yield days, orders, 40 + 60 * abs(3 - days) + 70 * (6 - orders), 900 * orders * (days + 1) - 2_000


def calibration() -> Iterator[Row]:
    for horizon, scale in ((5, 0.1), (30, 0.35), (90, 0.7)):
        for place in range(1, 11):
            said = scale * (place / 10) ** 1.6
            happened = said * (1.08 if place % 2 else 0.94)
            spread = (said / 450) ** 0.5
            yield horizon, said, happened, max(happened - 1.3 * spread, 0), happened + 1.3 * spread, 452


def lift() -> Iterator[Row]:
    for by, steep in (("this model", 2.9), ("RFM", 2.0)):
        for tenth in range(1, 11):
            share = 0.62 * exp(-(tenth - 1) / 10 * steep)
            captured = (1 - exp(-tenth / 10 * steep)) / (1 - exp(-steep))
            yield by, tenth, 452, share, max(share - 0.03, 0), share + 0.03, captured


def clv() -> Iterator[Row]:
    for what, middle in (("revenue", 7), ("gross profit 2", 4)):
        for place in range(16):
            customers = round(900 * exp(-(((place - middle) / (3 if place < middle else 5)) ** 2)))
            yield what, place * 2_500 - 2_500, place * 2_500, customers


def _weeks(count: int) -> Sequence[date]:
    return [date(2026, 11, 21) - timedelta(days=7 * one) for one in reversed(range(count))]


def sizes() -> Iterator[Row]:
    sizes = {"new": 310, "second-window": 820, "closing": 410, "missed": 1_420, "repeat": 860, "loyal": 510}
    for place, week in enumerate(_weeks(26)):
        for name, size in {**sizes, "champion": 188}.items():
            yield week.isoformat(), name, round(size * (0.8 + place / 130) + 30 * sin(place / 3 + size))


def moves() -> Iterator[Row]:
    life = ("nobody yet", "new", "second-window", "closing", "missed", "repeat", "loyal", "champion")
    for left, start in enumerate(life):
        for right, end in enumerate(life[1:], start=1):
            if start == end or abs(right - left) == 1 or end == "repeat":
                yield start, end, 1_000 // (2 + abs(right - left) * 5)


def first_orders() -> Iterator[Row]:
    values = {
        "country": ("United Kingdom", "Germany", "France"),
        "category": ("lamps", "kitchen", "garden"),
        "discount": ("none", "up to 20 %", "more than 20 %"),
        "size": ("1 item", "2 to 5 items", "more"),
    }
    for by, named in values.items():
        for place, name in enumerate(named):
            second = 0.46 - 0.09 * place
            profit = 3_100 - 700 * place
            against = "better" if place == 0 else "worse" if place == 2 else "as the store"
            yield (
                *(by, name, 2_400 // (place + 1), 1_240 - 310 * place),
                *(second, second - 0.03 * (place + 1), second + 0.03 * (place + 1)),
                *(profit, profit - 220 * (place + 1), profit + 220 * (place + 1)),
                against,
            )


def said() -> Iterator[Row]:
    for place, week in enumerate(_weeks(20)):
        for horizon, orders in ((5, 61), (30, 330)):
            said = orders * (1 + 0.1 * sin(place / 3))
            happened = round(said * (1 + 0.07 * sin(place * 1.7)))
            yield week.isoformat(), horizon, said, said * 0.88, said * 1.12, happened


def timeline() -> Iterator[Row]:
    orders = {0: 4_250, 61: 3_900, 140: 5_200, 239: 2_100, 331: 6_450}
    since = 0
    for day in range(0, 460, 7):
        new = [one for one in orders if day - 7 < one <= day]
        since = 0 if new else since + 7
        when = date(2025, 8, 18) + timedelta(days=day)
        yield "chance", when.isoformat(), 0.62 * exp(-since / 130), None, "repeat" if day > 60 else "new"
        for one in new:
            yield "order", (date(2025, 8, 18) + timedelta(days=one)).isoformat(), None, orders[one], "order"


def gaps() -> Iterator[Row]:
    for category, middle in (("coffee", 28), ("soap", 63), ("candles", 112)):
        for start in range(0, 182, 14):
            gaps = round(240 * exp(-(((start + 7 - middle) / 30) ** 2)))
            yield category, start, start + 14, gaps, middle * 0.7, middle, middle * 1.5
