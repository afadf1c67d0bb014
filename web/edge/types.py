"""Granian's RSGI types under one roof: the package does not mark them as its exports."""

from granian.rsgi import HTTPProtocol, ProtocolClosed, Scope  # type: ignore[attr-defined]

__all__ = ["HTTPProtocol", "ProtocolClosed", "Scope"]
