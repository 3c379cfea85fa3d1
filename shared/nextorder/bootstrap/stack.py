"""A deployed stack as the command line sees it."""

import re
from collections.abc import Mapping
from typing import Any, Final

import boto3
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, NoRegionError
from botocore.exceptions import ConnectionError as NoConnectionError

from nextorder.bootstrap import environment as env
from nextorder.domain.errors import BadSettings

_OUTPUTS: Final[Mapping[str, str]] = {
    "TableName": "TABLE_NAME",
    "BucketName": "BUCKET_NAME",
    "ConnectionsSecretArn": "CONNECTIONS_SECRET_ARN",
    "FactsQueueUrl": "FACTS_QUEUE_URL",
    "PrivacyQueueUrl": "PRIVACY_QUEUE_URL",
    "DeadFactsQueueUrl": "DEAD_FACTS_QUEUE_URL",
    "DeadChangesQueueUrl": "DEAD_CHANGES_QUEUE_URL",
    "OtherChangesQueueUrl": "OTHER_CHANGES_QUEUE_URL",
    "UnroutedQueueUrl": "UNROUTED_QUEUE_URL",
    "PublishBulkFunction": "PUBLISH_BULK_FUNCTION",
    "TrainModelsFunction": "TRAIN_MODELS_FUNCTION",
    "HistoryImportArn": "HISTORY_IMPORT_ARN",
    "WebhookUrl": "WEBHOOK_URL",
}
_DESTINATION_QUEUES: Final = ("ShopifyChangesQueueUrl", "KlaviyoChangesQueueUrl")
_PARAMETERS: Final[Mapping[str, str]] = {
    "SegmentsOn": "SEGMENTS_ON",
    "OtherDestinations": "OTHER_DESTINATIONS",
    "ShopifyEventSource": "EVENT_SOURCE",
    "ShopifyUrl": "SHOPIFY_URL",
    "KlaviyoUrl": "KLAVIYO_URL",
}
_OPTIONAL: Final = frozenset({"OtherChangesQueueUrl"})
DEFAULT_STACK: Final = "nextorder"
_NO_STACK: Final = "ValidationError"
"""CloudFormation's word for a stack that does not exist."""
_CREDENTIALS: Final = (
    "check AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and AWS_DEFAULT_REGION"
)
_OF_CREDENTIALS: Final = re.compile("Access|Auth|Token|Signature|Credential|OptIn")
"""In the codes of what AWS says to a key that is wrong, has expired or may not do something."""


def attach_stack(name: str = "") -> None:
    """
    Take tables, queues and secrets from a stack's outputs; NEXTORDER_STACK names it, else "nextorder".

    Raises:
        BadSettings: No such stack, none of ours, or no AWS credentials for it.
    """
    stack_name = name or env.optional("NEXTORDER_STACK") or DEFAULT_STACK
    try:
        client: Any = boto3.client("cloudformation")
        [stack] = client.describe_stacks(StackName=stack_name)["Stacks"]
    except ClientError as error:
        raise BadSettings(unreadable(stack_name, error)) from error
    except BotoCoreError as error:
        raise BadSettings(in_words(error)) from error
    except ValueError as error:
        # NOTE: botocore's word for an AWS_ENDPOINT_URL that is no address
        raise BadSettings(f"AWS cannot be reached: {error}") from error
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}
    if lacking := sorted(_OUTPUTS.keys() - outputs.keys() - _OPTIONAL):
        raise BadSettings(
            f"stack {stack_name} ({stack['StackStatus']}) does not tell its {', '.join(lacking)}: it is not "
            "Nextorder's, or older than this command: deploy it anew, or name another with --stack"
        )
    parameters = {
        parameter["ParameterKey"]: parameter["ParameterValue"] for parameter in stack.get("Parameters", [])
    }
    env.attach({variable: outputs[key] for key, variable in _OUTPUTS.items() if key in outputs})
    queues = (outputs[key] for key in _DESTINATION_QUEUES if key in outputs)
    env.attach({"DESTINATION_QUEUE_URLS": ",".join(queues)})
    env.attach({variable: parameters.get(key, "") for key, variable in _PARAMETERS.items()})


def unreadable(stack_name: str, error: ClientError) -> str:
    """Say why a stack cannot be read, and what helps."""
    if error.response.get("Error", {}).get("Code") == _NO_STACK:
        return f"there is no stack {stack_name} here: name another with --stack, or deploy it first"
    return f"AWS does not let us read stack {stack_name} ({error}): {_CREDENTIALS}"


def in_words(error: BotoCoreError | ClientError) -> str:
    """Say what AWS, or the way to it, has against us, and what helps."""
    if isinstance(error, NoRegionError):
        return "no AWS region: set AWS_DEFAULT_REGION to the one that the stack is in"
    if isinstance(error, NoConnectionError | HTTPClientError):
        hint = "; is `make up` running?" if "//127.0.0.1" in env.optional("AWS_ENDPOINT_URL") else ""
        return f"AWS cannot be reached: {error}{hint}"
    if isinstance(error, BotoCoreError):
        return f"no AWS credentials ({error}): {_CREDENTIALS}"
    code = error.response.get("Error", {}).get("Code", "")
    hint = (
        _CREDENTIALS if _OF_CREDENTIALS.search(code) else "run the command again, or look at the stack in AWS"
    )
    return f"AWS refuses ({error}): {hint}"
