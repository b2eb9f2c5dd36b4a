"""What the feed tells, as the document says it: every type of event there is, and what it holds."""

from services.gateway.contract import Contract
from services.gateway.schemas import Schemas
from shared.kinds import BY_KEY, FOLLOWED

EVENT = "notification.OrderEvent"
WHERE = " Each type is described by a schema of its own: `ordering.OrderSubmitted` and so on."


def tell_events(schemas: Schemas, contract: Contract) -> None:
    """Say with the schema of an event which there are, and lead from it to what each holds."""
    event = schemas.all().get(EVENT)
    if event is None:
        return
    messages = {each: contract.message(BY_KEY[each]) for each in sorted(FOLLOWED)}
    type_, data = event["properties"]["type"], event["properties"]["data"]
    said = [
        f"- `{each}`: {contract.comment(message.full_name).partition(' Routed as ')[0]}"
        for each, message in messages.items()
    ]
    type_["description"] = "\n".join([type_["description"], "", *said])
    type_["examples"] = list(messages)
    data["description"] += WHERE
    data["anyOf"] = [schemas.of(message) for message in messages.values()]
