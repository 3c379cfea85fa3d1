"""Environment variables for `sam local invoke` and for a shell, on the stack that `make up` left running."""

import json
from pathlib import Path

from tests.local_stack.build_and_deploy import STACK_NAME, session
from tests.local_stack.endpoints import Endpoints
from tests.local_stack.places import LOCAL, SHELL

SAM_LOCAL = LOCAL / "sam-local.json"


def write_sam_local(endpoints: Endpoints, path: Path = SAM_LOCAL) -> None:
    """Write each function's variables by its logical name, as `--env-vars` wants them."""
    aws = session()
    stack = aws.client("cloudformation", endpoint_url=endpoints.aws_endpoint_url)
    functions = aws.client("lambda", endpoint_url=endpoints.aws_endpoint_url)
    access = _access(endpoints)
    variables = {}
    for resource in stack.describe_stack_resources(StackName=STACK_NAME)["StackResources"]:
        if resource["ResourceType"] == "AWS::Lambda::Function":
            found = functions.get_function_configuration(FunctionName=resource["PhysicalResourceId"])
            variables[resource["LogicalResourceId"]] = found["Environment"]["Variables"] | access
    path.write_text(json.dumps(variables, indent=2) + "\n")


def write_shell(endpoints: Endpoints, path: Path = SHELL) -> None:
    """Write what a shell needs, so that `nextorder` works on this stack and never on a real account."""
    variables = _access(endpoints) | {
        "NEXTORDER_STACK": STACK_NAME,
        "NEXTORDER_WEBHOOK_URL": endpoints.webhook_url,
    }
    path.write_text("".join(f"export {name}={value}\n" for name, value in variables.items()))


def _access(endpoints: Endpoints) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": endpoints.aws_endpoint_url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": endpoints.region,
    }
