"""What cannot be generated, and why it gives nothing away."""

from deploy.local.house import services

INVALIDATIONS = frozenset(f"{service}.ListInvalidations" for service in services())
"""What every service hosts: it tells what changed, by digests, which name nobody."""

DECIDED = {
    "authorization.RegisterAccount": "names nothing but the new account's own address",
    "authorization.SignOut": "names nothing but a secret",
    "authorization.FinishSignIn": "names nothing but a challenge",
    "authorization.GetSignInOptions": "says how one can sign in, to everybody alike",
    "authorization.BeginProviderSignIn": "names nothing; whose sign-in it is, the provider says",
    "authorization.FinishProviderSignIn": "names nothing but a secret",
    "authorization.RequestVerification": "is about whoever asks",
    "authorization.VerifyAddress": "names nothing but a code",
    "authorization.RequestPasswordReset": "says the same whoever has the address, or nobody",
    "authorization.ResetPassword": "names nothing but a code",
    "authorization.EnrollTwoStep": "is about whoever asks",
    "authorization.ConfirmTwoStep": "is about whoever asks",
    "authorization.DisableTwoStep": "is about whoever asks",
    "authorization.RenewRecoveryCodes": "is about whoever asks",
    "notification.SendMail": "authorization asks it for an address it knows; it has no route",
    "ordering.VerifyPassport": "says of a digest or a signature whether it is genuine, no more",
    "ordering.ListPassportKeys": "keys are there for everybody to verify with",
    "authorization.CreateEnterprise": "makes an enterprise, and names none",
    "authorization.ListRevocations": "processes ask it, for nobody: the edges have no way to it",
    **dict.fromkeys(INVALIDATIONS, "processes ask it, for nobody: the edges have no way to it"),
    "catalog.ListModules": "modules are the vendor's, for everybody to see",
    "catalog.GetModule": "modules are the vendor's, for everybody to see",
    "catalog.ListFirmware": "firmware is the vendor's, for everybody to see",
    "catalog.GetFirmware": "firmware is the vendor's, for everybody to see",
    "catalog.ListLicenseTypes": "what is sold is the vendor's, for everybody to see",
    "catalog.GetLicenseType": "what is sold is the vendor's, for everybody to see",
    "catalog.ListValueAddedServices": "what is sold is the vendor's, for everybody to see",
    "catalog.GetValueAddedService": "what is sold is the vendor's, for everybody to see",
}
"""RPCs a customer may call that can name nothing of another's."""

PLACES = {
    ("authorization.ChangePassword", "session"): (
        "WRONG_PASSWORD",
        "which of one's own sessions goes on; the password is proved first, and here it is not",
    ),
    ("authorization.ExchangePartnerSecret", "name"): (
        "WRONG_PARTNER_SECRET",
        "it proves who asks, and says the same of a partner system that is not there",
    ),
    ("authorization.CheckPurchase", "products"): (
        "",
        "it says of any name whether it is the asker's own; what there is the catalogue says",
    ),
    ("authorization.ExplainPermission", "products"): (
        "",
        "it says of any name whether it is the asker's own; what there is the catalogue says",
    ),
    ("authorization.CheckPurchase", "order"): (
        "",
        "what is kept is kept beside the asker's own authorization, whatever the order is called",
    ),
}
"""By RPC and field: the one other answer than 404 a foreign name may meet there, and why."""

MEANT = frozenset({("authorization.ProposeAssociation", "product_association.product")})
"""What is there to be told to another enterprise; another test shows that it answers alike."""

FOR_PROCESSES = frozenset({"authorization.ListRevocations", *INVALIDATIONS})
"""What is asked for no person, and names none and no enterprise; none of it has a route."""

UNUSED = {
    "authorization.UpdateAccount": "an account belongs to no enterprise",
    "contract.ReturnContract": "nobody signs on paper here",
    "contract.UploadSignedContract": "nobody signs on paper here",
    **dict.fromkeys(
        [f"ordering.{what}Amendment" for what in ("Decline", "Propose", "Reject", "Confirm")]
        + ["ordering.AmendOrder"],
        "no order is changed here after it was submitted",
    ),
    **dict.fromkeys(
        ["ordering.RequestCancellation", "ordering.DeclineCancellation"],
        "no signed order is ended here",
    ),
}
"""Commands with texts that nobody gives here, so that no mark is in them, and why."""

UNSEEN = {
    "authorization.DownloadCertificationDocument": "it asks for a digest nobody knows here",
    "catalog.QuotePrice": "it shows amounts, and the names of price lists only to staff",
    "contract.CompareContractVersions": "no contract has a second version here",
    "contract.DownloadSignedCopy": "nobody signs on paper here",
    "ordering.DownloadAttachment": "it asks for a digest nobody knows here",
    "ordering.CompareOrderRevisions": "no order is changed after it was submitted here",
    "ordering.ListDuplicates": "no order looks like another here",
}
"""What shows nothing of an enterprise here even to its own people, and why."""

NOBODYS = {
    "*": {
        "inbox": "which events were heard",
        "inbox_cursors": "how far an aggregate was heard of",
        "inbox_waiting": "events that wait to be heard; no RPC of a customer reads it",
        "requests": "answers by the caller's own account, space and request id",
    },
    "authorization": {
        "revocations": "accounts and spaces whose tokens ended: for every process to know",
    },
    "catalog": {
        "firmware": "the vendor's",
        "license_types": "the vendor's",
        "modules": "the vendor's",
        "value_added_services": "the vendor's",
    },
    "ordering": {"retired_firmware": "the vendor's"},
}
"""Tables every transaction of a service can use, and why no row in them is an enterprise's."""

WRITTEN_FOR_ALL = {"outbox": "what is told may be about two enterprises; it is never read back"}
"""Tables into which a transaction may put a row of whomever, and why."""
