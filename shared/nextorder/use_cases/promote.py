"""Put other numbers, and the model that they name, in force for a shop, and keep the way back."""

from dataclasses import replace

from nextorder.domain.errors import BadSettings, RetryLater
from nextorder.domain.model_card import Decision, Former, ModelCard
from nextorder.domain.shop import Numbers, Shop
from nextorder.ports import ModelRecords, Shops


def promote(
    shop: Shop, numbers: Numbers, *, shops: Shops, records: ModelRecords, catalogue: str = ""
) -> None:
    """
    Put numbers in force that were frozen for `shop` as it was read; the sweep does the rest within a day.

    `catalogue` pins the one that a shop without one of its own has had until now.

    Raises:
        RetryLater: The shop has got other numbers, or another catalogue, meanwhile.
        ValueError: The model is not what its name says.
    """
    now = shops.get(shop.id)
    if now is None or (now.numbers.fitted_at, now.catalogue) != (shop.numbers.fitted_at, shop.catalogue):
        raise RetryLater("the shop's numbers or its catalogue have changed meanwhile")
    shops.model(replace(shop, numbers=numbers))
    keep_former(replace(shop, catalogue=catalogue or shop.catalogue), records=records)
    shops.change(shop.id, numbers=numbers, catalogue=catalogue or shop.catalogue)


def keep_former(shop: Shop, *, records: ModelRecords) -> None:
    """Keep the numbers in force, so that they can be gone back to."""
    if shop.numbers.fitted_at:
        records.keep_former(shop.id, Former(numbers=shop.numbers, catalogue=shop.catalogue))


def former_numbers(shop: Shop, *, shops: Shops, records: ModelRecords) -> Numbers:
    """
    Return the numbers before those in force, their model checked.

    Raises:
        BadSettings: There are none, they were frozen for another catalogue, or their model is damaged.
    """
    former = records.former(shop.id)
    if former is None:
        raise BadSettings("there is no model before this one")
    if former.catalogue != shop.catalogue:
        raise BadSettings("the model before this one had another catalogue: run `nextorder fit`")
    try:
        shops.model(replace(shop, numbers=former.numbers))
    except ValueError as error:
        raise BadSettings(str(error)) from error
    return former.numbers


def accept(shop: Shop, *, shops: Shops, records: ModelRecords) -> ModelCard:
    """
    Put what waits for the merchant in force; safe to repeat after a crash.

    Raises:
        BadSettings: Nothing waits, or the shop has got other numbers since.
    """
    proposal = records.proposal(shop.id)
    if proposal is None:
        raise BadSettings("no model waits for you")
    if shop.numbers.fitted_at != proposal.numbers.fitted_at:
        if (shop.numbers.fitted_at, shop.catalogue or proposal.catalogue) != (
            proposal.replaces,
            proposal.catalogue,
        ):
            raise BadSettings("the shop has got other numbers since: run `nextorder train` for a new one")
        promote(shop, proposal.numbers, shops=shops, records=records, catalogue=proposal.catalogue)
    card = replace(proposal.card, decision=Decision.PROMOTED)
    records.save_card(shop.id, card)
    records.withdraw(shop.id)
    return card
