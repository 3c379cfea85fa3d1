"""`make demo`: a real store's orders from a signed webhook to a tag, on the deployed stack."""

import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from nextorder.adapters.document import to_plain
from nextorder.adapters.dynamodb import items
from nextorder.adapters.dynamodb.items import text
from nextorder.adapters.dynamodb.records import state_of
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Verdict
from samples.deliveries import messy
from samples.invented import COSTS, SHOP
from samples.payloads import customers, profiles, split
from tests.local_stack import platforms
from tests.local_stack.build_and_deploy import session
from tests.local_stack.connect import CommandFailed, nextorder
from tests.local_stack.endpoints import Endpoints
from tests.local_stack.places import LOCAL, PYTHON, ROOT, tool_environment
from tests.local_stack.processes import Processes, Program, ProgramFailed
from tests.local_stack.progress import Progress
from tests.local_stack.queues import NotSettled, set_aside, wait_until_settled
from tests.local_stack.report import Outcome, chosen, describe, segment_sizes, summary
from tests.local_stack.sending import send_all
from tests.local_stack.stack import STEPS, start_stack

WEEKS = 1
SEED = 1
OWN_STEPS = 6
OK, UNAUTHORISED = 200, 401
OUTCOME = LOCAL / "demo.json"


def start_writing(processes: Processes, history: Path, now: datetime) -> Program:
    """Write everything up to the last weeks as an import has it, beside the stack's start."""
    lately = history.with_name("deliveries.jsonl")
    moments = ("--now", now.isoformat(), "--weeks", str(WEEKS))
    files: tuple[str | Path, ...] = ("--history", history, "--deliveries", lately)
    return processes.start(
        "samples", [PYTHON, "-m", "samples.payloads", *moments, *files], tool_environment()
    )


def settle_settings(endpoints: Endpoints) -> None:
    """Give the shop its costs, in pounds unless a rate, and count its many wholesale orders."""
    told = {name: cost if isinstance(cost, Decimal) else Decimal(cost) / 100 for name, cost in COSTS.items()}
    costs = [argument for name, cost in told.items() for argument in ("--cost", f"{name}={cost}")]
    nextorder(endpoints, "settings", *costs, "--count-wholesale", "yes")


def read_verdicts(endpoints: Endpoints) -> dict[str, Verdict]:
    """Read every customer's verdict from the table, the facts left where they are."""
    client = session().client("dynamodb", endpoint_url=endpoints.aws_endpoint_url)
    request = {
        "TableName": endpoints.table_name,
        "FilterExpression": "sk = :state AND begins_with(pk, :shop)",
        "ExpressionAttributeValues": {
            ":state": {"S": items.STATE},
            ":shop": {"S": f"{endpoints.shop_domain}#"},
        },
    }
    found = items.pages(client.scan, **request)
    return {text(item, "pk").rpartition("#")[2]: state_of(item).verdict for item in found}


def run(processes: Processes, progress: Progress) -> None:
    """Do it all, print the report and write .local/demo.json."""
    now = datetime.now(UTC)
    history = processes.folder / "history.jsonl"
    writer = start_writing(processes, history, now)
    endpoints = start_stack(processes, progress, servers={}, segments="all")
    with progress.step("writing the sample store's past"):
        plan = messy(split(now, WEEKS)[1], SEED)
        everyone, known = customers(now), profiles(now)
        platforms.seed(endpoints, everyone, known)
        settle_settings(endpoints)
        processes.wait(writer)
    with progress.step("importing it, fitting its model, scoring everyone"):
        nextorder(endpoints, "import", str(history), tell=progress.tell)
    with progress.step("publishing everyone's first verdict"):
        nextorder(endpoints, "publish", tell=progress.tell)
    with progress.step(f"sending the last week as {plan.sent} signed webhooks"):
        statuses = send_all(endpoints, plan.webhooks, progress.tell)
    with progress.step("waiting until everything has settled"):
        wait_until_settled(endpoints, progress.tell)
    with progress.step("reading back"):
        verdicts = read_verdicts(endpoints)
        shopify, klaviyo = platforms.shopify_state(endpoints), platforms.klaviyo_state(endpoints)
        tags = platforms.tags_by_customer(shopify)
    outcome = Outcome(
        webhooks_sent=sum(statuses.values()),
        webhooks_accepted=statuses[OK],
        webhooks_refused=statuses[UNAUTHORISED],
        dead_letters=set_aside(endpoints),
        customers=len(verdicts),
        customers_tagged_in_shopify=len(tags),
        profiles_updated_in_klaviyo=platforms.updated_profiles(klaviyo),
        profiles_created_in_klaviyo=klaviyo["counters"]["profiles_created"],
        segments=segment_sizes(tags.values(), platforms.TAG_PREFIX),
        seconds=round(progress.seconds, 1),
        steps=progress.taken,
    )
    show(outcome, verdicts, tags, as_of=now)


def show(
    outcome: Outcome, verdicts: Mapping[str, Verdict], tags: Mapping[str, list[str]], *, as_of: datetime
) -> None:
    """Print the report and write it."""
    ten = chosen(verdicts)
    shown = {one: {"verdict": to_plain(verdicts[one]), "tags_in_shopify": tags.get(one, [])} for one in ten}
    shop = Shop(id=SHOP["domain"], currency=SHOP["currency"], timezone=SHOP["timezone"])
    document = outcome.to_document() | {"ten_customers": shown}
    OUTCOME.write_text(json.dumps(document, indent=2) + "\n")
    print(f"\n{summary(outcome)}\n\nten customers:")
    for customer in ten:
        told = describe(customer, verdicts[customer], tags.get(customer, []), shop, as_of=as_of)
        print(f"  {told}")
    print(f"\ndone in {outcome.seconds:.0f} s; all numbers are in {OUTCOME.relative_to(ROOT)}")


def main() -> int:
    """Return the exit status."""
    try:
        with Processes("demo") as processes:
            run(processes, Progress(STEPS + OWN_STEPS))
            print("taking it down ...", flush=True)
    except (ProgramFailed, CommandFailed, NotSettled) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nstopped; everything it started is ended", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
