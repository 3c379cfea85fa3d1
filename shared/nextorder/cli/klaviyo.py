"""`nextorder klaviyo`: drafts of flows, and Klaviyo's own predictions as a file."""

import argparse
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from nextorder.adapters.klaviyo.predictions import FIELDS, read_predictions
from nextorder.adapters.klaviyo.recipes import RECIPES, Drafted, flow_name, make_drafts
from nextorder.adapters.patience import Patience
from nextorder.bootstrap.installation import KLAVIYO
from nextorder.bootstrap.keys import has_klaviyo_now
from nextorder.bootstrap.publish import klaviyo_client, klaviyo_records
from nextorder.bootstrap.update import customers, shops
from nextorder.cli.keyed_file import write_keyed
from nextorder.cli.out import check_out
from nextorder.cli.progress import Progress
from nextorder.cli.shops import add_shop, chosen_shop
from nextorder.cli.ticks import show_row
from nextorder.domain.catalogue import Catalogue
from nextorder.domain.errors import BadSettings
from nextorder.domain.going_live import Step
from nextorder.domain.phrases import counted
from nextorder.domain.shop import Shop

_PATIENCE_SECONDS: Final = 3_600.0
"""Predictions come at 150 calls a minute: a million profiles in 70 minutes, mostly of waiting."""


def add_to(commands: Any) -> None:
    """Add `klaviyo`."""
    parser = commands.add_parser("klaviyo", help="drafts of flows, and Klaviyo's own predictions as a file")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    drafts = actions.add_parser(
        "drafts", help="make the flows of docs/flows.md as drafts, which send nothing"
    )
    predictions = actions.add_parser(
        "predictions", help="write what Klaviyo predicts of the profiles we know"
    )
    predictions.add_argument("--out", type=Path, required=True, metavar="FILE.csv", help="file to write")
    for action, run in ((drafts, run_drafts), (predictions, run_predictions)):
        add_shop(action)
        action.set_defaults(run=run)


def run_drafts(options: argparse.Namespace) -> None:
    """Make what is missing of them; run again, it makes what could not be made before."""
    shop = _connected(options)
    segments = klaviyo_records().load(shop.id).segments
    patience = Patience(time.sleep, seconds=_PATIENCE_SECONDS)
    catalogue = shops().catalogue(shop)
    waiting, widest = 0, max(len(flow_name(shop, recipe)) for recipe in RECIPES)
    for one in make_drafts(klaviyo_client(patient=True), shop, segments, patience):
        mark = "without" if one.why_not else "made" if one.is_new else "ok"
        show_row(mark, f"{flow_name(shop, one.recipe):<{widest}}", _why_not(one, catalogue))
        waiting += bool(one.why_not and one.recipe.event)
    print("  ->  they are drafts: write the mails, read docs/flows.md, and switch them on yourself")
    if waiting:
        print(
            f"  ->  {waiting} start from events, which Klaviyo knows once each has been told once: "
            f"{_when(shop)}"
        )


def _why_not(one: Drafted, catalogue: Catalogue) -> str:
    """Say what keeps a flow from being made, or nothing."""
    if not (one.why_not and one.recipe.segment) or one.recipe.event:
        return one.why_not
    if not catalogue.on(one.recipe.segment):
        return f"{one.recipe.segment} is switched off in the catalogue"
    return f"{one.recipe.segment} has no segment in Klaviyo yet: see `nextorder connect klaviyo --check`"


def _when(shop: Shop) -> str:
    """Say what brings the first events; nobody is sent one for the sake of a draft."""
    if shop.applied and shop.going_live.step is Step.EVENTS:
        return "they come as customers do things; run this again in some days"
    return "events are the last step of going live (`nextorder plan`); run this again some days after it"


def run_predictions(options: argparse.Namespace) -> None:
    """
    Write a row for each profile of which Klaviyo predicts anything; no address, and no id but a keyed one.

    Read the same day each week, they can be held against what ours said and what happened.
    """
    shop = _connected(options)
    check_out(options.out)
    profiles = {
        customer: held.remote_id
        for customer, record in customers().everyone(shop.id)
        if (held := record.accepted.get(KLAVIYO)) and held.remote_id
    }
    patience = Patience(time.sleep, seconds=_PATIENCE_SECONDS)
    found = read_predictions(klaviyo_client(patient=True), shop.id, profiles, patience)
    said = dict(Progress("found", len(profiles), "profiles with predictions").over(found))
    if not said:
        raise BadSettings(
            f"Klaviyo predicts nothing of the {len(profiles)} profiles we know: it wants 500 buyers, "
            "180 days of orders and one in the last 30"
        )
    write_keyed(options.out, shop, said, FIELDS, datetime.now(UTC))
    print(f"  wrote     {options.out}: {len(said):,} of {counted(len(profiles), 'profile')}, by keyed ids")


def _connected(options: argparse.Namespace) -> Shop:
    shop = chosen_shop(options)
    if not has_klaviyo_now(shop.id):
        raise BadSettings("Klaviyo is not connected: run `nextorder connect klaviyo`")
    return shop
