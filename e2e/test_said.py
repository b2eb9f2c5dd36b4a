"""What services write into orders in English is what pages know how to translate."""

import re

import pytest
from millrun.fulfillment.v1.events_pb2 import BatchStopped

from services.ordering.domain import facts, life
from shared.testing.golden import example
from shared.web.said import COMPOSED

SENTENCES = [
    life.REPLACED.format(order_no="MR-2026-000007"),
    facts.BATCH_RESUMED.format(batch="P-1"),
    facts.BATCH_WITHDRAWN.format(batch="P-1"),
    example(BatchStopped).reason,
]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_what_a_service_says_is_known_to_pages(sentence):
    assert any(re.fullmatch(pattern, sentence) for pattern in COMPOSED)
