"""What is kept of a shop's trainings: cards, a proposal that waits, the numbers before these."""

import json
from typing import TYPE_CHECKING, Any, Final, TypeVar

from nextorder.adapters import document
from nextorder.adapters.dynamodb.items import key, row, text
from nextorder.domain.model_card import Former, ModelCard, Proposal

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_LATEST: Final = "training"
_FORMER: Final = "former"
_PROPOSAL: Final = "proposal"

T = TypeVar("T")


class DynamoModelRecords:
    """ports.ModelRecords: items of the shop's own partition, with every digit of its numbers."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def card(self, shop: str, model: str = "") -> ModelCard | None:
        """Read the card of a model, or of the latest training."""
        return self._read(ModelCard, shop, f"card#{model}" if model else _LATEST)

    def save_card(self, shop: str, card: ModelCard) -> None:
        """Write a training's card, and under its model's name if it has fitted one."""
        self._write(shop, _LATEST, card)
        if card.model:
            self._write(shop, f"card#{card.model}", card)

    def former(self, shop: str) -> Former | None:
        """Read the numbers that were in force before these."""
        return self._read(Former, shop, _FORMER)

    def keep_former(self, shop: str, former: Former) -> None:
        """Write them."""
        self._write(shop, _FORMER, former)

    def proposal(self, shop: str) -> Proposal | None:
        """Read what waits for the merchant."""
        return self._read(Proposal, shop, _PROPOSAL)

    def propose(self, shop: str, proposal: Proposal) -> None:
        """Write what is to wait for the merchant, in place of what has waited until now."""
        self._write(shop, _PROPOSAL, proposal)

    def withdraw(self, shop: str) -> None:
        """Take away what has waited."""
        self._client.delete_item(TableName=self._table, Key=key(shop, _PROPOSAL))

    def _read(self, kind: type[T], shop: str, sk: str) -> T | None:
        reply = self._client.get_item(TableName=self._table, Key=key(shop, sk), ConsistentRead=True)
        return document.decode(kind, text(reply["Item"], "doc")) if "Item" in reply else None

    def _write(self, shop: str, sk: str, what: Any) -> None:
        said = json.dumps(document.to_plain(what, digits=document.ALL_DIGITS))
        self._client.put_item(TableName=self._table, Item=row(shop, sk, doc=said))
