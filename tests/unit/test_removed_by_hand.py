"""Tags that someone takes off by hand stay off while they would stand; our own hand is told from theirs."""

from dataclasses import dataclass, replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.changes import Accepted, Change
from nextorder.domain.errors import OutcomeUnknown, RetryLater
from nextorder.domain.facts import TagRemoval
from nextorder.domain.shop import Shop
from nextorder.ports import Delivered
from nextorder.use_cases.publish_bulk import publish_bulk
from tests.fakes.board import Board
from tests.unit.publish_cases import ANNA, PROFILE, SHOP, World, a_verdict

NEW, REPEAT, LOYAL = "next:life:new", "next:life:repeat", "next:life:loyal"
MINUTE = timedelta(minutes=1)


@dataclass
class Hands(Board):
    """A board that tells of each tag that leaves it, as Shopify does: whoever took it off."""

    world: "Shelf | None" = None
    lose_answer: bool = False

    def deliver(self, shop: Shop, change: Change) -> Delivered:
        before = set(self.audiences.get(PROFILE, set()))
        swept = {tag for tag in before if tag.startswith("next:")} - change.join - change.spared
        wanted = replace(change, leave=change.leave | (swept if change.afresh else frozenset()))
        delivered = super().deliver(shop, wanted)
        assert self.world
        self.world.tell(before - self.audiences[PROFILE])
        if self.lose_answer:
            self.lose_answer = False
            raise OutcomeUnknown("timeout", remote_id=PROFILE)
        return delivered


class Shelf(World):
    """One customer whose tags several hands change; the clock goes on with every step."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.board: Hands = Hands(fuse=self.fuse, profiles={"anna@example.com": PROFILE}, world=self)
        self.webhooks: list[TagRemoval] = []

    @property
    def tags(self) -> set[str]:
        return self.board.audiences.setdefault(PROFILE, set())

    @property
    def held(self) -> Accepted:
        return self.accepted.load(SHOP.id, ANNA, self.board.name) or Accepted()

    def pass_time(self, minutes: float = 5) -> None:
        self.now += minutes * MINUTE

    def tell(self, gone: set[str]) -> None:
        self.webhooks += [TagRemoval(customer=ANNA, id=tag.lower(), updated_at=self.now) for tag in gone]

    def hear(self) -> None:
        """Deliver all webhooks, the last first."""
        self.customers.store_newer(SHOP.id, ANNA, self.webhooks[::-1])
        self.webhooks.clear()

    def take_off(self, tag: str) -> None:
        if tag in self.tags:
            self.tags.discard(tag)
            self.tell({tag})

    def try_to_publish(self, *, again: bool = False) -> None:
        """Publish, and leave it at that when the answer is lost."""
        try:
            self.publish(again=again)
        except RetryLater:
            self.pass_time()

    def stand(self, stage: str) -> None:
        self.place(a_verdict(stage, days=0))


def a_shelf(stage: str = "new") -> Shelf:
    shelf = Shelf()
    shelf.stand(stage)
    shelf.publish()
    shelf.pass_time()
    return shelf


def test_a_tag_that_was_taken_off_stays_off_even_when_all_is_said_afresh() -> None:
    shelf = a_shelf()
    shelf.take_off(NEW)
    shelf.hear()
    shelf.publish(again=True)
    publish_bulk(SHOP.id, publisher=shelf.publisher, again=True, as_of=shelf.now)

    assert shelf.tags == set()
    assert shelf.board.attributes[PROFILE]["stage"] == "new"


def test_it_is_put_on_again_when_the_verdict_has_changed_and_comes_back() -> None:
    shelf = a_shelf()
    shelf.take_off(NEW)
    shelf.hear()
    for stage in ("repeat", "new"):
        shelf.pass_time()
        shelf.stand(stage)
        shelf.publish()
        shelf.hear()
    assert shelf.tags == {NEW}
    shelf.publish(again=True)

    assert shelf.tags == {NEW}


def test_another_tag_is_put_on_as_ever() -> None:
    shelf = a_shelf()
    shelf.take_off(NEW)
    shelf.hear()
    shelf.pass_time()
    shelf.stand("repeat")
    shelf.publish(again=True)

    assert shelf.tags == {REPEAT}


def test_a_tag_that_the_merchant_put_on_again_is_not_taken_off() -> None:
    shelf = a_shelf()
    shelf.take_off(NEW)
    shelf.hear()
    shelf.tags.add(NEW)
    shelf.publish(again=True)

    assert shelf.tags == {NEW}


def test_what_we_took_off_ourselves_is_not_the_merchants_doing() -> None:
    """Off and on again between two verdicts; the webhook of our own removal comes late."""
    shelf = a_shelf()
    for stage in ("repeat", "new"):
        shelf.stand(stage)
        shelf.publish()
        shelf.pass_time()
    shelf.hear()
    shelf.tags.clear()
    shelf.publish(again=True)

    assert shelf.tags == {NEW}


def test_what_we_took_off_without_an_answer_is_not_the_merchants_doing() -> None:
    shelf = a_shelf()
    shelf.stand("repeat")
    shelf.board.lose_answer = True
    shelf.try_to_publish()
    shelf.pass_time()
    shelf.hear()
    shelf.stand("new")
    shelf.publish()

    assert shelf.tags == {NEW}


def test_a_late_webhook_is_heard_though_numbers_were_shown_meanwhile() -> None:
    shelf = a_shelf()
    shelf.take_off(NEW)
    shelf.pass_time()
    shelf.place(replace(a_verdict("new"), reasons=("another reason",)))
    shelf.publish()
    shelf.hear()
    shelf.publish(again=True)

    assert shelf.tags == set()


STEPS = st.lists(
    st.sampled_from(["new", "repeat", "loyal", "publish", "again", "lose", "hear", "off"]), max_size=25
)


@given(STEPS)
def test_no_order_of_hands_and_deliveries_leaves_a_wrong_tag(steps: list[str]) -> None:
    """In the end exactly what is desired is shown, but for what the merchant took off while it stood."""
    shelf = a_shelf()
    shelf.tags.add("vip")
    by_hand: set[str] = set()
    stage = "new"
    for step in steps:
        shelf.pass_time()
        match step:
            case "new" | "repeat" | "loyal":
                by_hand.clear() if step != stage else None
                stage = step
                shelf.stand(stage)
                shelf.try_to_publish()
            case "publish" | "again":
                shelf.try_to_publish(again=step == "again")
            case "lose":
                shelf.board.lose_answer = True
            case "hear":
                shelf.hear()
            case "off" if not shelf.held.unsure and f"next:life:{stage}" in shelf.tags:
                shelf.take_off(f"next:life:{stage}")
                by_hand.add(f"next:life:{stage}")
                shelf.hear()
    shelf.pass_time()
    shelf.board.lose_answer = False
    shelf.hear()
    shelf.publish(again=True)

    assert shelf.tags == {f"next:life:{stage}", "vip"} - by_hand
