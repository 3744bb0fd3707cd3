"""HTTP with the standard library: one connection for each request."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from ._errors import ApiError, UnreachableError
from ._request import Request
from ._settings import Settings
from .generated.errors import ERROR_CLASSES
from .generated.version import VERSION

RESPONSE_TIMEOUT_SECONDS = 60.0
"""Time limit for each read and write; longer than the longest `wait` of this client."""

UPLOAD_RESPONSE_TIMEOUT_SECONDS = 86_400.0
"""The same for requests that send bytes, whose response comes when their job has ended; the longest time limit of a job."""

_GATEWAY_STATUSES = (502, 503, 504)


class HttpClient:
    """Sends requests without retries."""

    def __init__(self, settings: Settings, ssl_context: ssl.SSLContext | None) -> None:
        self.settings = settings
        self._ssl_context = ssl_context
        self._url = urlsplit(settings.base_url)

    def open(
        self, request: Request, accept: str, timeout_seconds: float = RESPONSE_TIMEOUT_SECONDS
    ) -> http.client.HTTPResponse:
        """Sends a request and returns the response, whose body has not been read.

        Raises:
            UnreachableError: if there is no response.
        """
        connection = self._connect(timeout_seconds)
        try:
            body, headers = self._encode(request, accept)
            if request.content is not None:
                connection.connect()
                connection.sock.settimeout(UPLOAD_RESPONSE_TIMEOUT_SECONDS)
            try:
                connection.request(request.method, self._url.path + request.target, body, headers)
            except (BrokenPipeError, ConnectionResetError):
                # The API may refuse a body before it has read all of it.
                pass
            response = connection.getresponse()
            # The response still reads from the socket, which is closed with it.
            if connection.sock is not None:
                connection.sock.close()
                connection.sock = None
            return response
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise self.unreachable(error) from error
        except BaseException:
            connection.close()
            raise

    def read_json(self, request: Request) -> Mapping[str, Any]:
        """Sends a request and returns the JSON of its response.

        Raises:
            ApiError: for an error of the API.
            UnreachableError: if there is no response, or one of another server.
        """
        with self.open(request, "application/json") as response:
            return self.parse(response)

    def parse(self, response: http.client.HTTPResponse) -> Mapping[str, Any]:
        """Returns the JSON of a response. Raises the same as `read_json`."""
        text = self.read_all(response)
        try:
            body = json.loads(text)
        except ValueError:
            body = None
        if not isinstance(body, dict) or "success" not in body:
            raise self._unexpected(response.status)
        if "error" in body:
            raise create_api_error(body["error"], response.getheader("Retry-After"))
        return body

    def read_all(self, response: http.client.HTTPResponse) -> bytes:
        """Returns the body of a response. Raises `UnreachableError` if it is cut off."""
        try:
            return response.read()
        except (OSError, http.client.HTTPException) as error:
            raise self.unreachable(error) from error

    def unreachable(self, error: Exception) -> UnreachableError:
        """Returns the exception for a connection that failed."""
        reason = _describe(error)
        is_retryable = not isinstance(error, (ssl.SSLCertVerificationError, http.client.InvalidURL))
        if isinstance(error, socket.gaierror) and error.errno == socket.EAI_NONAME:
            is_retryable = False
        return UnreachableError(
            f"No answer from {self._origin} ({reason}): check that the API is running and that PODMAN_API_URL is right.",
            is_retryable=is_retryable,
        )

    @property
    def _origin(self) -> str:
        return f"{self._url.scheme}://{self._url.netloc}"

    def _connect(self, timeout_seconds: float) -> http.client.HTTPConnection:
        host = self._url.hostname or ""
        if self._url.scheme == "https":
            context = self._ssl_context or ssl.create_default_context()
            return http.client.HTTPSConnection(host, self._url.port, timeout=timeout_seconds, context=context)
        return http.client.HTTPConnection(host, self._url.port, timeout=timeout_seconds)

    def _encode(self, request: Request, accept: str) -> tuple[Any, dict[str, str]]:
        headers = {
            "Accept": accept,
            "Connection": "close",
            "User-Agent": f"podman-api-python/{VERSION}",
            **{name: str(value) for name, value in request.headers.items() if value is not None},
        }
        if self.settings.token is not None:
            headers["Authorization"] = f"Bearer {self.settings.token}"
        if request.idempotency_key is not None:
            headers["Idempotency-Key"] = request.idempotency_key
        if request.content is not None:
            headers.setdefault("Content-Type", "application/octet-stream")
            return request.content, headers
        if request.body is None:
            return None, headers
        fields = {name: value for name, value in request.body.items() if value is not None}
        headers["Content-Type"] = "application/json"
        return json.dumps(fields, default=_to_json).encode(), headers

    def _unexpected(self, status: int) -> UnreachableError:
        description = f"The response ({status}) of {self._origin} is not from podman-api"
        if status in _GATEWAY_STATUSES:
            return UnreachableError(f"{description}: check that the API is running behind this address.", is_retryable=True)
        return UnreachableError(f"{description}: check PODMAN_API_URL.", is_retryable=False)


def create_api_error(body: Mapping[str, Any], retry_after: str | None = None) -> ApiError:
    """Returns the exception for the `error` of a response or a job."""
    seconds = int(retry_after) if retry_after is not None and retry_after.isdecimal() else None
    return ERROR_CLASSES.get(str(body.get("type")), ApiError)(body, seconds)


def _to_json(value: object) -> object:
    """Converts other mappings and sequences to dicts and lists, for `json.dumps`."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence):
        return list(value)
    raise TypeError(f"{type(value).__name__} cannot be sent as JSON.")


def _describe(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "the connection timed out"
    if isinstance(error, ConnectionRefusedError):
        return "the connection was refused"
    if isinstance(error, (ConnectionError, http.client.IncompleteRead, http.client.BadStatusLine)):
        return "the connection was closed"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
