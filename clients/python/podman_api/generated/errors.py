"""An exception for each type of error.

Written by "npm run openapi" from docs/openapi.json; do not edit.
"""

from __future__ import annotations

from collections.abc import Mapping

from .._errors import ApiError


class ValidationError(ApiError):
    """An error with HTTP status 400."""


class UnauthorizedError(ApiError):
    """An error with HTTP status 401."""


class ForbiddenError(ApiError):
    """An error with HTTP status 403."""


class NotFoundError(ApiError):
    """An error with HTTP status 404."""


class MethodNotAllowedError(ApiError):
    """An error with HTTP status 400."""


class TimeoutError(ApiError):
    """An error with HTTP status 408."""


class ConflictError(ApiError):
    """An error with HTTP status 400."""


class PayloadTooLargeError(ApiError):
    """An error with HTTP status 413."""


class UnsupportedMediaTypeError(ApiError):
    """An error with HTTP status 415."""


class RangeError(ApiError):
    """An error with HTTP status 416."""


class IdempotencyError(ApiError):
    """An error with HTTP status 422."""


class RateLimitError(ApiError):
    """An error with HTTP status 429."""


class PodmanAPIError(ApiError):
    """An error with HTTP status 500."""


class InternalError(ApiError):
    """An error with HTTP status 500."""


class ServiceUnavailableError(ApiError):
    """An error with HTTP status 503."""


ERROR_CLASSES: Mapping[str, type[ApiError]] = {
    "ValidationError": ValidationError,
    "UnauthorizedError": UnauthorizedError,
    "ForbiddenError": ForbiddenError,
    "NotFoundError": NotFoundError,
    "MethodNotAllowedError": MethodNotAllowedError,
    "TimeoutError": TimeoutError,
    "ConflictError": ConflictError,
    "PayloadTooLargeError": PayloadTooLargeError,
    "UnsupportedMediaTypeError": UnsupportedMediaTypeError,
    "RangeError": RangeError,
    "IdempotencyError": IdempotencyError,
    "RateLimitError": RateLimitError,
    "PodmanAPIError": PodmanAPIError,
    "InternalError": InternalError,
    "ServiceUnavailableError": ServiceUnavailableError,
}
"""The exceptions by the `type` of an error."""
