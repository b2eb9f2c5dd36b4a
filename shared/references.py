"""What a payer writes on a transfer, so that it finds its order (ISO 11649).

The contract prints it, the payment plan books by it.
"""

import re

from stdnum.iso7064 import mod_97_10


def creditor_reference(order_no: str, instalment: str) -> str:
    """Return the reference of an instalment, `RF38MR2026000123D`: mistyped, it is not valid."""
    text = re.sub(r"[^A-Z0-9]", "", f"{order_no}{instalment[:1]}".upper())
    return f"RF{mod_97_10.calc_check_digits(text + 'RF')}{text}"


def order_no_of(reference: str) -> str | None:
    """Return the order a reference on a bank's statement names; None if it is none, or mistyped.

    >>> order_no_of("rf38 mr20 2600 0123 d")
    'MR-2026-000123'
    """
    text = "".join(reference.split()).upper()
    found = re.fullmatch(r"RF(\d\d)(([A-Z]+)(\d{4})([A-Z]*\d{6})[A-Z])", text)
    if found is None or mod_97_10.calc_check_digits(found[2] + "RF") != found[1]:
        return None
    return "-".join(found.group(3, 4, 5))
