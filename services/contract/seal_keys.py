"""A seal of one's own, to try with: `python -m services.contract.seal_keys FOLDER`.

Readers see that the document is unaltered, and say that they do not know who vouches for the seal:
the vendor mounts a certificate somebody known vouches for.
"""

import datetime as dt
import os
import sys
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import ec

from services.contract.seals import CERTIFICATE, KEY
from shared.vendor import Vendor

LASTS = dt.timedelta(days=3650)
LONGEST_NAME = 64
"""Letters a common name may have (X.520)."""


def generate(folder: Path, legal_name: str) -> None:
    """Make a key in `folder`, and for `legal_name` a certificate a self-made one vouches for."""
    authority_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = _certificate(f"{legal_name} (self-made authority)", authority_key, None)
    certificate = _certificate(legal_name, key, (authority, authority_key))
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    chain = b"".join(each.public_bytes(form.Encoding.PEM) for each in (certificate, authority))
    (folder / CERTIFICATE).write_bytes(chain)
    private = key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
    # The key comes last: where it is, everything is.
    with os.fdopen(
        os.open(folder / KEY, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
    ) as file:
        file.write(private)


def _certificate(name: str, key: Any, issuer: tuple[Any, Any] | None) -> Any:
    ours = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name[:LONGEST_NAME])])
    began = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
    vouches = issuer is None
    builder = (
        x509.CertificateBuilder()
        .subject_name(ours)
        .issuer_name(issuer[0].subject if issuer else ours)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(began)
        .not_valid_after(began + LASTS)
        .add_extension(x509.BasicConstraints(ca=vouches, path_length=None), critical=True)
        .add_extension(_usage(vouches), critical=True)
    )
    return builder.sign(issuer[1] if issuer else key, hashes.SHA256())


def _usage(vouches: bool) -> x509.KeyUsage:
    none = dict.fromkeys(
        (
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    signs = {"digital_signature": not vouches, "content_commitment": not vouches}
    return x509.KeyUsage(**none, **signs, key_cert_sign=vouches, crl_sign=vouches)


if __name__ == "__main__":
    generate(Path(sys.argv[1]), Vendor().legal_name)
