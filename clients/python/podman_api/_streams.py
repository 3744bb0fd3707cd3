"""Streams of events (server-sent events) and of bytes."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from ._errors import UnreachableError

CHUNK_BYTES = 64 * 1024


@dataclass(frozen=True)
class ServerEvent:
    """An event of a stream, such as output of a job's command."""

    id: str
    """Position in the stream, at which it can be continued; empty if the stream has none."""
    event: str
    """Such as `stdout`."""
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The text of an event `stdout` or `stderr`; empty for others."""
        return str(self.data.get("text", ""))


def parse_events(lines: Iterable[bytes]) -> Iterator[ServerEvent]:
    """Yields the events of a stream (text/event-stream). An event that is cut off is left out."""
    last_id, event = "", "message"
    data: list[str] = []
    for line in lines:
        if not line.endswith(b"\n"):
            return
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        if text == "":
            if data:
                yield ServerEvent(last_id, event, _parse_data("\n".join(data)))
            event, data = "message", []
            continue
        name, _, value = text.partition(":")
        value = value.removeprefix(" ")
        if name == "id":
            last_id = value
        elif name == "event":
            event = value
        elif name == "data":
            data.append(value)


def _parse_data(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        return {"text": text}
    return value if isinstance(value, dict) else {"value": value}


class ByteStream:
    """Bytes of a response, which are read as they arrive. Use it in a `with` statement, or close it."""

    def __init__(self, response: http.client.HTTPResponse, unreachable: Callable[[Exception], UnreachableError]) -> None:
        self._response = response
        self._unreachable = unreachable

    @property
    def headers(self) -> http.client.HTTPMessage:
        """Headers of the response, such as `ETag`."""
        return self._response.headers

    def read(self, size: int = -1) -> bytes:
        """Returns at most `size` bytes, or all that are left; empty bytes at the end.

        Raises:
            UnreachableError: if the connection breaks before the end.
        """
        try:
            data = self._response.read(None if size < 0 else size)
            # Without this check, a body that is cut off would end like a complete one.
            if size != 0 and not data and self._response.length:
                raise http.client.IncompleteRead(b"", self._response.length)
            return data
        except (OSError, http.client.HTTPException) as error:
            raise self._unreachable(error) from error

    def __iter__(self) -> Iterator[bytes]:
        while chunk := self.read(CHUNK_BYTES):
            yield chunk

    def close(self) -> None:
        """Closes the connection."""
        self._response.close()

    def __enter__(self) -> ByteStream:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
