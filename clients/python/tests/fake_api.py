"""A server in place of the API, which gives the answers of a test."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Received:
    """A request."""

    method: str
    target: str
    headers: Message
    body: bytes


@dataclass
class Answer:
    """A response; `None` for the status closes the connection without one."""

    status: int | None = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    missing_bytes: int = 0
    """Bytes that `Content-Length` announces and that are never sent."""


def success(**fields: Any) -> Answer:
    return Answer(200, {"success": True, **fields, "timestamp": "2026-01-01T00:00:00.000Z"})


def failure(status: int, type: str, headers: dict[str, str] | None = None, **fields: Any) -> Answer:
    return Answer(status, {"success": False, "error": {"message": "no", "code": status, "type": type, **fields}}, headers or {})


class FakeApi:
    """Answers requests in order, and records them."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.requests: list[Received] = []
        self.answers: list[Answer | Callable[[Received], Answer]] = []


@contextmanager
def start_fake_api(*answers: Answer | Callable[[Received], Answer]) -> Iterator[FakeApi]:
    """Starts a server that gives each answer once, and repeats the last one."""
    api = FakeApi("")
    api.answers = list(answers)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_request(self) -> None:
            received = Received(self.command, self.path, self.headers, self._read_body())
            api.requests.append(received)
            given = api.answers.pop(0) if len(api.answers) > 1 else api.answers[0]
            answer = given(received) if callable(given) else given
            if answer.status is None:
                self.close_connection = True
                self.connection.close()
                return
            body = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body) + answer.missing_bytes))
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = True

        def _read_body(self) -> bytes:
            if self.headers.get("Transfer-Encoding") != "chunked":
                return self.rfile.read(int(self.headers.get("Content-Length", "0")))
            body = b""
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return body

        do_GET = do_POST = do_PUT = do_DELETE = handle_request

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    api.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield api
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
