"""Fixtures of the subscribers' tests."""

from tests.subscribers.sink import sink

__all__ = ["sink"]
