"""Retries with growing delays, by the rules of the TypeScript client."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import TypeVar

from ._errors import ApiError, UnreachableError

FIRST_DELAY_SECONDS = 0.1
MAX_DELAY_SECONDS = 2.0

Value = TypeVar("Value")


def retry(
    attempt: Callable[[], Value],
    timeout_seconds: float,
    on_retry: Callable[[Exception], None],
    may_retry: Callable[[Exception], bool] | None = None,
    max_age_seconds: float = math.inf,
) -> Value:
    """Calls a function until it succeeds, or fails with an error that `may_retry` does not accept.

    Args:
        attempt: Must be idempotent (a GET, or a request with an Idempotency-Key), or have done nothing when it fails with an accepted error.
        timeout_seconds: Time from the first failure after which no attempt starts. An attempt itself may take any time.
        on_retry: Called with each error after which there is another attempt.
        may_retry: Whether another attempt may succeed after this error. Default: `is_retryable`.
        max_age_seconds: Time since the start, by the clock of the machine, after which no attempt starts. For requests with an
            Idempotency-Key, which the API forgets RESULT_TTL (an hour by default) after the job has ended.

    Raises:
        Exception: the error of the last attempt.
    """
    accepts = may_retry or is_retryable
    deadline: float | None = None
    started_at = time.time()
    delay_seconds = FIRST_DELAY_SECONDS
    while True:
        try:
            return attempt()
        except (ApiError, UnreachableError) as error:
            # Not from the start: this process may have been stopped (SIGSTOP), or suspended with its machine, during the attempt.
            deadline = time.monotonic() + timeout_seconds if deadline is None else deadline
            wait_seconds = max(delay_seconds, retry_after_seconds(error))
            is_too_old = time.time() + wait_seconds - started_at > max_age_seconds
            if is_too_old or not accepts(error) or time.monotonic() + wait_seconds > deadline:
                raise
            on_retry(error)
        time.sleep(wait_seconds)
        delay_seconds = min(2 * delay_seconds, MAX_DELAY_SECONDS)


def is_retryable(error: Exception) -> bool:
    """Returns whether the same request may succeed later: there was no answer, or it was a 429 or 503.

    A 408 is never sent again, because its job may have run.
    """
    if isinstance(error, UnreachableError):
        return error.is_retryable
    return isinstance(error, ApiError) and error.status in (429, 503)


def is_withdrawn(error: Exception) -> bool:
    """Returns whether a call failed because its job was withdrawn: no worker began it, so that it can be submitted again."""
    return isinstance(error, ApiError) and error.job is not None and error.job.get("status") == "withdrawn"


def retry_after_seconds(error: Exception) -> float:
    """Returns the delay that the API asked for, or 0."""
    return float(error.retry_after or 0) if isinstance(error, ApiError) else 0.0
