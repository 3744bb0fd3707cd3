"""Client of podman-api, a REST API over podman with a job queue. See the README for examples."""

from ._build import pack_directory
from ._container import Container
from ._errors import ApiError, PodmanApiException, UnreachableError, WaitTimeoutError
from ._jobs import PendingJob
from ._streams import ByteStream, ServerEvent
from .client import Client
from .generated import schemas
from .generated.errors import (
    ConflictError,
    ForbiddenError,
    IdempotencyError,
    InternalError,
    MethodNotAllowedError,
    NotFoundError,
    PayloadTooLargeError,
    PodmanAPIError,
    RangeError,
    RateLimitError,
    ServiceUnavailableError,
    TimeoutError,
    UnauthorizedError,
    UnsupportedMediaTypeError,
    ValidationError,
)
from .generated.version import VERSION as __version__

__all__ = [
    "ApiError",
    "ByteStream",
    "Client",
    "ConflictError",
    "Container",
    "ForbiddenError",
    "IdempotencyError",
    "InternalError",
    "MethodNotAllowedError",
    "NotFoundError",
    "PayloadTooLargeError",
    "PendingJob",
    "PodmanAPIError",
    "PodmanApiException",
    "RangeError",
    "RateLimitError",
    "ServerEvent",
    "ServiceUnavailableError",
    "TimeoutError",
    "UnauthorizedError",
    "UnreachableError",
    "UnsupportedMediaTypeError",
    "ValidationError",
    "WaitTimeoutError",
    "__version__",
    "pack_directory",
    "schemas",
]
