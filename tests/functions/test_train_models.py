"""train_models on its own: a shop gets its first model, and keeps it until it can be judged."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from nextorder.adapters.dynamodb.bulk import DynamoBulk
from nextorder.adapters.dynamodb.model_records import DynamoModelRecords
from nextorder.domain.model_card import Decision, ModelCard
from nextorder.training import artefact
from tests.system.cloud import Cloud, eventually
from tests.system.shops import EVENTS, SWEPT, TRAINED
from tests.unit.crowd_cases import a_crowd

Event = Callable[[str], Any]
FILES = {"card.json", "model.joblib", "runtime.json"}


@pytest.fixture(scope="module", autouse=True)
def crowd(cloud: Cloud) -> None:
    """Write the facts of a small store, as an import has them."""
    cloud.shops.change(TRAINED, applied=False)
    bulk = DynamoBulk(cloud.dynamodb, cloud.table, cloud.customers)
    for customer, orders in a_crowd(200, datetime.now(UTC)).items():
        bulk.store_all(TRAINED, {customer: orders})


def card(cloud: Cloud, shop: str) -> ModelCard | None:
    return DynamoModelRecords(cloud.dynamodb, cloud.table).card(shop)


def test_a_shop_gets_its_first_model_with_its_artefact_and_keeps_it_while_it_is_young(
    cloud: Cloud, event: Event, tmp_path: Path
) -> None:
    of_the_shop = event("train_models") | {"shop": TRAINED}
    first = cloud.invoke("TrainModels", of_the_shop).value

    shop = cloud.shops.get(TRAINED)
    assert first == {TRAINED: "promoted"}
    assert shop
    assert shop.numbers.model
    assert shop.catalogue
    prefix = f"models/{TRAINED}/{shop.numbers.model}/"
    for name in FILES:
        body = cloud.s3.get_object(Bucket=cloud.bucket, Key=prefix + name)["Body"].read()
        (tmp_path / name).write_bytes(body)
    assert artefact.read(tmp_path).model_ == cloud.shops.model(shop)
    assert not hasattr(artefact.read(tmp_path), "features_"), "nothing of a customer is in it"

    again = cloud.invoke("TrainModels", of_the_shop).value

    assert again == {TRAINED: "too-young"}
    assert cloud.shops.get(TRAINED) == replace(shop)


def test_the_schedule_gives_each_shop_its_turn(cloud: Cloud) -> None:
    begun = cloud.invoke("TrainModels", {}).value

    assert {EVENTS, SWEPT, TRAINED} <= set(begun)
    said = eventually(lambda: card(cloud, SWEPT))
    assert said
    assert said.decision is Decision.TOO_SMALL


def test_a_shop_that_is_not_connected_is_nobodys_to_train(cloud: Cloud) -> None:
    assert cloud.invoke("TrainModels", {"shop": "nobody.myshopify.com"}).value == {}
