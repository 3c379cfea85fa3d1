"""Plausible rows for every picture, by formula."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
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


def months() -> Sequence[date]:
    return [date(2025 + (11 + one) // 12, (11 + one) % 12 + 1, 1) for one in range(12)]


def cohorts() -> Iterator[Row]:
    for place, month in enumerate(months()):
        for age in range(12 - place):
            share = max(0.45 * (1 - exp(-age / 3)) + 0.02 * sin(place), 0)
            gp2 = 2_150 + age * 640 - 90 * place
            yield (
                *(month.isoformat(), age, 180 + 31 * (place % 5)),
                *(share, max(share - 0.04, 0), share + 0.04),
                *(gp2, gp2 - 210, gp2 + 210),
            )


def rfm() -> Iterator[Row]:
    lately = ("301-380", "181-300", "91-180", "31-90", "0-30")
    often = ("1", "2", "3", "4-5", "6+")
    for days in range(1, 6):
        for orders in range(1, 6):
            customers = 40 + 60 * abs(3 - days) + 70 * (6 - orders)
            gp2 = 900 * orders * (days + 1) - 2_000
            yield (
                *(days, orders, lately[days - 1], often[orders - 1], customers),
                *(gp2, gp2 - 400, gp2 + 400),
                *(gp2 // 5, gp2 // 5 - 150, gp2 // 5 + 190),
            )


def calibration() -> Iterator[Row]:
    for horizon, scale in ((5, 0.1), (30, 0.35), (90, 0.7)):
        for place in range(1, 11):
            said = scale * (place / 10) ** 1.6
            happened = said * (1.08 if place % 2 else 0.94)
            spread = (said / 450) ** 0.5
            yield (
                *(horizon, place, 452, said, said * 0.94, said * 1.06),
                *(happened, max(happened - 1.3 * spread, 0), happened + 1.3 * spread),
            )


def lift() -> Iterator[Row]:
    ordered = 0.0
    for tenth in range(1, 11):
        share = 0.62 * exp(-(tenth - 1) * 0.29)
        ordered += share
        yield (
            *("Nextorder", 90, tenth, 452, share, max(share - 0.03, 0), share + 0.03),
            *(share / 0.25, ordered / 2.4, None),
        )
    for by, money in (
        ("Nextorder", 0.58),
        ("RFM (the sum of three fifths)", 0.49),
        ("known afterwards", 0.81),
    ):
        yield by, 90, 2, 904, None, None, None, None, None, money


def clv() -> Iterator[Row]:
    edges = (0, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)
    for what, middle in (("net revenue", 6), ("gross profit 2", 5)):
        yield what, None, None, None, 0, 31
        for place, (low, high) in enumerate(pairwise(edges)):
            yield what, low, None, None, high, round(900 * exp(-(((place - middle) / 2.4) ** 2)))
        yield f"half bring more: {what}", 740 * middle, 610 * middle, 890 * middle, None, 2_259
        yield f"a tenth bring more: {what}", 4_100 * middle, 3_400 * middle, 4_900 * middle, None, 452
    for tier, bound, customers in (("platinum", 21_000, 45), ("gold", 9_400, 181), ("silver", 3_100, 678)):
        yield f"tier {tier}", bound, None, None, None, customers


def weeks(count: int) -> Sequence[date]:
    return [date(2026, 11, 21) - timedelta(days=7 * one) for one in reversed(range(count))]


def sizes() -> Iterator[Row]:
    life = {"new": 310, "second-window": 820, "closing": 410, "missed": 1_420, "repeat": 860, "loyal": 510}
    families = {"life": life, "risk": {"cooling": 240, "at-risk": 310}}
    for place, month in enumerate(months()):
        for family, named in families.items():
            for name, size in named.items():
                customers = round(size * (0.8 + place / 60) + 30 * sin(place / 2 + size))
                yield month.isoformat(), family, name, customers


def moves() -> Iterator[Row]:
    life = ("not yet a customer", "new", "second-window", "closing", "missed", "repeat", "loyal", "champion")
    for left, start in enumerate(life):
        for right, end in enumerate(life[1:], start=1):
            if start == end or abs(right - left) == 1 or end == "repeat":
                customers = 1_000 // (2 + abs(right - left) * 5)
                yield start, end, customers, customers * 4_100, customers * 3_300, customers * 5_000


def first_orders() -> Iterator[Row]:
    values = {
        "country": ("United Kingdom", "Germany", "France"),
        "category": ("lamps", "kitchen", "garden"),
        "discount": ("none", "10 to 20 %", "20 % and more"),
        "number of items": ("1 item", "2 to 5 items", "more"),
    }
    yield "the store", "the store", 4_518, 930, 2_610, 0.37, 0.36, 0.38, 2_410, 2_300, 2_520, "as the store"
    for by, named in values.items():
        for place, name in enumerate(named):
            second, profit, width = 0.46 - 0.09 * place, 3_100 - 700 * place, place + 1
            yield (
                *(by, name, 2_400 // width, 1_240 - 310 * place, 1_400 // width),
                *(second, second - 0.03 * width, second + 0.03 * width),
                *(profit, profit - 220 * width, profit + 220 * width),
                ("better", "as the store", "worse")[place],
            )


def acquisition() -> Iterator[Row]:
    values = {
        "source": ("google / cpc", "instagram", "direct"),
        "code": ("SPRING", "no code"),
        "country": ("GB", "DE", "all others"),
    }
    yield "the store", "the store", 1_620, 2_410, 2_300, 2_520, "", None, None, None
    for by, named in values.items():
        for place, name in enumerate(named):
            profit = 3_100 - 700 * place
            spent = (900, 800, 1_000) if by == "source" else (None, None, None)
            yield (
                *(by, name, 900 // (place + 1), profit, profit - 300, profit + 300),
                *(("more", "", "less")[place], *spent),
            )


def hypotheses() -> Iterator[Row]:
    for by, name, profit, stake in (
        ("source", "google / cpc", 3_100, 152_000),
        ("code", "SPRING", 900, 31_000),
    ):
        seen = f"Customers of {name} bring {profit / 100:.0f} GBP in their first year."
        yield by, name, 300, profit, profit - 300, profit + 300, 2_410, stake, seen, "compare the next 100"


def said() -> Iterator[Row]:
    for horizon, orders in ((5, 61), (30, 330)):
        for place, week in enumerate(weeks(20)):
            told = orders * (1 + 0.1 * sin(place / 3))
            came = round(told * (1 + 0.09 * sin(place * 1.7)))
            until = (week + timedelta(days=horizon)).isoformat()
            yield (
                *(week.isoformat(), until, horizon, "said", 4_000 + 20 * place),
                *(told, told * 0.93, told * 1.07, came, told / came),
            )


def timeline() -> Iterator[Row]:
    orders = {0: 4_250, 61: 3_900, 140: 5_200, 239: 2_100, 331: 6_450}
    first = date(2025, 8, 18)
    for day in sorted({*range(0, 460, 7), *orders}):
        since = max(one for one in orders if one <= day)
        chance = 0.62 * exp((since - day) / 130)
        stage = "repeat" if day > 60 else "new"
        when = (first + timedelta(days=day)).isoformat()
        yield "chance", when, chance, chance * 0.92, chance * 1.08, None, stage, "", ""
    for day, money in orders.items():
        when = (first + timedelta(days=day)).isoformat()
        yield "order", when, None, None, None, money, "", "repeat" if day else "new", "new" if day else ""


def gaps() -> Iterator[Row]:
    for category, middle in (("coffee", 28), ("soap", 63), ("candles", 112)):
        for start in range(0, 364, 14):
            seen = round(240 * exp(-(((start + 7 - middle) / 30) ** 2)))
            points = [share * middle * factor for factor in (1, 0.9, 1.3, 1.9) for share in (1, 0.94, 1.07)]
            yield category, start, start + 14, seen, *points
