"""Jobs that were submitted."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any, Generic, Protocol, TypeVar

from ._errors import ApiError, UnreachableError, WaitTimeoutError
from ._http import create_api_error
from ._request import Request, path
from ._streams import ServerEvent

Result = TypeVar("Result")


class JobTransport(Protocol):
    """Methods of the transport that a job uses."""

    def get_job(self, job_id: str) -> Mapping[str, Any]: ...

    def wait_for_job(self, job_id: str, deadline: float | None) -> Mapping[str, Any]: ...

    def cancel_job(self, job_id: str) -> Mapping[str, Any]: ...

    def stream(self, request: Request) -> Iterator[ServerEvent]: ...


class PendingJob(Generic[Result]):
    """A job that was submitted, and may have ended since."""

    def __init__(self, transport: JobTransport, job: Mapping[str, Any]) -> None:
        self._transport = transport
        self.id = str(job["id"])

    def __repr__(self) -> str:
        return f"PendingJob({self.id!r})"

    def read(self) -> Mapping[str, Any]:
        """Returns the job as it is now, with its `status`."""
        return self._transport.get_job(self.id)

    def wait(self, wait_seconds: float | None = None) -> Mapping[str, Any]:
        """Returns the job when it has ended, whatever its outcome. The job continues if the wait ends first.

        Raises:
            WaitTimeoutError: after `wait_seconds`. Default: no limit.
        """
        deadline = None if wait_seconds is None else time.monotonic() + wait_seconds
        job = self._transport.wait_for_job(self.id, deadline)
        if is_unfinished(job["status"]):
            raise WaitTimeoutError(self.id, wait_seconds or 0.0)
        return job

    def result(self, wait_seconds: float | None = None) -> Result:
        """Returns the result of the job when it has ended. The job continues if the wait ends first.

        Raises:
            ApiError: if the job does not succeed.
            WaitTimeoutError: after `wait_seconds`. Default: no limit.
        """
        result: Result = job_result(self.wait(wait_seconds))
        return result

    def result_or_cancel(self, wait_seconds: float | None = None) -> Result:
        """Returns the result as `result` does, and cancels the job if the wait ends or is interrupted, as by Ctrl-C.

        A job that had succeeded before it could be cancelled returns its result.
        """
        try:
            return self.result(wait_seconds)
        except (ApiError, UnreachableError):
            # While the API is unreachable, the job continues.
            raise
        except BaseException as error:
            job = self.cancel()
            if isinstance(error, WaitTimeoutError) and job["status"] == "succeeded":
                result: Result = job_result(job)
                return result
            raise

    def cancel(self) -> Mapping[str, Any]:
        """Cancels the job, which first ends its command in the container.

        Returns:
            The job: cancelled, or with the outcome that it already had.
        """
        return self._transport.cancel_job(self.id)

    def output(self, after: str | None = None) -> Iterator[ServerEvent]:
        """Yields the output of the job's command as it is written: events `stdout` and `stderr` with a `text`.

        Ends when the job has succeeded; `result` then returns the exit code.

        Args:
            after: The `id` of the last event to skip. Default: none.

        Raises:
            ApiError: if the job does not succeed.
        """
        request = Request("GET", path("/api/v1/jobs/{id}/output", id=self.id), headers={"Last-Event-ID": after}, is_retryable=True)
        return (event for event in self._transport.stream(request) if event.event != "exit")


def is_unfinished(status: object) -> bool:
    """Returns whether a job with this status has no outcome yet."""
    return status in ("queued", "running")


def job_result(job: Mapping[str, Any]) -> Any:
    """Returns the result of a job that has ended.

    Raises:
        ApiError: with the job, if it did not succeed.
    """
    if job["status"] == "succeeded" and "result" in job:
        return job["result"]
    reference = {name: job[name] for name in ("id", "status", "url") if name in job}
    if "error" in job:
        raise create_api_error({**job["error"], "job": reference})
    message = f"The job {job['id']} is {job['status']}, without a result."
    if job["status"] == "withdrawn":
        message = "No worker was free in time, so the job was withdrawn and did not run: send the request again later."
    raise create_api_error({"message": message, "code": 408, "type": "TimeoutError", "job": reference})
