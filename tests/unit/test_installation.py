"""What stands in a shop: the plan, and what installing, restoring and removing make of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.errors import NeedsHuman, Refused
from nextorder.domain.installation import Part, Survey, Verb, plan
from nextorder.domain.shop import Shop
from nextorder.use_cases.installation import Mark, check, install, remove, restore

SHOP = Shop(id="demo.myshopify.com")
HOOK = Part(kind="webhook", name="orders/create", says={"uri": "https://example.com"})
WORD = Part(kind="metafield", name="stage", says={"type": "text"})
GROUP = Part(kind="segment", name="life:new", says={"query": "tag"})
WANTED = (HOOK, WORD, GROUP)


@dataclass
class InMemoryInstaller:
    """A shop that does as it is told; what it refuses is named beforehand."""

    wanted: tuple[Part, ...] = WANTED
    standing: list[Part] = field(default_factory=list)
    refused: dict[str, Exception] = field(default_factory=dict)
    changes: list[str] = field(default_factory=list)
    forgotten: bool = False

    def survey(self, shop: Shop) -> Survey:
        assert shop == SHOP
        return Survey(wanted=self.wanted, found=tuple(self.standing))

    def make(self, _: Shop, part: Part) -> None:
        self._change("make", part)
        self.standing = [one for one in self.standing if one.place != part.place or not one.gone]
        self.standing.append(replace(part, id=f"{part.name}-{len(self.changes)}"))

    def repair(self, _: Shop, part: Part, found: Part) -> None:
        self._change("repair", part)
        self.standing[self.standing.index(found)] = part

    def remove(self, _: Shop, part: Part) -> None:
        self._change("remove", part)
        self.standing.remove(part)

    def forget(self, _: Shop) -> None:
        self.forgotten = True

    def _change(self, verb: str, part: Part) -> None:
        if part.name in self.refused:
            raise self.refused[part.name]
        self.changes.append(f"{verb} {part}")


def standing(*parts: Part) -> list[Part]:
    """Return the parts as they stand."""
    return [replace(part, id=f"id-{number}") for number, part in enumerate(parts)]


def test_a_new_shop_gets_everything_and_the_second_time_nothing() -> None:
    installer = InMemoryInstaller()
    assert {tick.mark for tick in install(SHOP, installer)} == {Mark.MADE}
    made = list(installer.changes)
    assert {tick.mark for tick in install(SHOP, installer)} == {Mark.OK}
    assert installer.changes == made


def test_checking_changes_nothing_and_says_what_is_wrong() -> None:
    wrong = replace(WORD, says={"type": "number"})
    installer = InMemoryInstaller(standing=standing(HOOK, wrong))
    marks = {tick.part.name: tick.mark for tick in check(SHOP, installer)}
    assert marks == {"orders/create": Mark.OK, "stage": Mark.MISSING, "life:new": Mark.MISSING}
    assert not installer.changes


def test_what_says_something_else_is_repaired_where_it_stands() -> None:
    installer = InMemoryInstaller(standing=standing(HOOK, replace(WORD, says={"type": "number"}), GROUP))
    ticks = install(SHOP, installer)
    assert [tick.mark for tick in ticks] == [Mark.OK, Mark.REPAIRED, Mark.OK]
    assert installer.changes == ["repair metafield stage"]


def test_what_is_no_longer_wanted_goes() -> None:
    former = Part(kind="segment", name="value:gold", says={"query": "tag"})
    installer = InMemoryInstaller(standing=standing(*WANTED, former))
    assert install(SHOP, installer)[-1].mark is Mark.REMOVED
    assert installer.changes == ["remove segment value:gold"]


def test_of_two_that_are_alike_the_right_one_stays() -> None:
    stale = replace(HOOK, says={"uri": "https://old.example.com"})
    installer = InMemoryInstaller(standing=standing(stale, HOOK, WORD, GROUP))
    install(SHOP, installer)
    assert installer.changes == ["remove webhook orders/create"]
    assert [part.says for part in installer.standing if part.kind == "webhook"] == [HOOK.says]


def test_a_refusal_is_told_and_keeps_nothing_else_back() -> None:
    refused: dict[str, Exception] = {
        "orders/create": Refused("installation", "no such address"),
        "stage": NeedsHuman("no access"),
    }
    installer = InMemoryInstaller(refused=refused)
    whys = [(tick.mark, tick.why) for tick in install(SHOP, installer)]
    assert whys == [(Mark.MISSING, "no such address"), (Mark.MISSING, "no access"), (Mark.MADE, "")]


def test_what_the_platform_dropped_is_restored_and_named() -> None:
    installer = InMemoryInstaller(standing=standing(WORD, GROUP))
    [tick] = restore(SHOP, installer)
    assert (str(tick), tick.is_put_back) == ("webhook orders/create", True)
    assert restore(SHOP, installer) == ()


def test_what_cannot_be_restored_is_named_with_the_reason() -> None:
    refused: dict[str, Exception] = {"orders/create": Refused("installation", "no such address")}
    installer = InMemoryInstaller(standing=standing(WORD, GROUP), refused=refused)
    [tick] = restore(SHOP, installer)
    assert (str(tick), tick.is_put_back) == ("webhook orders/create: no such address", False)


def test_what_the_merchant_took_away_comes_back_on_request_only() -> None:
    gone = Part(kind="segment", name="life:new", gone=True)
    installer = InMemoryInstaller(standing=[*standing(HOOK, WORD), gone])
    assert restore(SHOP, installer) == ()
    assert install(SHOP, installer)[-1].mark is Mark.MADE


def test_where_nothing_was_ever_installed_nothing_is_restored() -> None:
    installer = InMemoryInstaller(wanted=(), standing=standing(HOOK))
    assert restore(SHOP, installer) == ()
    assert not installer.changes


def test_removing_takes_everything_of_ours_and_the_record() -> None:
    gone = Part(kind="segment", name="life:loyal", gone=True)
    installer = InMemoryInstaller(standing=[*standing(*WANTED), gone])
    assert remove(SHOP, installer) == ("webhook orders/create", "metafield stage", "segment life:new")
    assert installer.standing == [gone]
    assert installer.forgotten
    assert remove(SHOP, installer) == ()


PLACES = st.tuples(st.sampled_from(("webhook", "segment")), st.sampled_from("abc"))
PARTS = st.builds(
    lambda place, says: Part(kind=place[0], name=place[1], says={"says": says}), PLACES, st.integers(0, 2)
)


@given(
    st.lists(PARTS, unique_by=lambda part: part.place),
    st.lists(st.tuples(PARTS, st.booleans()), max_size=8),
)
def test_after_any_plan_exactly_what_is_wanted_stands(
    wanted: Sequence[Part], found: Sequence[tuple[Part, bool]]
) -> None:
    before = [replace(part, id=f"id-{at}", gone=gone) for at, (part, gone) in enumerate(found)]
    installer = InMemoryInstaller(wanted=tuple(wanted), standing=before)
    install(SHOP, installer)
    after = [part for part in installer.standing if not part.gone]
    assert sorted((part.place, part.says["says"]) for part in after) == sorted(
        (part.place, part.says["says"]) for part in wanted
    )
    assert all(step.verb is Verb.KEEP for step in plan(installer.survey(SHOP)))
