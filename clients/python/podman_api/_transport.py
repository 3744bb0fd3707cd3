"""Runs requests: retries, jobs and streams."""

from __future__ import annotations

import http.client
import math
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from ._errors import ApiError, UnreachableError
from ._http import HttpClient, create_api_error
from ._jobs import PendingJob, is_unfinished, job_result
from ._request import Request, path
from ._retry import is_retryable, is_withdrawn, retry, retry_after_seconds
from ._streams import ByteStream, ServerEvent, parse_events

MIN_JOB_RETRY_TIMEOUT_SECONDS = 60.0
"""While a job runs, the API is retried for at least this long: it may restart, and the job continues."""

_MAX_KEY_AGE_SECONDS = 600.0
"""Age up to which an Idempotency-Key is sent again, see `retry`."""
_WAIT_SECONDS = 10.0
"""Time that one request waits; the API refuses more than its MAX_WAIT, and proxies cut long requests."""
_IDLE_TIMEOUT_SECONDS = 30.0
"""A stream without an event for this long is dead: the API sends a `ping` every ten seconds."""
_RECONNECT_DELAY_SECONDS = 0.25
_GENERAL_FIELDS = ("success", "job_id", "timestamp")


class Transport:
    """Runs the requests of the generated calls."""

    def __init__(self, http_client: HttpClient, on_retry: Callable[[Exception], None]) -> None:
        self._http = http_client
        self._on_retry = on_retry

    def send(self, request: Request, min_timeout_seconds: float = 0.0) -> Mapping[str, Any]:
        """Sends a request and returns its JSON. A request that is safe to repeat is sent again; see `is_retryable`."""
        if not self._may_repeat(request):
            return self._http.read_json(request)
        keyed = _with_key(request)
        timeout_seconds = max(min_timeout_seconds, self._http.settings.retry_timeout_seconds)
        max_age_seconds = math.inf if request.method == "GET" else _MAX_KEY_AGE_SECONDS
        return retry(lambda: self._http.read_json(keyed), timeout_seconds, self._on_retry, max_age_seconds=max_age_seconds)

    def run(self, request: Request, wait_seconds: float | None) -> Any:
        """Runs a job and returns its result. If the wait ends or is interrupted, the job is cancelled.

        A job that is withdrawn before it ran, for instance because the node's last worker is gone, is submitted again within the time for
        retries.

        Raises:
            ApiError: if the job does not succeed.
            WaitTimeoutError: if the job did not end in time.
        """
        start = time.monotonic()

        def attempt() -> Any:
            remaining = None if wait_seconds is None else max(0.0, wait_seconds - (time.monotonic() - start))
            return self.submit(request).result_or_cancel(remaining)

        return retry(attempt, self._http.settings.retry_timeout_seconds, self._on_retry, is_withdrawn)

    def submit(self, request: Request) -> PendingJob[Any]:
        """Submits a job and returns it without waiting."""
        headers: dict[str, object] = {**request.headers, "Prefer": "respond-async"}
        return PendingJob(self, self.send(replace(request, headers=headers))["job"])

    def read(self, request: Request, field: str | None) -> Any:
        """Returns a field of the response, or all fields except the general ones. If the API stops waiting for a job, waits for its end."""
        try:
            body = self.send(request)
        except ApiError as error:
            job = error.job
            if field is None or error.status != 408 or job is None or not is_unfinished(job.get("status")):
                raise
            return job_result(self.wait_for_job(str(job["id"]), None))
        if field is not None:
            return body[field]
        return {name: value for name, value in body.items() if name not in _GENERAL_FIELDS}

    def read_text(self, request: Request) -> str:
        """Returns the body of a response as text."""

        def attempt() -> str:
            with self._open(request, "text/plain, */*;q=0.5") as response:
                return self._http.read_all(response).decode()

        return retry(attempt, self._http.settings.retry_timeout_seconds, self._on_retry)

    def open_bytes(self, request: Request) -> ByteStream:
        """Returns the bytes of a response as they arrive."""

        def attempt() -> ByteStream:
            return ByteStream(self._open(request, "*/*"), self._http.unreachable)

        if not self._may_repeat(request):
            return attempt()
        return retry(attempt, self._http.settings.retry_timeout_seconds, self._on_retry)

    def get_job(self, job_id: str) -> Mapping[str, Any]:
        """Returns a job."""
        return _job(self.send(_job_request("GET", job_id)))

    def wait_for_job(self, job_id: str, deadline: float | None) -> Mapping[str, Any]:
        """Returns a job once it has ended, or in its current state at a deadline of `time.monotonic()`."""
        while True:
            remaining = _WAIT_SECONDS if deadline is None else max(0.0, deadline - time.monotonic())
            # The API takes whole seconds.
            wait = int(-(-min(_WAIT_SECONDS, remaining) // 1))
            request = replace(_job_request("GET", job_id), query={"wait": wait})
            job = _job(self.send(request, MIN_JOB_RETRY_TIMEOUT_SECONDS))
            if not is_unfinished(job["status"]) or (deadline is not None and time.monotonic() >= deadline):
                return job

    def cancel_job(self, job_id: str) -> Mapping[str, Any]:
        """Cancels a job and returns it: cancelled, or with the outcome that it already had."""
        try:
            return _job(self.send(_job_request("DELETE", job_id)))
        except ApiError as error:
            if error.status != 409:
                raise
            return self.get_job(job_id)

    def stream(self, request: Request) -> Iterator[ServerEvent]:
        """Yields events until the last one (`exit`), without those that only keep the connection open.

        After a lost connection it continues after the last event: no event is lost or repeated.

        Raises:
            ApiError: for the last event `error`: the job did not succeed.
            UnreachableError: if the API is unreachable for a minute.
        """
        last_id = request.headers.get("Last-Event-ID")
        # Time of the first failure since the last event. A caller may take any time for an event, and the process may be stopped.
        failing_since: float | None = None
        while True:
            failure: ApiError | UnreachableError = UnreachableError("The stream ended before its last event.", is_retryable=True)
            try:
                headers: dict[str, object] = {**request.headers, "Last-Event-ID": last_id}
                for event in self._open_events(replace(request, headers=headers)):
                    failing_since = None
                    if event.event == "ping":
                        last_id = event.id or last_id
                        continue
                    if event.event == "error":
                        raise _StreamEndError(_error_of(event)) if "status" in event.data else _error_of(event)
                    last_id = event.id or last_id
                    yield event
                    if event.event == "exit":
                        return
            except _StreamEndError as end:
                raise end.error from None
            except (ApiError, UnreachableError) as error:
                failure = error
            timeout_seconds = max(MIN_JOB_RETRY_TIMEOUT_SECONDS, self._http.settings.retry_timeout_seconds)
            failing_since = time.monotonic() if failing_since is None else failing_since
            if not is_retryable(failure) or time.monotonic() - failing_since > timeout_seconds:
                raise failure
            self._on_retry(failure)
            time.sleep(max(_RECONNECT_DELAY_SECONDS, retry_after_seconds(failure)))

    def _open_events(self, request: Request) -> Iterator[ServerEvent]:
        with self._open(request, "text/event-stream", _IDLE_TIMEOUT_SECONDS) as response:
            try:
                yield from parse_events(iter(response.readline, b""))
            except (OSError, http.client.HTTPException) as error:
                raise self._http.unreachable(error) from error

    def _open(self, request: Request, accept: str, timeout_seconds: float | None = None) -> http.client.HTTPResponse:
        """Returns a successful response, whose body has not been read."""
        keyed = _with_key(request)
        opened = self._http.open(keyed, accept) if timeout_seconds is None else self._http.open(keyed, accept, timeout_seconds)
        if opened.status < 400:
            return opened
        with opened as response:
            self._http.parse(response)
        raise UnreachableError(f"The response has the status {opened.status} but no error in its body.", is_retryable=False)

    @staticmethod
    def _may_repeat(request: Request) -> bool:
        """Returns whether a request can be sent again: a source of bytes can be read only once."""
        return request.is_retryable and (request.content is None or isinstance(request.content, bytes))


class _StreamEndError(Exception):
    """The outcome of a job that did not succeed, after which its stream is not opened again."""

    def __init__(self, error: ApiError) -> None:
        super().__init__(str(error))
        self.error = error


def _error_of(event: ServerEvent) -> ApiError:
    return create_api_error({"code": 408, **event.data})


def _job_request(method: str, job_id: str) -> Request:
    return Request(method, path("/api/v1/jobs/{id}", id=job_id), is_retryable=True)


def _job(body: Mapping[str, Any]) -> Mapping[str, Any]:
    job: Mapping[str, Any] = body["job"]
    return job


def _with_key(request: Request) -> Request:
    """Returns the request with an Idempotency-Key, which makes it safe to repeat, unless it only reads."""
    if request.method == "GET" or request.idempotency_key is not None or not request.is_retryable:
        return request
    return replace(request, idempotency_key=str(uuid.uuid4()))
