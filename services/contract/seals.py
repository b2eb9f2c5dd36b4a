"""The vendor's seal on a contract, by which any PDF reader sees that it is unaltered (§6.3).

It certifies the document and allows nothing afterwards but signatures (PAdES B-B; B-T where
somebody is named who dates it).
"""

import io
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

KEY, CERTIFICATE = "seal.key", "seal.crt"
FIELD = "Seal"

Fields = Sequence[Mapping[str, Any]]
"""Where people sign: dicts with `name`, `page` (from 0) and `box` (points from the lower left)."""


class NoSeal(Exception):
    """Contracts cannot be sealed: there is no {file}. CONTRACT_SEAL names the folder it is in."""

    def __init__(self, file: Path) -> None:
        super().__init__((self.__doc__ or "").format(file=file))


def insist(folder: Path) -> None:
    """Refuse with NoSeal if there is no seal in a folder."""
    for file in (KEY, CERTIFICATE):
        if not (folder / file).is_file():
            raise NoSeal(folder / file)


class Seal:
    """A key and its certificate, read once."""

    def __init__(self, folder: Path, timestamp_url: str = "") -> None:
        """Read them; NoSeal if they are not there."""
        # Only who seals pays for the import.
        from pyhanko.sign import signers
        from pyhanko.sign.timestamps import HTTPTimeStamper

        insist(folder)
        certificate, *others = _certificates((folder / CERTIFICATE).read_bytes())
        self.signer = signers.SimpleSigner(
            signing_cert=certificate,
            signing_key=_key((folder / KEY).read_bytes()),
            cert_registry=_registry(others),
        )
        self._dates = HTTPTimeStamper(timestamp_url) if timestamp_url else None

    def put_on(self, pdf: bytes, fields: Fields, *, reason: str) -> bytes:
        """Return `pdf`, sealed, with empty signature fields for people; some 20 ms."""
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.sign import signers
        from pyhanko.sign.fields import (
            MDPPerm,
            SigFieldSpec,
            SigSeedSubFilter,
            append_signature_field,
        )

        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        for field in fields:
            spec = SigFieldSpec(field["name"], on_page=field["page"], box=tuple(field["box"]))
            append_signature_field(writer, spec)
        described = signers.PdfSignatureMetadata(
            field_name=FIELD,
            certify=True,
            docmdp_permissions=MDPPerm.FILL_FORMS,
            subfilter=SigSeedSubFilter.PADES,
            reason=reason,
        )
        signer = signers.PdfSigner(described, signer=self.signer, timestamper=self._dates)
        sealed: bytes = signer.sign_pdf(writer).getvalue()
        return sealed


@cache
def seal(folder: Path, timestamp_url: str = "") -> Seal:
    """Return the one seal of this process for a folder."""
    return Seal(folder, timestamp_url)


def _certificates(pem: bytes) -> list[Any]:
    from asn1crypto import pem as armour
    from asn1crypto import x509

    return [x509.Certificate.load(each) for _, _, each in armour.unarmor(pem, multiple=True)]


def _key(pem: bytes) -> Any:
    from asn1crypto import keys
    from cryptography.hazmat.primitives import serialization as form

    private = form.load_pem_private_key(pem, password=None)
    der = private.private_bytes(form.Encoding.DER, form.PrivateFormat.PKCS8, form.NoEncryption())
    return keys.PrivateKeyInfo.load(der)


def _registry(certificates: list[Any]) -> Any:
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    store = SimpleCertificateStore()
    store.register_multiple(certificates)
    return store
