"""Builds of images, and the archives of directories that they and containers take."""

from __future__ import annotations

import os
import tarfile
import tempfile
import threading
import uuid
from collections.abc import Mapping
from typing import IO, Any, BinaryIO, Protocol, cast

from ._errors import PodmanApiException
from ._jobs import JobTransport, PendingJob
from ._request import Content, Request

_POLL_INTERVAL_SECONDS = 0.2
_LATEST_BUILDS = 100


class BuildTransport(JobTransport, Protocol):
    """Methods of the transport that a build uses."""

    def send(self, request: Request) -> Mapping[str, Any]: ...


def pack_directory(path: str | os.PathLike[str], name: str = ".") -> BinaryIO:
    """Packs a directory as a tar archive in a temporary file, with root as the owner of everything in it.

    Args:
        path: The directory, or a symbolic link to it.
        name: Its name in the archive. Default: only its content is in the archive.

    Returns:
        The file, to be read from its beginning. It is removed when it is closed.
    """
    archive: IO[bytes] = tempfile.TemporaryFile()
    try:
        with tarfile.open(fileobj=archive, mode="w", format=tarfile.PAX_FORMAT) as tar:
            tar.add(os.path.realpath(path), arcname=name, filter=_owned_by_root)
        archive.seek(0)
    except BaseException:
        archive.close()
        raise
    return cast(BinaryIO, archive)


def _owned_by_root(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry


def start_build(transport: BuildTransport, context: str | os.PathLike[str] | Content, query: Mapping[str, object]) -> PendingJob[Any]:
    """Sends a build in a thread, and returns its job once the API has it.

    Args:
        context: Path of a directory, or a tar archive.
        query: Parameters of `POST /images/build`.
    """
    archive = pack_directory(context) if isinstance(context, (str, os.PathLike)) else None
    content = archive if archive is not None else cast(Content, context)
    request_id = str(uuid.uuid4())
    request = Request("POST", "/api/v1/images/build", query=query, content=content, headers={"X-Request-Id": request_id})
    build_request = _BuildRequest(transport, request, archive)
    recent = Request("GET", "/api/v1/jobs", query={"operation": "image.build", "limit": _LATEST_BUILDS}, is_retryable=True)
    while not build_request.ended.wait(_POLL_INTERVAL_SECONDS):
        try:
            jobs = transport.send(recent)["jobs"]
        except PodmanApiException:
            # The build continues; its response names the job too.
            continue
        for job in jobs:
            if job["request_id"] == request_id:
                return PendingJob(transport, job)
    return PendingJob(transport, {"id": build_request.job_id()})


class _BuildRequest:
    """The request of a build, sent in a thread. The response comes at the end of the build; a closed connection cancels the build."""

    def __init__(self, transport: BuildTransport, request: Request, archive: BinaryIO | None) -> None:
        self.ended = threading.Event()
        self._body: Mapping[str, Any] = {}
        self._error: Exception | None = None
        threading.Thread(target=self._send, args=(transport, request, archive), daemon=True).start()

    def _send(self, transport: BuildTransport, request: Request, archive: BinaryIO | None) -> None:
        try:
            self._body = transport.send(request)
        except Exception as error:
            self._error = error
        finally:
            if archive is not None:
                archive.close()
            self.ended.set()

    def job_id(self) -> str:
        """Returns the job of a build that has ended. Raises the error of one that the API has refused or that has failed."""
        if self._error is not None:
            raise self._error
        return str(self._body["job_id"])
