"""A believable example of every message, so that nobody has to guess what a request looks like."""

import re
from collections.abc import Collection
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor

from services.gateway.contract import Contract
from services.gateway.schemas import is_answer_only

ID = "0190f3c2-8f4e-7cc1-9d2a-5a5f0e4b6a11"
KEY = "0190f3c2-90aa-7b11-8d0c-2f6d1c9a7e55"
DEEPEST = 5

BY_NAME: dict[str, str | int] = {
    "email": "chen@acme.example",
    "password": "correct horse battery",
    "display_name": "Chen Jie",
    "legal_name": "Acme Smart Home Ltd.",
    "enterprise_legal_name": "Acme Smart Home Ltd.",
    "recipient": "Chen Jie",
    "street": "88 Keji Road",
    "city": "Shenzhen",
    "region": "Guangdong",
    "postal_code": "518000",
    "country_code": "CN",
    "phone": "+86 138 0000 0000",
    "order_no": "MR-2026-000123",
    "po_no": "PO-88231",
    "customer_batch_no": "B-2026-07",
    "model_no": "AQ-100",
    "model": "AQ-100",
    "material_model": "100-2231",
    "pid": "p7k2m9x4",
    "tax_id": "91440300MA5EXAMPLE",
    "title": "Acme Smart Home Ltd.",
    "bank": "Bank of Examples",
    "bank_account": "6222 0200 0000 0000",
    "firmware_version": "2.4.1",
    "version": "2.4.1",
    "etag": "3",
    "next_page_token": "AZDzwo9OfMGdKlpfDktqEQ",
    "page_token": "AZDzwo9OfMGdKlpfDktqEQ",
    "page_size": 20,
    "reason": "The model number is wrong.",
    "currency_code": "CNY",
    "units": 1234,
    "nanos": 500000000,
    "quantity": 1200,
}
"""What fields of these names hold in an example."""

KNOWN_IDS = {"enterprise": "acme", "owner": "acme", "manufacturer": "bora"}


class Examples:
    """Examples of the messages of a contract; resource names are read from the comments."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract

    def answer(self, message: Descriptor) -> Any:
        """Return an example of an answer."""
        return self._message(message, False, (), 0)

    def request(self, message: Descriptor, without: Collection[str]) -> Any:
        """Return an example of a body: only what a request carries, less what stands elsewhere."""
        return self._message(message, True, without, 0)

    def _message(
        self, message: Descriptor, is_request: bool, without: Collection[str], depth: int
    ) -> Any:
        if message.full_name in _WHOLE:
            return _WHOLE[message.full_name]
        return {
            field.camelcase_name: self._value(field, is_request, depth)
            for field in message.fields
            if field.name not in without
            and is_first(field)
            and (field.message_type is None or depth < DEEPEST)
            and not (is_request and (is_answer_only(field) or field.name in _UNUSUAL))
        }

    def _value(self, field: FieldDescriptor, is_request: bool, depth: int) -> Any:
        inside = field.message_type
        if inside is not None and inside.GetOptions().map_entry:
            return {}
        if inside is not None:
            one = self._message(inside, is_request, (), depth + 1)
        else:
            one = self._scalar(field)
        return [one] if field.is_repeated else one

    def _scalar(self, field: FieldDescriptor) -> Any:
        if field.enum_type is not None:
            return next(value.name for value in field.enum_type.values if value.number)
        if field.type == FieldDescriptor.TYPE_BYTES:
            return ""
        if field.cpp_type == FieldDescriptor.CPPTYPE_BOOL:
            return field.name != "validate_only"
        known = BY_NAME.get(field.name)
        if field.cpp_type == FieldDescriptor.CPPTYPE_STRING:
            return known or self._name_in_comment(field) or field.name.replace("_", " ")
        number = known if isinstance(known, int) else 1
        is_long = field.cpp_type in (FieldDescriptor.CPPTYPE_INT64, FieldDescriptor.CPPTYPE_UINT64)
        return str(number) if is_long else number

    def _name_in_comment(self, field: FieldDescriptor) -> str:
        """Fill in the pattern a comment gives: `enterprises/{enterprise}/orders/{order}`."""
        found = re.search(r"`([\w/]*\{[^`]+)`", self._contract.comment(field.full_name))
        if not found:
            return ""
        return re.sub(r"\{(\w+)\}", lambda part: KNOWN_IDS.get(part[1], ID), found[1])


def is_first(field: FieldDescriptor) -> bool:
    """Whether a field stands for its `oneof`: of those, a message holds one."""
    choice = field.containing_oneof
    return choice is None or bool(choice.fields[0].number == field.number)


_WHOLE: dict[str, Any] = {
    "google.protobuf.Timestamp": "2026-03-04T08:30:00Z",
    "google.protobuf.FieldMask": "title",
    "google.protobuf.Duration": "3.5s",
    "google.protobuf.Empty": {},
    "google.protobuf.Struct": {},
    "google.type.Date": {"year": 2026, "month": 3, "day": 4},
}

_UNUSUAL = ("etag", "validate_only")
"""What a request may carry but usually does not."""
