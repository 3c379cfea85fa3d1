"""Writing and drawing a page: what is kept where, who is told, and what may be repeated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from nextorder.domain.catalogue import Catalogue
from nextorder.domain.facts import VariantCategory
from nextorder.domain.judged import Judged, Judgement
from nextorder.domain.sampling import Drawn
from nextorder.domain.shop import Shop
from nextorder.scoring.model import StoreModel
from nextorder.use_cases.write_report import HTML, PAGE, Desk, Drawing, Studio, draw_report, write_report
from tests.fakes.assortment import InMemoryAssortment
from tests.fakes.in_memory import InMemoryCustomers, InMemoryShops
from tests.fakes.training import InMemoryCensus
from tests.unit.shop_cases import CATALOGUE, MODEL, SHOP, an_order

NOW = datetime(2026, 11, 23, 5, tzinfo=UTC)
TODAY = "2026-11-23"
MUG = VariantCategory(
    id="2001", inventory_item="3001", category="mugs", updated_at=NOW, product="1", product_title="Mug"
)
WINDOW = Judged(
    horizon="30", first=date(2026, 10, 5), until=date(2026, 10, 12), n=9, expected=2.5, happened=3
)


@dataclass
class Shelf:
    """ports.Shelf: files in a dictionary."""

    files: dict[tuple[str, str, str], bytes] = field(default_factory=dict)

    def keep(self, shop: str, day: str, files: Mapping[str, bytes]) -> None:
        self.files |= {(shop, day, name): body for name, body in files.items()}

    def read(self, shop: str, day: str, name: str) -> bytes:
        return self.files[shop, day, name]

    def link(self, shop: str, day: str, name: str, holds: timedelta) -> str:
        assert (shop, day, name) in self.files
        return f"https://example.com/{shop}/{day}/{name}?hours={holds / timedelta(hours=1):g}"


@dataclass
class Judgements:
    """ports.judging.Judgements of one window."""

    def load(self, shop: str) -> Judgement | None:
        return Judgement(windows=(WINDOW,)) if shop == SHOP.id else None

    def save(self, shop: str, now: Judgement, *, replaces: Judgement | None) -> bool:
        raise AssertionError((shop, now, replaces))


@dataclass
class Office:
    """A desk and a studio at one shelf, and what was asked of them."""

    shelf: Shelf = field(default_factory=Shelf)
    drawn: list[tuple[str, str]] = field(default_factory=list)
    told: list[tuple[str, str]] = field(default_factory=list)
    customers: int = 2

    def desk(self) -> Desk:
        held = InMemoryCustomers()
        for number in range(self.customers):
            held.store(SHOP.id, str(number), an_order(number, name=f"o{number}"))
        return Desk(
            census=InMemoryCensus(held),
            goods=InMemoryAssortment(variant_facts={MUG.id: MUG}),
            shops=InMemoryShops(prior=MODEL, shops={SHOP.id: SHOP}, packaged=CATALOGUE),
            judgements=Judgements(),
            shelf=self.shelf,
            write=write,
            draw=lambda shop, day: self.drawn.append((shop, day)),
        )

    def studio(self) -> Studio:
        return Studio(
            shelf=self.shelf, draw=draw, tell=lambda subject, message: self.told.append((subject, message))
        )


def write(
    shop: Shop,
    catalogue: Catalogue,
    model: StoreModel,
    drawn: Drawn,
    judged: Sequence[Judged],
    as_of: datetime,
) -> Mapping[str, bytes]:
    assert (shop, catalogue, model, tuple(judged), as_of) == (SHOP, CATALOGUE, MODEL, (WINDOW,), NOW)
    assert drawn.titles == {"1": "Mug"}
    return {PAGE: f"of {len(drawn.facts)}".encode()} if drawn.facts else {}


def draw(written: bytes) -> Drawing:
    return Drawing(
        html=b"<p>" + written,
        subject="a page",
        message=lambda link, until: f"{link} until {until:%Y-%m-%d %H:%M}",
    )


def test_a_page_is_kept_by_its_day_and_then_drawn() -> None:
    office = Office()

    assert write_report(SHOP, desk=office.desk(), as_of=NOW) == TODAY
    assert office.shelf.files == {(SHOP.id, TODAY, PAGE): b"of 2"}
    assert office.drawn == [(SHOP.id, TODAY)]


def test_where_nobody_has_ordered_nothing_is_written() -> None:
    office = Office(customers=0)

    assert write_report(SHOP, desk=office.desk(), as_of=NOW) == ""
    assert not office.shelf.files
    assert not office.drawn


def test_the_merchant_is_told_where_the_drawn_page_lies_and_how_long() -> None:
    office = Office()
    write_report(SHOP, desk=office.desk(), as_of=NOW)

    draw_report(SHOP.id, TODAY, studio=office.studio(), as_of=NOW)

    assert office.shelf.files[SHOP.id, TODAY, HTML] == b"<p>of 2"
    link = f"https://example.com/{SHOP.id}/{TODAY}/{HTML}?hours=12"
    assert office.told == [("a page", f"{link} until 2026-11-23 17:00")]


def test_both_may_be_repeated() -> None:
    office = Office()
    for _ in range(2):
        write_report(SHOP, desk=office.desk(), as_of=NOW)
        draw_report(SHOP.id, TODAY, studio=office.studio(), as_of=NOW)

    assert len(office.shelf.files) == 2
    assert office.told[0] == office.told[1]
