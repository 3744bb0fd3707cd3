"""A request to the API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, TypeAlias
from urllib.parse import quote, urlencode

Content: TypeAlias = bytes | BinaryIO | Iterable[bytes]
"""Bytes of a body, or a source that is sent as it is read."""


@dataclass(frozen=True)
class Request:
    """A request. Values that are `None` are left out."""

    method: str
    path: str
    """With the base path, percent-encoded; see `path`."""
    query: Mapping[str, object] = field(default_factory=dict)
    body: Mapping[str, object] | None = None
    """Sent as JSON."""
    content: Content | None = None
    """Sent as it is."""
    headers: Mapping[str, object] = field(default_factory=dict)
    idempotency_key: str | None = None
    is_retryable: bool = False
    """Whether it is harmless to send the request again, with the same Idempotency-Key."""

    @property
    def target(self) -> str:
        """The path and the query."""
        query = {name: _format(value) for name, value in self.query.items() if value is not None}
        return f"{self.path}?{urlencode(query, doseq=True)}" if query else self.path


def path(template: str, **values: str) -> str:
    """Returns a path with its values percent-encoded: `path("/jobs/{id}", id="a/b")` is `/jobs/a%2Fb`."""
    return template.format(**{name: quote(value, safe="") for name, value in values.items()})


def _format(value: object) -> object:
    """Returns a value for a query: booleans in lower case, and each item of a list."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return [_format(item) for item in value]
    return str(value)
