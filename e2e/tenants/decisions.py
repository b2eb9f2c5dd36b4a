"""What cannot be generated, and why it gives nothing away."""

DECIDED = {
    "authorization.RegisterAccount": "names nothing but the new account's own address",
    "authorization.SignOut": "names nothing but a secret",
    "authorization.CreateEnterprise": "makes an enterprise, and names none",
    "authorization.ListRevocations": "processes ask it, for nobody: the edges have no way to it",
    "catalog.ListModules": "modules are the vendor's, for everybody to see",
    "catalog.GetModule": "modules are the vendor's, for everybody to see",
    "catalog.ListFirmware": "firmware is the vendor's, for everybody to see",
}
"""RPCs a customer may call that can name nothing of another's."""

PLACES = {
    ("authorization.ExchangePartnerSecret", "name"): (
        "WRONG_PARTNER_SECRET",
        "it proves who asks, and says the same of a partner system that is not there",
    ),
    ("authorization.CheckPurchase", "products"): (
        "",
        "it says of any name whether it is the asker's own; what there is the catalogue says",
    ),
    ("authorization.CheckPurchase", "order"): (
        "",
        "what is kept is kept beside the asker's own authorization, whatever the order is called",
    ),
}
"""By RPC and field: the one other answer than 404 a foreign name may meet there, and why."""

UNSEEN = {
    "contract.CompareContractVersions": "a contract of one version has nothing to compare",
    "contract.DownloadSignedCopy": "these contracts are accepted, and no copy is uploaded",
}
"""What gives even its own people nothing here; the tests of its service try it on strangers."""

MEANT = frozenset({("authorization.ProposeAssociation", "product_association.product")})
"""What is there to be told to another enterprise; another test shows that it answers alike."""

FOR_PROCESSES = frozenset({"authorization.ListRevocations"})
"""What is asked for no person, and may speak of all enterprises; none of it has a route."""

UNSAID = {
    "millrun.catalog.v1.Module.display_name": "modules are the vendor's",
    "millrun.catalog.v1.Module.description": "modules are the vendor's",
}
"""Texts nobody writes a mark into, and why."""

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
