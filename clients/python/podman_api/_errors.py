"""Exceptions of the client. Those for each type of error are in `podman_api.generated.errors`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class PodmanApiException(Exception):
    """Base class of all exceptions of this package."""


class ApiError(PodmanApiException):
    """An error of the API, or of a job. Each type of error is a subclass, such as `NotFoundError`."""

    def __init__(self, body: Mapping[str, Any], retry_after: int | None = None) -> None:
        super().__init__(str(body.get("message", "")))
        self.body = body
        """The `error` of the response or of the job."""
        self.type = str(body.get("type", ""))
        """From the API's closed list, such as `NotFoundError`."""
        self.status = int(body.get("code", 500))
        """HTTP status."""
        self.retry_after = retry_after
        """Seconds after which the request may be sent again; `None` if the API named none."""

    @property
    def job(self) -> Mapping[str, Any] | None:
        """The job that the error is about: `id`, and `status` and `url` if the API named them."""
        job: Mapping[str, Any] | None = self.body.get("job")
        return job

    @property
    def details(self) -> list[Mapping[str, Any]]:
        """The faults of the request, each with a `path` and a `message`."""
        return list(self.body.get("details", []))

    @property
    def execution(self) -> Mapping[str, Any] | None:
        """Output of a command until its time limit."""
        execution: Mapping[str, Any] | None = self.body.get("execution")
        return execution


class UnreachableError(PodmanApiException):
    """No response, or a response that is not from the API."""

    def __init__(self, message: str, *, is_retryable: bool) -> None:
        super().__init__(message)
        self.is_retryable = is_retryable
        """Whether the same request may succeed later."""


class WaitTimeoutError(PodmanApiException):
    """A job did not end within `wait_seconds`."""

    def __init__(self, job_id: str, wait_seconds: float) -> None:
        super().__init__(f"The job {job_id} did not end within {wait_seconds:g} seconds.")
        self.job_id = job_id
