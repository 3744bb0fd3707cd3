"""Settings of a client, with environment variables as defaults."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

DEFAULT_URL = "http://127.0.0.1:5000"
DEFAULT_RETRY_TIMEOUT_SECONDS = 10.0
MAX_RETRY_TIMEOUT_SECONDS = 86_400.0


@dataclass(frozen=True)
class Settings:
    """Validated settings."""

    base_url: str
    """Without the base path `/api/v1`, and without a slash at its end."""
    token: str | None = field(repr=False)
    retry_timeout_seconds: float


def resolve_settings(url: str | None, token: str | None, retry_timeout_seconds: float | None) -> Settings:
    """Returns validated settings. Settings that are `None` come from the environment, or are defaults.

    Raises:
        ValueError: names the variable of a wrong setting.
    """
    token = token if token is not None else os.environ.get("PODMAN_API_TOKEN")
    if token is not None and not re.fullmatch(r"[\x21-\x7e]*", token):
        raise ValueError(
            "The token (PODMAN_API_TOKEN) must be printable ASCII characters without spaces: "
            'copy it again as "npm run token" printed it.'
        )
    return Settings(
        base_url=_parse_url(url if url is not None else os.environ.get("PODMAN_API_URL", DEFAULT_URL)),
        token=token or None,
        retry_timeout_seconds=_parse_retry_timeout(retry_timeout_seconds),
    )


def _parse_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        is_address = (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and parts.port != 0
            and not (parts.query or parts.fragment or parts.username)
        )
    except ValueError:
        is_address = False
    if not is_address:
        raise ValueError(
            f'The address "{text}" (PODMAN_API_URL) must be an http or https URL without user, query and fragment, '
            f"such as {DEFAULT_URL}."
        )
    return text.rstrip("/").removesuffix("/api/v1")


def _parse_retry_timeout(given: float | None) -> float:
    value = given if given is not None else os.environ.get("PODMAN_API_RETRY_TIMEOUT", DEFAULT_RETRY_TIMEOUT_SECONDS)
    try:
        seconds = float(value)
    except ValueError:
        seconds = -1.0
    if 0 <= seconds <= MAX_RETRY_TIMEOUT_SECONDS:
        return seconds
    raise ValueError(
        f'The retry timeout "{value}" (PODMAN_API_RETRY_TIMEOUT) must be a number of seconds '
        f"from 0 to {MAX_RETRY_TIMEOUT_SECONDS:g}."
    )
