"""The client."""

from __future__ import annotations

import os
import secrets
import ssl
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from ._build import start_build
from ._container import Container, open_container
from ._http import HttpClient
from ._jobs import PendingJob
from ._request import Content
from ._settings import resolve_settings
from ._transport import Transport
from .generated import schemas
from .generated.operations import Operations


class Client(Operations):
    """A client of podman-api: `containers`, `jobs` and the other groups of calls are its attributes.

    Calls wait for their jobs. What is safe to repeat is sent again after a lost connection, a 429 or a 503; a call that
    changes something carries an Idempotency-Key, so that it never runs twice. A client may be used by several threads.

    Args:
        url: Address without the base path `/api/v1`. Default: `PODMAN_API_URL`, or http://127.0.0.1:5000.
        token: Default: `PODMAN_API_TOKEN`. Without a token, none is sent.
        retry_timeout_seconds: Time for which a call is sent again. Default: `PODMAN_API_RETRY_TIMEOUT`, or 10.
        on_retry: Called with each error after which a call is sent again.
        ssl_context: Certificates for https. Default: those that Python trusts.

    Raises:
        ValueError: names the variable of a wrong setting.
    """

    def __init__(
        self,
        url: str | None = None,
        *,
        token: str | None = None,
        retry_timeout_seconds: float | None = None,
        on_retry: Callable[[Exception], None] = lambda error: None,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        settings = resolve_settings(url, token, retry_timeout_seconds)
        self._transport = Transport(HttpClient(settings, ssl_context), on_retry)
        super().__init__(self._transport)

    def container(
        self,
        *,
        image: str,
        name: str | None = None,
        command: str | Sequence[str] | None = None,
        environment: Mapping[str, str | float | bool] | None = None,
        **options: Any,
    ) -> AbstractContextManager[Container]:
        """Creates a container for the length of a `with` statement, and removes it at the end.

        Args:
            image: An image reference.
            name: Default: a random one.
            command: Default: `sleep`, which the image must have, so that commands can run in the container.
            environment: Variables.
            options: Others of `containers.create`, such as `memory` or `network`. Without `ttl`, a container is removed
                within five minutes if the program is killed.
        """
        given = {"image": image, "command": command, "environment": environment, **options}
        return open_container(self.containers, name or f"python-{secrets.token_hex(6)}", given)

    def build(
        self,
        context: str | os.PathLike[str] | Content,
        *,
        tag: str,
        file: str | None = None,
        target: str | None = None,
        build_arg: Mapping[str, str] | None = None,
        platform: str | None = None,
        pull: bool | None = None,
        memory: int | str | None = None,
        cpus: float | str | None = None,
        node: str | None = None,
    ) -> PendingJob[schemas.BuiltImage]:
        """Starts a build of an image, and returns its job: `output` yields what podman prints, `result` the image.

        Args:
            context: Path of the directory with the Containerfile, or a tar archive as bytes or a binary file.
            tag: The name of the image.
            file: The Containerfile in the context. Default: `Containerfile`, or `Dockerfile`.
            target: The stage to build. Default: the last one.
            build_arg: Values of the ARGs.
            platform: Such as `linux/amd64`. Default: that of the node.
            pull: Asks the registries for newer base images.
            memory: Memory of each RUN, such as `512m`. Default: no limit.
            cpus: CPUs of each RUN. Default: no limit.
            node: Default: the least loaded.

        Raises:
            ApiError: if the build was refused, or has failed before its job was found.
        """
        query = {"tag": tag, "file": file, "target": target, "platform": platform, "pull": pull, "memory": memory, "cpus": cpus, "node": node}
        build_args = [f"{name}={value}" for name, value in (build_arg or {}).items()]
        return start_build(self._transport, context, {**query, "build_arg": build_args})

    def job(self, id: str) -> PendingJob[Any]:
        """Returns a job of any program, to wait for it, read its output or cancel it."""
        return PendingJob(self._transport, {"id": id})
