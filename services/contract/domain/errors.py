"""What contract refuses, and why."""

from shared.errors import Disallowed, Forbidden, NotFound, Outdated


class ContractNotFound(NotFound):
    """There is no contract {contract}."""

    fix = "Take the name from the list of contracts or from the order."


class ContractCannotBecome(Disallowed):
    """Contract {contract_no} is {state} and cannot become {wanted}."""

    fix = "Look at the contract's page: it says who acts next."


class ContractNotReady(Disallowed):
    """The document of contract {contract_no} is being prepared."""

    fix = "Try again in a moment."


class ContractLapsed(Disallowed):
    """Contract {contract_no} could be signed until {valid_until}."""

    fix = "Ask your business manager to confirm the order again."


class ContractChanged(Outdated):
    """Contract {contract_no} changed since you read it."""


class DocumentDiffers(Outdated):
    """You read document {read}, but contract {contract_no} is document {current}."""

    fix = "Download the contract again, read it, and sign that document."


class NotYourCustomer(Forbidden):
    """Contract {contract_no} is countersigned by {business_manager}, the customer's manager."""

    fix = "Ask the assigned business manager to countersign."
