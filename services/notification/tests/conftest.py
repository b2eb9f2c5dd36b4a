"""Notification, ready to be told."""

import pytest

from services.notification.tests.builders import Post


@pytest.fixture
def post(databases, serving):
    return Post(databases, serving)
