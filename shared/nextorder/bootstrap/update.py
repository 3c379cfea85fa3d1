"""What update_customer needs."""

from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from secrets import token_hex

from nextorder.adapters.bodies import Bodies
from nextorder.adapters.dynamodb.assortment import DynamoAssortment
from nextorder.adapters.dynamodb.customers import DynamoCustomers
from nextorder.adapters.dynamodb.pings import DynamoPings
from nextorder.adapters.dynamodb.privacy import Forgotten, HeldContacts
from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.adapters.packaged import packaged_catalogue
from nextorder.adapters.queues import Queue
from nextorder.adapters.shopify.intake import Intake
from nextorder.bootstrap import environment as env
from nextorder.bootstrap.keys import connections, has_klaviyo
from nextorder.domain.catalogue_text import switched
from nextorder.domain.facts import Payment
from nextorder.scoring.model import StoreModel, load_verified
from nextorder.use_cases.take_facts import Books
from nextorder.use_cases.update_customer import Judge


@dataclass(frozen=True, slots=True)
class Update:
    """The stores and queues of update_customer."""

    intake: Intake
    judge: Judge
    books: Books


def update() -> Update:
    """Return what update_customer needs."""
    intake = Intake(
        shops=shops(),
        bodies=Bodies(env.s3, env.variable("BUCKET_NAME")),
        dead=partial(_queue, env.variable("DEAD_FACTS_QUEUE_URL")),
        privacy=partial(_queue, env.variable("PRIVACY_QUEUE_URL")),
    )
    return Update(intake=intake, judge=judge(), books=books())


def _queue(url: str) -> Queue:
    return Queue(env.sqs(), url)


def books() -> Books:
    """Return the stores that facts go into."""
    return Books(
        customers=customers(),
        shops=shops(),
        assortment=DynamoAssortment(env.dynamodb(), env.variable("TABLE_NAME")),
        forgotten=forgotten(),
        fees=FeesOnAsking(),
        pings=DynamoPings(env.dynamodb(), env.variable("TABLE_NAME")),
    )


class FeesOnAsking:
    """ports.Fees; Shopify's client, and requests with it, are imported with the first payment only."""

    def of_payment(self, shop: str, payment: Payment) -> int | None:
        """Ask Shopify what a payment's processing cost."""
        from nextorder.adapters.shopify.fees import ShopifyFees  # noqa: PLC0415  # see the class
        from nextorder.bootstrap.publish import shopify_client  # noqa: PLC0415  # see the class

        return ShopifyFees(shopify_client()).of_payment(shop, payment)


def judge() -> Judge:
    """Return what turns facts into verdicts."""
    table = env.variable("TABLE_NAME")
    return Judge(
        customers=customers(),
        forgotten=forgotten(),
        shops=shops(),
        contacts=HeldContacts(env.dynamodb(), table, wanted=has_klaviyo),
    )


def customers() -> DynamoCustomers:
    """Return the table's customers."""
    return DynamoCustomers(env.dynamodb(), env.variable("TABLE_NAME"), new_log_key=lambda: token_hex(8))


@cache
def shops() -> DynamoShops:
    """Return the table's shops."""
    return DynamoShops(env.dynamodb(), env.variable("TABLE_NAME"), prior=prior, packaged=packaged)


def shops_anew() -> DynamoShops:
    """Return them as they are in each moment: what goes on for minutes heeds at once what a merchant says."""
    return DynamoShops(
        env.dynamodb(), env.variable("TABLE_NAME"), prior=prior, packaged=packaged, cache_seconds=0.0
    )


def forgotten() -> Forgotten:
    """Return the redacted customers; their ids are hashed with the stack's own secret."""
    return Forgotten(env.dynamodb(), env.variable("TABLE_NAME"), secret=connections().pepper)


def packaged() -> str:
    """Return the text of the catalogue that comes with this release, with what the stack switches on."""
    chosen = env.optional("SEGMENTS_ON")
    if not chosen:
        return packaged_catalogue()
    names = [name.strip() for name in chosen.split(",")]
    return switched(packaged_catalogue(), "all" if names == ["all"] else names)


def prior() -> StoreModel:
    """Return the bundled model of a store without history, its hash checked."""
    bundled = files("nextorder").joinpath("bundled")
    return load_verified(
        bundled.joinpath("prior.json").read_bytes(), bundled.joinpath("prior.card.json").read_bytes()
    )
