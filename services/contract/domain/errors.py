"""What contract refuses, and why."""

from shared.errors import Disallowed, Forbidden, Malformed, NotFound, Outdated

SIGN_AGAIN = "Download the contract again, have that document signed, and upload it."


class ContractNotFound(NotFound):
    """There is no contract {contract}."""

    fix = "Take the name from the list of contracts or from the order."


class VersionNotFound(NotFound):
    """Contract {contract_no} has no version {version}."""

    fix = "Take the number from the list of its versions."


class NeverPrinted(NotFound):
    """Version {version} of contract {contract_no} ended before its document was made."""

    fix = "Look at the contract's page: it says what each version changed."


class NothingUploaded(NotFound):
    """Version {version} of contract {contract_no} was not signed on an uploaded copy."""

    fix = "Look at the signatures on the contract's page: they say how each side signed."


class ContractCannot(Disallowed):
    """Contract {contract_no} is {state} and cannot {move}."""

    fix = "Look at the contract's page: it says who acts next."


class ContractNotReady(Disallowed):
    """The document of contract {contract_no} is being prepared."""

    fix = "Try again in a moment."


class ContractLapsed(Disallowed):
    """Contract {contract_no} could be signed until {valid_until}."""

    fix = (
        "Order again from the order's page; if an addendum lapsed, ask for a change of the order "
        "once more: that gives new time to sign."
    )


class ContractChanged(Outdated):
    """Contract {contract_no} changed since you read it."""


class DocumentDiffers(Outdated):
    """You read document {read}, but contract {contract_no} is document {current}."""

    fix = "Download the contract again, read it, and sign that document."


class NotYourCustomer(Forbidden):
    """Contract {contract_no} is countersigned by the customer's own business manager."""

    fix = "Ask the assigned business manager, or who stands in for them, to do it."


class StaleCopy(Outdated):
    """This is version {uploaded}, but contract {contract_no} is version {current}: {changes}."""

    fix = "Download version {current}, read what changed, and sign that document."


class AnotherContract(Malformed):
    """This is a copy of contract {uploaded}, and not of {contract_no}."""

    fix = (
        "Upload it on the page of contract {uploaded}, or upload the signed copy of {contract_no}."
    )


class CodeForged(Malformed):
    """The code on the pages is not the one of version {version} of contract {contract_no}."""

    fix = SIGN_AGAIN


class NoCodeFound(Malformed):
    """No page shows the code of contract {contract_no}."""

    fix = (
        "Scan all pages flat and whole, at 200 to 300 dots per inch; "
        "the code stands at the foot of each page."
    )


class SignaturePageMissing(Malformed):
    """The page with the signatures, the last of contract {contract_no}, is not among the pages."""

    fix = "Scan all pages, the last one too, or mend its code: it must be whole and in focus."


class NotSigned(Malformed):
    """This is contract {contract_no} as it was downloaded: nobody signed it."""

    fix = (
        "Sign the PDF with a certificate, or print, sign and scan it, or accept it electronically."
    )


class SignatureBroken(Malformed):
    """The digital signature of {signer} does not fit the document it stands in."""

    fix = "Sign the downloaded PDF again, and change nothing afterwards."


class ChangedAfterSealing(Malformed):
    """The PDF of contract {contract_no} was changed in more than a signature: {what}."""

    fix = "Sign the downloaded PDF as it is, or print, sign and scan it."


class NotTheSealedDocument(Malformed):
    """This PDF is no scan, nor the document of contract {contract_no} as it was sealed: {what}."""

    fix = (
        "Sign the downloaded PDF itself with a certificate, in a program that keeps its seal, or "
        "print, sign and scan it."
    )
