"""The whole local stack: AWS, both platforms, the deployed template."""

import os
from collections.abc import Mapping
from urllib.parse import urlsplit

from tests.local_stack.build_and_deploy import STACK_NAME, build, deploy
from tests.local_stack.connect import connect_shop, go_live
from tests.local_stack.endpoints import Endpoints
from tests.local_stack.fakes import klaviyo_url, shopify_url
from tests.local_stack.identity import Identity
from tests.local_stack.ministack import start_ministack
from tests.local_stack.processes import Processes
from tests.local_stack.progress import Progress

STEPS = 4


def start_stack(
    processes: Processes,
    progress: Progress,
    servers: Mapping[str, str] = os.environ,
    *,
    segments: str = "",
    others: str = "",
    live: bool = True,
    hurries: bool = True,
) -> Endpoints:
    """
    Start, build, deploy and connect; takes STEPS steps of `progress`.

    NEXTORDER_SHOPIFY_URL and NEXTORDER_KLAVIYO_URL in `servers` take the place of our fakes.
    `segments` are shown, "all" or by name; empty = the starter pack. `others` are served beside
    Shopify and Klaviyo. Publishing is on if it is to be `live`. Changes wait a second where it
    `hurries`, else as long as the template says.
    """
    identity = Identity()
    with progress.step("starting MiniStack, Shopify and Klaviyo"):
        aws = start_ministack(processes)
        shopify = shopify_url(processes, identity, servers)
        klaviyo = klaviyo_url(processes, identity, servers)
    with progress.step("building template.yaml for this machine"):
        built = build(processes)
    with progress.step("deploying it, permissions enforced"):
        parameters = {"ShopifyUrl": shopify, "KlaviyoUrl": klaviyo}
        if hurries:
            parameters["DestinationDelaySeconds"] = "1"
        if segments:
            parameters["SegmentsOn"] = segments
        if others:
            parameters["OtherDestinations"] = others
        outputs = deploy(processes, built, aws, parameters)
    endpoints = Endpoints(
        webhook_url=local_function_url(outputs["WebhookUrl"], aws),
        shop_domain=identity.shop_domain,
        client_id=identity.client_id,
        client_secret=identity.client_secret,
        klaviyo_api_key=identity.klaviyo_api_key,
        shopify_url=shopify,
        klaviyo_url=klaviyo,
        aws_endpoint_url=aws,
        table_name=outputs["TableName"],
        stack_name=STACK_NAME,
        outputs=outputs,
    )
    with progress.step(f"connecting {identity.shop_domain}"):
        connect_shop(endpoints, servers)
        if live:
            go_live(endpoints)
    return endpoints


def local_function_url(function_url: str, aws_endpoint_url: str) -> str:
    """
    Return an address of a Function URL that any HTTP client reaches.

    NOTE: MiniStack's own form, by path: not every machine resolves names under .localhost.
    """
    function_id = urlsplit(function_url).netloc.partition(".")[0]
    return f"{aws_endpoint_url}/_aws/lambda-url/{function_id}/"
