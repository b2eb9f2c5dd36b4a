"""Where a page of orders ends: what the next one is asked for with."""

import base64
import binascii
import json
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.ordering.domain.listing import OrderBy
from shared.paging import BadPageToken


def encode(order_by: OrderBy, last: sa.Row[Any]) -> str:
    """Return the token for what comes after the row `last`."""
    key = None if order_by.field == "create_time" else last.page_key
    said = [order_by.value, key.isoformat() if isinstance(key, datetime) else key, last.page_id.hex]
    return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


def decode(order_by: OrderBy, token: str) -> dict[str, Any]:
    """Return after which order to go on; BadPageToken if it is of a list in another order."""
    try:
        content = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        said, key, number = json.loads(content)
        if said != order_by.value:
            raise BadPageToken
        return {"after_key": _key(order_by, key), "after_id": UUID(number)}
    except (ValueError, TypeError, AttributeError, RecursionError, binascii.Error):
        raise BadPageToken from None


def _key(order_by: OrderBy, key: Any) -> Any:
    match order_by.field, key:
        case "create_time", None:
            return None
        case "submit_time", str():
            return datetime.fromisoformat(key)
        case "total" | "order_no", str() if "\x00" not in key:
            return key
    raise BadPageToken
