"""What a payer writes on a transfer, so that it finds its order (ISO 11649).

The contract prints it, the payment plan books by it.
"""

import re

from stdnum.iso7064 import mod_97_10


def creditor_reference(order_no: str, instalment: str) -> str:
    """Return the reference of an instalment, `RF38MR2026000123D`: mistyped, it is not valid."""
    text = re.sub(r"[^A-Z0-9]", "", f"{order_no}{instalment[:1]}".upper())
    return f"RF{mod_97_10.calc_check_digits(text + 'RF')}{text}"
