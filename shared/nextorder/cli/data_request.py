"""`nextorder data-request`: all that is held of one customer, to be handed over to them."""

import argparse
import json
from typing import Any

from nextorder.adapters.document import to_plain
from nextorder.bootstrap import forget
from nextorder.bootstrap.update import customers
from nextorder.cli.progress import during
from nextorder.cli.shops import add_shop, chosen_shop
from nextorder.cli.show import customer_id, why_nothing
from nextorder.domain.errors import BadSettings
from nextorder.use_cases.forget import tell


def add_to(commands: Any) -> None:
    """Add `data-request`."""
    parser = commands.add_parser(
        "data-request", help="all that is held of one customer, scores of former days included, as JSON"
    )
    parser.add_argument("customer", help="Shopify's id, numeric or as gid://shopify/Customer/...")
    add_shop(parser)
    parser.set_defaults(run=run_data_request)


def run_data_request(options: argparse.Namespace) -> None:
    """
    Print the answer to a data request; the score log is read to its end, however long that takes.

    Raises:
        BadSettings: Nothing is held of such a customer.
    """
    shop, customer = chosen_shop(options), customer_id(options.customer)
    record = customers().read(shop.id, customer)
    if not (record.facts or record.state or record.accepted):
        raise BadSettings(why_nothing(customer, record))
    with during("reading", "all that was ever said of them"):
        held = tell(shop.id, customer, customers=customers(), log=forget.log(), plain=to_plain)
    print(json.dumps(held, indent=2, ensure_ascii=False))
