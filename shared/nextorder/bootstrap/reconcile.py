"""What reconcile needs."""

from collections.abc import Sequence

from nextorder.adapters.bodies import Bodies
from nextorder.adapters.dynamodb.holdings import DynamoHoldings
from nextorder.adapters.dynamodb.passes import DynamoPasses
from nextorder.adapters.dynamodb.progress import Progress
from nextorder.adapters.shopify.changed_orders import ChangedInShopify
from nextorder.bootstrap import environment as env
from nextorder.bootstrap.installation import installer
from nextorder.bootstrap.publish import denials, publisher, shopify_client
from nextorder.bootstrap.wake import facts_queue
from nextorder.domain.reconciliation import Reconciliation
from nextorder.domain.shop import Shop
from nextorder.use_cases.denied import try_denied
from nextorder.use_cases.installation import Tick, restore
from nextorder.use_cases.reconcile import Reconciler


def reconciler() -> Reconciler:
    """Return what a run reads, and where it puts what was missed."""
    table = env.variable("TABLE_NAME")
    return Reconciler(
        upstream=ChangedInShopify(
            shopify_client(patient=True), facts_queue(), Bodies(env.s3, env.variable("BUCKET_NAME"))
        ),
        holdings=DynamoHoldings(env.dynamodb(), table),
        notes=Progress(env.dynamodb(), table, sort_key="reconcile", kind=Reconciliation),
        queue=facts_queue(),
        restore=_restore,
        try_denied=_try_denied,
    )


def _restore(shop: Shop) -> Sequence[Tick]:
    return restore(shop, installer(shop))


def _try_denied(shop: Shop) -> Sequence[str]:
    return try_denied(
        shop,
        destination=lambda name: publisher(name, patient=True).destination,
        denials=denials(),
        passes=DynamoPasses(env.dynamodb(), env.variable("TABLE_NAME")),
    )
