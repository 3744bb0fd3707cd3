"""A container for the length of a `with` statement."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ._errors import PodmanApiException
from .generated.errors import NotFoundError
from .generated.operations import ContainerCalls, Containers

RENEWED_TTL_SECONDS = 300
"""Time to live of a container, renewed while the program runs: the container of a killed program is removed after it."""

_SLEEP_SECONDS = "86400"


class Container(ContainerCalls):
    """A container, with all calls for it as methods."""

    def __init__(self, calls: Containers, id: str, name: str) -> None:
        super().__init__(calls, id)
        self.name = name
        """The name that it was created with."""

    def __repr__(self) -> str:
        return f"Container({self.name!r})"


@contextmanager
def open_container(containers: Containers, name: str, options: dict[str, Any]) -> Iterator[Container]:
    """Creates a container, and removes it with all of its processes at the end.

    Args:
        options: Arguments of `Containers.create`. Without `command` and `entrypoint`, the container runs `sleep`. Without `ttl`, its
            time to live is renewed.
    """
    if options.get("command") is None and options.get("entrypoint") is None:
        options = {**options, "entrypoint": ["sleep"], "command": [_SLEEP_SECONDS]}
    is_renewed = options.get("ttl") is None
    if is_renewed:
        options = {**options, "ttl": RENEWED_TTL_SECONDS}
    created = containers.create(name=name, **options)
    stopped = threading.Event()
    if is_renewed:
        threading.Thread(target=_renew, args=(containers, created["id"], stopped), daemon=True).start()
    try:
        yield Container(containers, created["id"], created["name"])
    finally:
        stopped.set()
        try:
            containers.remove(created["id"], force=True)
        except NotFoundError:
            pass


def _renew(containers: Containers, id: str, stopped: threading.Event) -> None:
    """Renews a time to live after each third of it. A single failure is harmless; if the API stays unavailable, the next call raises the error."""
    while not stopped.wait(RENEWED_TTL_SECONDS / 3):
        try:
            containers.renew(id, ttl=RENEWED_TTL_SECONDS)
        except PodmanApiException:
            pass
