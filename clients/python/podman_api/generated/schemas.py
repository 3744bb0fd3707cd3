"""Objects of requests and responses.

Written by "npm run openapi" from docs/openapi.json; do not edit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, TypeAlias, TypedDict


class AddedFile(TypedDict):
    dest_path: str
    size: int
    """Bytes."""


class AddedUser(TypedDict):
    username: str
    created: Literal[True]


class BadRequestFailure(TypedDict):
    success: Literal[False]
    error: BadRequestFailureError
    job_id: NotRequired[str]
    """Id of the job that the request created."""
    timestamp: str


class BadRequestFailureError(TypedDict):
    message: str
    """What happened, and what to do."""
    code: Literal[400]
    """The HTTP status."""
    type: Literal["ValidationError"]
    details: NotRequired[Sequence[ErrorDetail]]
    """All errors in the request, one per entry."""
    job: NotRequired[ErrorJob]
    """The job that the error is about."""
    execution: NotRequired[Execution]
    """Output of the command until its time limit."""
    podman: NotRequired[str]
    """Podman's complete error message; only with DEBUG."""


class BatchedRun(TypedDict):
    image: str
    """An image reference, or the id of an image."""
    command: NotRequired[str | Sequence[str]]
    """A list is argv. A string is split into words as a shell does, but no shell runs it: one with an
    unquoted `&&`, `|`, `;`, `<`, `>`, `$NAME` or a backquote is refused. For a shell write `["sh",
    "-c", "..."]`.
    """
    environment: NotRequired[Mapping[str, str | float | bool]]
    """Variables. Their values are in no log, job or argument list. A name may have `.` and `-`, but a
    shell drops such variables: the programs that `sh` starts do not get them.
    """
    ports: NotRequired[Sequence[str] | Mapping[str, str | float | None | Sequence[str | float]]]
    """`{"8080": "80"}` (host: container), `{"80/tcp": 8080}` or `["127.0.0.1:8080:80/tcp",
    "8000-8002:80-82"]`; if the host port is 0, null or missing, podman chooses one.
    """
    volumes: NotRequired[Sequence[str] | Mapping[str, str | BatchedRunVolumesValue]]
    """`{"/host": "/container"}`, `{"name": {"bind": "/container", "mode": "ro"}}` or
    `["name:/container:ro", "/container"]`; a path alone is a new volume that is removed with the
    container. `z` and `Z` are for SELinux.
    """
    node: NotRequired[str]
    """The node for the container. Default: chosen by the API."""
    node_selector: NotRequired[Mapping[str, str]]
    """Labels that the chosen node must have."""
    stdin: NotRequired[str]
    """Text for the stdin of the command. Default: empty."""
    files: NotRequired[Sequence[BatchedRunFilesItem]]
    """Files that are in the container before the command starts. They and their new directories belong to
    root.
    """
    timeout: NotRequired[int]
    """Time limit of the command in seconds. Default: `JOB_TIMEOUT`, which then includes the pull of the
    image.
    """
    outputs: NotRequired[Sequence[str]]
    """Regular files that are returned after the command has ended: at most 1 MiB each, and 4 MiB in all."""
    keep: NotRequired[bool]
    """Keeps the container after its command has ended. Default: false."""
    ttl: NotRequired[int]
    """Seconds after which the run is ended at the latest; a container that is kept is removed then."""
    user: NotRequired[str]
    """A user or uid, or `user:group`."""
    entrypoint: NotRequired[str | Sequence[str]]
    """Instead of the image's entrypoint: a list, or a string that is split into words. `""` removes the
    image's.
    """
    work_dir: NotRequired[str]
    labels: NotRequired[Mapping[str, str]]
    """At most 64 KiB of names and values in all."""
    hostname: NotRequired[str]
    network: NotRequired[str]
    memory: NotRequired[int | str]
    """Bytes, or a string with a unit: `512m`, `1G`, `1.5g`, `2GiB`; units are powers of 1024."""
    cpus: NotRequired[float | str]
    """Number of CPUs, with at most two decimals: `0.5` or `"0.5"`."""
    pids_limit: NotRequired[int]
    """Maximum number of processes; -1: no limit."""
    cap_add: NotRequired[Sequence[str]]
    cap_drop: NotRequired[Sequence[str]]
    read_only: NotRequired[bool]
    """Makes the root file system read-only."""
    tmpfs: NotRequired[Sequence[str] | Mapping[str, str]]
    """File systems in memory: `["/run", "/tmp:size=64m,mode=1777"]` or `{"/tmp": "size=64m"}`."""
    init: NotRequired[bool]
    """Runs an init that reaps processes."""
    pull_policy: NotRequired[Literal["missing", "always", "never"]]
    """When the image is pulled; default: `missing`."""
    healthcheck: NotRequired[BatchedRunHealthcheck]
    """Checks the health of the container; times are in seconds."""
    shm_size: NotRequired[int | str]
    """Size of `/dev/shm`, written as `memory` is; default: 64 MiB."""
    ulimits: NotRequired[Mapping[str, int | BatchedRunUlimitsValue]]
    """`{"nofile": 1024}` or `{"nofile": {"soft": 1024, "hard": 2048}}`; -1 is no limit."""
    stop_signal: NotRequired[float | str]
    """Signal that stops the container, such as `SIGINT`; default: that of the image, else `SIGTERM`."""
    extra_hosts: NotRequired[Sequence[str] | Mapping[str, str]]
    """Lines for `/etc/hosts`: `["db:10.0.0.5"]` or `{"db": "10.0.0.5"}`; `host-gateway` is the address of
    the host (podman 4.7 and later).
    """
    dns: NotRequired[Sequence[str]]
    """Addresses of DNS servers, at most three."""
    platform: NotRequired[str]
    """Platform of the image, such as `linux/amd64` or `linux/arm/v7`; default: that of the node."""
    runtime: NotRequired[str]
    """An OCI runtime of the node that `ALLOWED_RUNTIMES` lists; default: podman's own default."""


class BatchedRunVolumesValue(TypedDict):
    bind: str
    mode: NotRequired[str]


class BatchedRunFilesItem(TypedDict):
    path: str
    """An absolute path without `..`; missing parent directories are created."""
    content: str
    """The content as a string, or in base64 with `encoding` `base64`."""
    encoding: NotRequired[Literal["utf8", "base64"]]
    """Encoding of `content`. Default: `utf8`."""
    mode: NotRequired[str]
    """Octal digits. Default: `0644`."""


class BatchedRunHealthcheck(TypedDict):
    """Checks the health of the container; times are in seconds."""

    test: NotRequired[str | Sequence[str]]
    """A string runs as `/bin/sh -c` in the container; a list is argv, with or without `CMD` in front.
    Healthy: it exits with 0.
    """
    interval: NotRequired[int]
    """Seconds between two checks; default: 30."""
    timeout: NotRequired[int]
    """Seconds after which a check counts as failed; default: 30."""
    retries: NotRequired[int]
    """Failed checks in a row until the container is unhealthy; default: 3."""
    start_period: NotRequired[int]
    """Seconds after the start in which failed checks do not count; default: 0."""
    disable: NotRequired[bool]
    """`true` removes the health check of the image."""


class BatchedRunUlimitsValue(TypedDict):
    soft: int
    hard: int


class BuiltImage(TypedDict):
    id: str
    reference: str
    size: int
    """Bytes on the node."""
    node: str


class CommittedImage(TypedDict):
    id: str
    reference: str


class ConflictFailure(TypedDict):
    success: Literal[False]
    error: ConflictFailureError
    job_id: NotRequired[str]
    """Id of the job that the request created."""
    timestamp: str


class ConflictFailureError(TypedDict):
    message: str
    """What happened, and what to do."""
    code: Literal[409]
    """The HTTP status."""
    type: Literal["ConflictError"]
    details: NotRequired[Sequence[ErrorDetail]]
    """All errors in the request, one per entry."""
    job: NotRequired[ErrorJob]
    """The job that the error is about."""
    execution: NotRequired[Execution]
    """Output of the command until its time limit."""
    podman: NotRequired[str]
    """Podman's complete error message; only with DEBUG."""


class ConnectedContainer(TypedDict):
    name: str
    container: str
    connected: bool
    node: str


class ContainerAddFileRequest(TypedDict):
    dest_path: str
    """An absolute path without `..`; missing parent directories are created."""
    content: str
    """The content as a string, or in base64 with `encoding` `base64`."""
    encoding: NotRequired[Literal["utf8", "base64"]]
    """Encoding of `content`. Default: `utf8`."""
    mode: NotRequired[str]
    """Octal digits. Default: that of the file that is replaced, `0644` for a new one."""
    owner: NotRequired[str]
    """A user or uid, or `user:group`. Default: that of the file that is replaced, root for a new one."""
    callback_url: NotRequired[str]
    """A URL to which the job is sent when it has ended; its host must be in CALLBACK_HOSTS. Needs `Prefer:
    respond-async`. See docs/api.md.
    """


class ContainerAddUserRequest(TypedDict):
    username: str
    password: NotRequired[str]
    """Set with the container’s own tool; never in an argument list or a log."""
    shell: NotRequired[str]
    """Default: `/bin/bash` if the image has it, else `/bin/sh`."""
    uid: NotRequired[int]
    """Default: chosen by the tool. 409 if another user has it."""
    gid: NotRequired[int]
    """Id of the user’s own group, which is created if it does not exist. Default: chosen by the tool."""
    groups: NotRequired[Sequence[str]]
    """Names of further groups, which must exist."""
    home: NotRequired[str]
    """Default: `/home/` and the name. It is created if it does not exist."""
    callback_url: NotRequired[str]
    """A URL to which the job is sent when it has ended; its host must be in CALLBACK_HOSTS. Needs `Prefer:
    respond-async`. See docs/api.md.
    """


class ContainerChanges(TypedDict):
    name: str
    changes: Sequence[ContainerChangesChangesItem]
    truncated: bool
    """Whether there are more changes than the response holds."""


class ContainerChangesChangesItem(TypedDict):
    path: str
    kind: Literal["added", "changed", "deleted"]


class ContainerCommitRequest(TypedDict):
    reference: str
    """Name of the new image, such as `app:1`, which is short for `localhost/app:1`."""
    message: NotRequired[str]
    """Stored in the image."""
    author: NotRequired[str]
    """Stored in the image."""
    changes: NotRequired[Sequence[str]]
    """Instructions of a Containerfile for the image, such as `CMD ["sleep", "5"]`; not `ENV`."""
    pause: NotRequired[bool]
    """Pauses the container meanwhile, so that its files do not change; default: true."""
    callback_url: NotRequired[str]
    """A URL to which the job is sent when it has ended; its host must be in CALLBACK_HOSTS. Needs `Prefer:
    respond-async`. See docs/api.md.
    """


class ContainerCreateRequest(TypedDict):
    image: NotRequired[str]
    """An image reference, or the id of an image. Required without `pool`."""
    name: NotRequired[str]
    """Required without `pool`. A container of a pool has a generated name without it."""
    command: NotRequired[str | Sequence[str]]
    """A list is argv. A string is split into words as a shell does, but no shell runs it: one with an
    unquoted `&&`, `|`, `;`, `<`, `>`, `$NAME` or a backquote is refused. For a shell write `["sh",
    "-c", "..."]`.
    """
    environment: NotRequired[Mapping[str, str | float | bool]]
    """Variables. Their values are in no log, job or argument list. A name may have `.` and `-`, but a
    shell drops such variables: the programs that `sh` starts do not get them.
    """
    ports: NotRequired[Sequence[str] | Mapping[str, str | float | None | Sequence[str | float]]]
    """`{"8080": "80"}` (host: container), `{"80/tcp": 8080}` or `["127.0.0.1:8080:80/tcp",
    "8000-8002:80-82"]`; if the host port is 0, null or missing, podman chooses one.
    """
    volumes: NotRequired[Sequence[str] | Mapping[str, str | ContainerCreateRequestVolumesValue]]
    """`{"/host": "/container"}`, `{"name": {"bind": "/container", "mode": "ro"}}` or
    `["name:/container:ro", "/container"]`; a path alone is a new volume that is removed with the
    container. `z` and `Z` are for SELinux.
    """
    node: NotRequired[str]
    """The node for the container. Default: chosen by the API."""
    node_selector: NotRequired[Mapping[str, str]]
    """Labels that the chosen node must have."""
    ttl: NotRequired[int]
    """Seconds until the container is removed by force."""
    exec_ready: NotRequired[bool]
    """Opens an exec session right after the start, so that the first exec is as fast as later ones.
    Default: true if containers of the image usually get an exec soon after their start.
    """
    pool: NotRequired[str]
    """Takes a container of this pool, with `name`, `ttl` and `labels` only."""
    user: NotRequired[str]
    """A user or uid, or `user:group`."""
    entrypoint: NotRequired[str | Sequence[str]]
    """Instead of the image's entrypoint: a list, or a string that is split into words. `""` removes the
    image's.
    """
    work_dir: NotRequired[str]
    labels: NotRequired[Mapping[str, str]]
    """At most 64 KiB of names and values in all."""
    hostname: NotRequired[str]
    network: NotRequired[str]
    restart_policy: NotRequired[str]
    memory: NotRequired[int | str]
    """Bytes, or a string with a unit: `512m`, `1G`, `1.5g`, `2GiB`; units are powers of 1024."""
    cpus: NotRequired[float | str]
    """Number of CPUs, with at most two decimals: `0.5` or `"0.5"`."""
    pids_limit: NotRequired[int]
    """Maximum number of processes; -1: no limit."""
    cap_add: NotRequired[Sequence[str]]
    cap_drop: NotRequired[Sequence[str]]
    read_only: NotRequired[bool]
    """Makes the root file system read-only."""
    tmpfs: NotRequired[Sequence[str] | Mapping[str, str]]
    """File systems in memory: `["/run", "/tmp:size=64m,mode=1777"]` or `{"/tmp": "size=64m"}`."""
    init: NotRequired[bool]
    """Runs an init that reaps processes."""
    pull_policy: NotRequired[Literal["missing", "always", "never"]]
    """When the image is pulled; default: `missing`."""
    healthcheck: NotRequired[ContainerCreateRequestHealthcheck]
    """Checks the health of the container; times are in seconds."""
    shm_size: NotRequired[int | str]
    """Size of `/dev/shm`, written as `memory` is; default: 64 MiB."""
    ulimits: NotRequired[Mapping[str, int | ContainerCreateRequestUlimitsValue]]
    """`{"nofile": 1024}` or `{"nofile": {"soft": 1024, "hard": 2048}}`; -1 is no limit."""
    stop_signal: NotRequired[float | str]
    """Signal that stops the container, such as `SIGINT`; default: that of the image, else `SIGTERM`."""
    extra_hosts: NotRequired[Sequence[str] | Mapping[str, str]]
    """Lines for `/etc/hosts`: `["db:10.0.0.5"]` or `{"db": "10.0.0.5"}`; `host-gateway` is the address of
    the host (podman 4.7 and later).
    """
    dns: NotRequired[Sequence[str]]
    """Addresses of DNS servers, at most three."""
    platform: NotRequired[str]
    """Platform of the image, such as `linux/amd64` or `linux/arm/v7`; default: that of the node."""
    runtime: NotRequired[str]
    """An OCI runtime of the node that `ALLOWED_RUNTIMES` lists; default: podman's own default."""
    callback_url: NotRequired[str]
    """A URL to which the job is sent when it has ended; its host must be in CALLBACK_HOSTS. Needs `Prefer:
    respond-async`. See docs/api.md.
    """


class ContainerCreateRequestVolumesValue(TypedDict):
    bind: str
    mode: NotRequired[str]


class ContainerCreateRequestHealthcheck(TypedDict):
    """Checks the health of the container; times are in seconds."""

    test: NotRequired[str | Sequence[str]]
    """A string runs as `/bin/sh -c` in the container; a list is argv, with or without `CMD` in front.
    Healthy: it exits with 0.
    """
    interval: NotRequired[int]
    """Seconds between two checks; default: 30."""
    timeout: NotRequired[int]
    """Seconds after which a check counts as failed; default: 30."""
    retries: NotRequired[int]
    """Failed checks in a row until the container is unhealthy; default: 3."""
    start_period: NotRequired[int]
    """Seconds after the start in which failed checks do not count; default: 0."""
    disable: NotRequired[bool]
    """`true` removes the health check of the image."""


class ContainerCreateRequestUlimitsValue(TypedDict):
    soft: int
    hard: int


class ContainerDetails(TypedDict):
    id: str
    name: str
    status: str
    health: Literal["none", "starting", "healthy", "unhealthy"]
    """Result of the health check; `none` if there is no health check, or the container does not run."""
    image: str
    image_id: str
    command: Sequence[str]
    """Arguments after the entrypoint: those of the create request, else the image's."""
    entrypoint: Sequence[str]
    created: str
    expires_at: str | None
    """When the container is removed by force; null if never."""
    started: str | None
    finished: str | None
    exit_code: int | None
    """The exit code, if the container has exited."""
    oom_killed: bool
    restart_count: int
    environment: Mapping[str, str]
    """Values are masked, except those of variables that hold no secret."""
    ports: Sequence[Port]
    volumes: Sequence[Mount]
    """Paths of the host are not included."""
    networks: Mapping[str, str]
    """Networks and the container's address in each."""
    labels: Mapping[str, str]
    user: str
    work_dir: str
    hostname: str
    restart_policy: str
    read_only: bool
    memory: int
    """Bytes; 0 is no limit."""
    cpus: float
    """0 is no limit."""
    pids_limit: int
    """0 is no limit."""
    cap_add: Sequence[str]
    cap_drop: Sequence[str]
    node: str


class ContainerExecRequest(TypedDict):
    command: str | Sequence[str]
    """A string runs as `sh -c <string>` in the container; a list is argv, with no shell."""
    user: NotRequired[str]
    """A user or uid, or `user:group`; default: the user of the container."""
    environment: NotRequired[Mapping[str, str | float | bool]]
    """Variables. Their values are in no log, job or argument list. A name may have `.` and `-`, but a
    shell drops such variables: the programs that `sh` starts do not get them.
    """
    work_dir: NotRequired[str]
    stdin: NotRequired[str]
    """Text for the stdin of the command."""
    timeout: NotRequired[int]
    """Time limit of the command in seconds; default: `JOB_TIMEOUT`."""
    stop_timeout: NotRequired[int]
    """Seconds between SIGTERM and SIGKILL when the time limit is reached or the job is cancelled; default:
    2.
    """
    encoding: NotRequired[Literal["utf8", "base64"]]
    """Encoding of the output in the response; default: `utf8`."""
    callback_url: NotRequired[str]
    """A URL to which the job is sent when it has ended; its host must be in CALLBACK_HOSTS. Needs `Prefer:
    respond-async`. See docs/api.md.
    """


class ContainerFile(TypedDict):
    path: str
    """Without symbolic links. U+FFFD stands for bytes that are not UTF-8, also in `name` and
    `symlink_target`.
    """
    name: str
    type: Literal["file", "directory", "symlink", "pipe", "socket", "block_device", "character_device"]
    size: int
    """Bytes."""
    mode: str
    owner: str | None
    """`null` if the container has no name for the uid."""
    group: str | None
    uid: int
    gid: int
    modified_at: str
    symlink_target: str | None
    """`null` unless it is a symbolic link."""


class ContainerKillRequest(TypedDict):
    signal: NotRequired[float | str]
    """Name or number of a signal, such as `SIGHUP`, `HUP` or 1. Default: `SIGKILL`."""
    callback_url: NotRequired[str]
    """A URL to which the job is sent when it has ended; its host must be in CALLBACK_HOSTS. Needs `Prefer:
    respond-async`. See docs/api.md.
    """


class ContainerLogs(TypedDict):
    name: str
    logs: str
    truncated: bool


class ContainerMakeDirectoryRequest(TypedDict):
    path: str
    """An absolute path in the container, without `..`."""
    mode: NotRequired[str]
    """Octal digits. Default: `0755` for a new directory."""
    owner: NotRequired[str]
    """A user or uid, or `user:group`. Default: root for a new directory."""
    callback_url: NotRequired[str]
    """A URL to which the job is sent when it has ended; its host must be in CALLBACK_HOSTS. Needs `Prefer:
    respond-async`. See docs/api.md.
    """


ContainerMoveFileRequest = TypedDict(
    "ContainerMoveFileRequest",
    {
        "from": "str",
        "to": "str",
        "callback_url": NotRequired["str"],
    },
)


class ContainerProcess(TypedDict):
    pid: int
    """In the container."""
    ppid: int
    user: str
    state: str
    """A letter, such as `R` for running or `S` for sleeping."""
    cpu_percent: float
    """CPU usage since the process started, in percent of one CPU."""
    elapsed_seconds: float
    rss: int
    """Resident memory in bytes."""
    command: str


class ContainerProcesses(TypedDict):
    name: str
    processes: Sequence[ContainerProcess]
    truncated: bool
    """Whether there are more processes than the response holds."""


class ContainerPruneRequest(TypedDict):
    label: NotRequired[Sequence[str] | str]
    until: NotRequired[str]
    """Only containers created before this time: RFC 3339, seconds since 1970, or an age such as `24h`."""
    callback_url: NotRequired[str]
    """A URL to which the job is sent when it has ended; its host must be in CALLBACK_HOSTS. Needs `Prefer:
    respond-async`. See docs/api.md.
    """


class ContainerRenameRequest(TypedDict):
    new_name: str
    """A name that no other container of the fleet has."""
    callback_url: NotRequired[str]
    """A URL to which the job is sent when it has ended; its host must be in CALLBACK_HOSTS. Needs `Prefer:
    respond-async`. See docs/api.md.
    """


class ContainerRenewRequest(TypedDict):
    ttl: int
    callback_url: NotRequired[str]
    """A URL to which the job is sent when it has ended; its host must be in CALLBACK_HOSTS. Needs `Prefer:
    respond-async`. See docs/api.md.
    """


class ContainerStats(TypedDict):
    id: str
    name: str
    read_at: str
    cpu_percent: float
    """CPU usage in percent of one CPU: 150 is one and a half CPUs. The average since the container
    started; in a stream, since the previous event.
    """
    cpu_ms: int
    """CPU time since the container started, in ms."""
    memory: int
    """Bytes in use."""
    memory_limit: int
    """Bytes; the host's memory if the container has no limit."""
    network_input: int
    """Bytes received."""
    network_output: int
    """Bytes sent."""
    block_input: int
    """Bytes read from block devices."""
    block_output: int
    """Bytes written to block devices."""
    pids: int
    """Processes and threads."""


class ContainerUpdateRequest(TypedDict):
    memory: NotRequired[int | str]
    """Bytes, or a string with a unit: `512m`, `1G`, `1.5g`, `2GiB`; units are powers of 1024."""
    cpus: NotRequired[float | str]
    """Number of CPUs, with at most two decimals: `0.5` or `"0.5"`."""
    pids_limit: NotRequired[int]
    """Maximum number of processes; -1: no limit."""
    restart_policy: NotRequired[str]
    callback_url: NotRequired[str]
    """A URL to which the job is sent when it has ended; its host must be in CALLBACK_HOSTS. Needs `Prefer:
    respond-async`. See docs/api.md.
    """


class CreatedContainer(TypedDict):
    id: str
    name: str
    status: Literal["running"]
    ports: NotRequired[Sequence[Port]]
    """Published ports, if podman chose any of them."""
    warm: NotRequired[bool]
    """With `pool`: whether an idle container of the pool was taken. Otherwise it was created now."""


class DisconnectedContainer(TypedDict):
    name: str
    container: str
    connected: bool
    node: str


class ErrorDetail(TypedDict):
    path: str
    message: str


class ErrorJob(TypedDict):
    id: str
    status: NotRequired[Literal["queued", "running", "succeeded", "failed", "timed_out", "cancelled", "withdrawn", "unknown"]]
    url: NotRequired[str]


class Execution(TypedDict):
    exit_code: int | None
    """The observed exit code; null if none was observed."""
    success: bool
    """Whether the exit code is 0."""
    output: str
    """stdout and stderr in the order of their arrival."""
    stdout: str
    stderr: str
    truncated: bool
    """Whether the output was cut off here; `GET /jobs/:id/output` returns more of it."""
    duration_ms: int


class ExportedImage(TypedDict):
    reference: str
    size: int
    """Bytes that were sent."""
    node: str


class ExtractedArchive(TypedDict):
    path: str
    """The directory, without symbolic links."""
    entries: int
    """Files, directories and links in the archive."""
    size: int
    """Bytes of all files."""


class FailedNode(TypedDict):
    node: str
    job_id: NotRequired[str]
    """Its job; absent if none could be added."""
    error: FailedNodeError


class FailedNodeError(TypedDict):
    message: str
    """What happened, and what to do."""
    code: Literal[400, 401, 403, 404, 405, 408, 409, 413, 415, 416, 422, 429, 500, 503]
    """The HTTP status."""
    type: Literal["ValidationError", "UnauthorizedError", "ForbiddenError", "NotFoundError", "MethodNotAllowedError", "TimeoutError", "ConflictError", "PayloadTooLargeError", "UnsupportedMediaTypeError", "RangeError", "IdempotencyError", "RateLimitError", "PodmanAPIError", "InternalError", "ServiceUnavailableError"]
    details: NotRequired[Sequence[ErrorDetail]]
    """All errors in the request, one per entry."""
    job: NotRequired[ErrorJob]
    """The job that the error is about."""
    execution: NotRequired[Execution]
    """Output of the command until its time limit."""
    podman: NotRequired[str]
    """Podman's complete error message; only with DEBUG."""


class FinishedRun(TypedDict):
    exit_code: int
    """The observed exit code; 128 and the number of the signal if one ended the command."""
    success: bool
    """Whether the exit code is 0 and the time limit was not reached."""
    stdout: str
    stderr: str
    output: str
    """stdout and stderr in the order of their arrival."""
    truncated: bool
    """Whether the output was cut off here; `GET /jobs/:id/output` returns more of it."""
    duration_ms: int
    timed_out: bool
    """Whether the command was ended at its time limit."""
    oom_killed: bool
    """Whether the kernel killed one of its processes because of the memory limit."""
    usage: RunUsage
    files: Sequence[OutputFile | UnreadOutputFile]
    """The files of `outputs`, in their order."""
    container: NotRequired[FinishedRunContainer]
    """The container, if it was kept."""


class FinishedRunContainer(TypedDict):
    """The container, if it was kept."""

    id: str
    name: str


class ForbiddenFailure(TypedDict):
    success: Literal[False]
    error: ForbiddenFailureError
    job_id: NotRequired[str]
    """Id of the job that the request created."""
    timestamp: str


class ForbiddenFailureError(TypedDict):
    message: str
    """What happened, and what to do."""
    code: Literal[403]
    """The HTTP status."""
    type: Literal["ForbiddenError"]
    details: NotRequired[Sequence[ErrorDetail]]
    """All errors in the request, one per entry."""
    job: NotRequired[ErrorJob]
    """The job that the error is about."""
    execution: NotRequired[Execution]
    """Output of the command until its time limit."""
    podman: NotRequired[str]
    """Podman's complete error message; only with DEBUG."""


class ImageDetails(TypedDict):
    id: str
    references: Sequence[str]
    digest: str
    size: int
    """Bytes on the node."""
    created: str
    architecture: str
    os: str
    environment: Mapping[str, str]
    entrypoint: Sequence[str]
    command: Sequence[str]
    user: str
    work_dir: str
    exposed_ports: Sequence[str]
    """Such as `80/tcp`."""
    labels: Mapping[str, str]
    node: str


class ImagePruneRequest(TypedDict):
    all: NotRequired[bool]
    """Also images with a name; default: only dangling ones."""
    until: NotRequired[str]
    """Only images created before this time, or older than this age."""
    label: NotRequired[Sequence[str] | str]
    callback_url: NotRequired[str]
    """A URL to which the job is sent when it has ended; its host must be in CALLBACK_HOSTS. Needs `Prefer:
    respond-async`. See docs/api.md.
    """


class ImagePullRequest(TypedDict):
    reference: str
    """An image reference, such as `docker.io/library/alpine:3.20`."""
    pull_policy: NotRequired[Literal["always", "missing"]]
    """`missing` queries the registry only if the node has no such image; default: `always`."""
    credentials: NotRequired[ImagePullRequestCredentials]
    """Login at the registry. It is in no log, job or argument list. Default: the login of the host
    (`podman login`).
    """
    node: NotRequired[str]
    """The node. Default: the least loaded."""
    node_selector: NotRequired[Mapping[str, str]]
    """Runs on all nodes with these labels."""
    all_nodes: NotRequired[bool]
    """Runs on all nodes."""
    callback_url: NotRequired[str]
    """A URL to which the job is sent when it has ended; its host must be in CALLBACK_HOSTS. Needs `Prefer:
    respond-async`. See docs/api.md.
    """


class ImagePullRequestCredentials(TypedDict):
    """Login at the registry. It is in no log, job or argument list. Default: the login of the host
    (`podman login`).
    """

    username: str
    password: str


class ImagePushRequest(TypedDict):
    reference: str
    """A name of the image with its registry; `POST /images/{source}/tag` gives it one."""
    credentials: NotRequired[ImagePushRequestCredentials]
    """Login at the registry. It is in no log, job or argument list. Default: the login of the host
    (`podman login`).
    """
    callback_url: NotRequired[str]
    """A URL to which the job is sent when it has ended; its host must be in CALLBACK_HOSTS. Needs `Prefer:
    respond-async`. See docs/api.md.
    """


class ImagePushRequestCredentials(TypedDict):
    """Login at the registry. It is in no log, job or argument list. Default: the login of the host
    (`podman login`).
    """

    username: str
    password: str


class ImageTagRequest(TypedDict):
    reference: str
    """The new name. Another image that has this name loses it."""
    callback_url: NotRequired[str]
    """A URL to which the job is sent when it has ended; its host must be in CALLBACK_HOSTS. Needs `Prefer:
    respond-async`. See docs/api.md.
    """


class InternalServerErrorFailure(TypedDict):
    success: Literal[False]
    error: InternalServerErrorFailureError
    job_id: NotRequired[str]
    """Id of the job that the request created."""
    timestamp: str


class InternalServerErrorFailureError(TypedDict):
    message: str
    """What happened, and what to do."""
    code: Literal[500]
    """The HTTP status."""
    type: Literal["PodmanAPIError", "InternalError"]
    details: NotRequired[Sequence[ErrorDetail]]
    """All errors in the request, one per entry."""
    job: NotRequired[ErrorJob]
    """The job that the error is about."""
    execution: NotRequired[Execution]
    """Output of the command until its time limit."""
    podman: NotRequired[str]
    """Podman's complete error message; only with DEBUG."""


class Job(TypedDict):
    id: str
    operation: str
    """For example `container.exec`."""
    container: str | None
    node: str
    status: Literal["queued", "running", "succeeded", "failed", "timed_out", "cancelled", "withdrawn", "unknown"]
    created_at: str
    started_at: str | None
    finished_at: str | None
    attempts: int
    request_id: str
    token: str | None
    """The name of the token of the request; null if no tokens are used."""
    url: str
    """The path at which the job can be read."""
    result: NotRequired[Rehearsal | CreatedContainer | Sequence[ListedContainer] | ContainerDetails | RemovedContainer | Sequence[PrunedContainer] | StartedContainer | StoppedContainer | RestartedContainer | KilledContainer | PausedContainer | UnpausedContainer | RenamedContainer | UpdatedContainer | CommittedImage | RenewedContainer | WaitedContainer | ContainerProcesses | ContainerStats | ContainerChanges | ContainerLogs | AddedUser | AddedFile | SentFile | ContainerFile | SentArchive | ExtractedArchive | RemovedFile | Sequence[ContainerFile] | Execution | TerminalEnd | FinishedRun | PulledImage | Sequence[ListedImage] | ExportedImage | ImageDetails | RemovedImage | TaggedImage | PushedImage | Sequence[PrunedImage] | Sequence[LoadedImage] | BuiltImage | VolumeDetails | Sequence[Volume] | RemovedVolume | Sequence[PrunedVolume] | NetworkDetails | Sequence[Network] | RemovedNetwork | Sequence[PrunedNetwork] | ConnectedContainer | DisconnectedContainer]
    """The result of the operation, if the job has succeeded."""
    error: NotRequired[JobError]
    """The error, if the job has not succeeded."""


class JobError(TypedDict):
    message: str
    """What happened, and what to do."""
    code: Literal[400, 401, 403, 404, 405, 408, 409, 413, 415, 416, 422, 429, 500, 503]
    """The HTTP status."""
    type: Literal["ValidationError", "UnauthorizedError", "ForbiddenError", "NotFoundError", "MethodNotAllowedError", "TimeoutError", "ConflictError", "PayloadTooLargeError", "UnsupportedMediaTypeError", "RangeError", "IdempotencyError", "RateLimitError", "PodmanAPIError", "InternalError", "ServiceUnavailableError"]
    details: NotRequired[Sequence[ErrorDetail]]
    """All errors in the request, one per entry."""
    job: NotRequired[ErrorJob]
    """The job that the error is about."""
    execution: NotRequired[Execution]
    """Output of the command until its time limit."""
    podman: NotRequired[str]
    """Podman's complete error message; only with DEBUG."""


class JobReference(TypedDict):
    id: str
    url: str
    """The path at which the job can be read."""


class KilledContainer(TypedDict):
    name: str
    signal: str


class ListedContainer(TypedDict):
    id: str
    name: str
    status: str
    health: Literal["none", "starting", "healthy", "unhealthy"]
    """Result of the health check; `none` if there is no health check, or the container does not run."""
    image: str
    command: Sequence[str]
    """Arguments after the entrypoint: those of the create request, else the image's."""
    created: str
    expires_at: str | None
    """When the container is removed by force; null if never."""
    ports: Sequence[Port]
    labels: Mapping[str, str]
    node: str
    exit_code: int | None
    """The exit code, if the container has exited."""
    truncated: bool
    """Whether its command, labels or ports are too large for a list and were left out; `GET
    /containers/:name` has them.
    """


class ListedImage(TypedDict):
    id: str
    references: Sequence[str]
    """Its names; none if it is dangling."""
    digest: str
    """Digest of its manifest."""
    size: int
    """Bytes on the node."""
    created: str
    labels: Mapping[str, str]
    in_use: bool
    """Whether a container uses it, running or stopped."""
    node: str


class ListedJob(TypedDict):
    id: str
    operation: str
    """For example `container.exec`."""
    container: str | None
    node: str
    status: Literal["queued", "running", "succeeded", "failed", "timed_out", "cancelled", "withdrawn", "unknown"]
    created_at: str
    started_at: str | None
    finished_at: str | None
    attempts: int
    request_id: str
    token: str | None
    """The name of the token of the request; null if no tokens are used."""
    url: str
    """The path at which the job can be read."""
    error: NotRequired[ListedJobError]


class ListedJobError(TypedDict):
    message: str
    type: Literal["ValidationError", "UnauthorizedError", "ForbiddenError", "NotFoundError", "MethodNotAllowedError", "TimeoutError", "ConflictError", "PayloadTooLargeError", "UnsupportedMediaTypeError", "RangeError", "IdempotencyError", "RateLimitError", "PodmanAPIError", "InternalError", "ServiceUnavailableError"]


class LoadedImage(TypedDict):
    id: str
    reference: str
    """Its name; its id with `sha256:` if it has none in the archive."""
    digest: str
    size: int
    """Bytes on the node."""
    node: str


class Mount(TypedDict):
    type: str
    name: str | None
    target: str
    mode: Literal["ro", "rw"]


class Network(TypedDict):
    id: str
    name: str
    driver: str
    subnets: Sequence[NetworkSubnetsItem]
    internal: bool
    """Whether the network is isolated: its containers cannot reach anything outside it."""
    ipv6: bool
    dns_enabled: bool
    """Whether containers find one another by name."""
    labels: Mapping[str, str]
    options: Mapping[str, str]
    created: str
    """For podman's default network it may be the time of the response: netavark does not store the
    creation time.
    """
    in_use: bool
    """Whether a container is connected to it, running or stopped. Podman's default network always counts
    as used.
    """
    node: str


class NetworkSubnetsItem(TypedDict):
    subnet: str
    gateway: str | None


class NetworkConnectRequest(TypedDict):
    container: str
    """The container's name or id, running or stopped."""
    aliases: NotRequired[Sequence[str]]
    """More names of the container in this network."""
    callback_url: NotRequired[str]
    """A URL to which the job is sent when it has ended; its host must be in CALLBACK_HOSTS. Needs `Prefer:
    respond-async`. See docs/api.md.
    """


class NetworkCreateRequest(TypedDict):
    name: str
    driver: NotRequired[Literal["bridge"]]
    subnet: NotRequired[str]
    """A range of private addresses, such as `10.89.1.0/24`. Default: one that the node does not use."""
    gateway: NotRequired[str]
    """An address of the subnet. Default: its first."""
    internal: NotRequired[bool]
    """Whether the network is isolated: its containers cannot reach anything outside it. Default: false."""
    ipv6: NotRequired[bool]
    """Whether containers get an IPv6 address too. Default: false."""
    dns_enabled: NotRequired[bool]
    """Whether containers find one another by name. Default: true."""
    labels: NotRequired[Mapping[str, str]]
    """At most 64 KiB of names and values in all."""
    options: NotRequired[NetworkCreateRequestOptions]
    node: NotRequired[str]
    """The node for the network. Default: chosen by the API."""
    node_selector: NotRequired[Mapping[str, str]]
    """Labels that the chosen node must have."""
    callback_url: NotRequired[str]
    """A URL to which the job is sent when it has ended; its host must be in CALLBACK_HOSTS. Needs `Prefer:
    respond-async`. See docs/api.md.
    """


class NetworkCreateRequestOptions(TypedDict):
    mtu: NotRequired[int]
    """Largest packet in bytes."""
    isolate: NotRequired[bool]
    """Isolates the network from other isolated networks."""


class NetworkDetails(TypedDict):
    id: str
    name: str
    driver: str
    subnets: Sequence[NetworkDetailsSubnetsItem]
    internal: bool
    """Whether the network is isolated: its containers cannot reach anything outside it."""
    ipv6: bool
    dns_enabled: bool
    """Whether containers find one another by name."""
    labels: Mapping[str, str]
    options: Mapping[str, str]
    created: str
    """For podman's default network it may be the time of the response: netavark does not store the
    creation time.
    """
    in_use: bool
    """Whether a container is connected to it, running or stopped. Podman's default network always counts
    as used.
    """
    node: str
    containers: Sequence[str]
    """The containers that are connected to it, running and stopped."""


class NetworkDetailsSubnetsItem(TypedDict):
    subnet: str
    gateway: str | None


class NetworkDisconnectRequest(TypedDict):
    container: str
    """The container's name or id, running or stopped."""
    force: NotRequired[bool]
    """Podman's `--force`. Default: false."""
    callback_url: NotRequired[str]
    """A URL to which the job is sent when it has ended; its host must be in CALLBACK_HOSTS. Needs `Prefer:
    respond-async`. See docs/api.md.
    """


class NetworkPruneRequest(TypedDict):
    label: NotRequired[Sequence[str] | str]
    callback_url: NotRequired[str]
    """A URL to which the job is sent when it has ended; its host must be in CALLBACK_HOSTS. Needs `Prefer:
    respond-async`. See docs/api.md.
    """


class Node(TypedDict):
    name: str
    status: Literal["ready", "draining", "offline"]
    """`draining`: gets no new containers; `offline`: has no running worker."""
    podman: Literal["connected", "disconnected"]
    """Whether podman works there."""
    podman_version: str | None
    labels: Mapping[str, str]
    """Labels for `node_selector`."""
    arch: str
    cpus: int
    memory: int
    """Bytes."""
    workers: int
    """Running worker processes."""
    max_workers: int
    """podman commands that all workers of the node together can run at once."""
    running: int
    """podman commands that are running."""
    queued: int
    """Jobs that wait for the node."""
    containers: int | None
    """Running and stopped containers; null if unknown."""
    last_seen: str


class NotFoundFailure(TypedDict):
    success: Literal[False]
    error: NotFoundFailureError
    job_id: NotRequired[str]
    """Id of the job that the request created."""
    timestamp: str


class NotFoundFailureError(TypedDict):
    message: str
    """What happened, and what to do."""
    code: Literal[404]
    """The HTTP status."""
    type: Literal["NotFoundError"]
    details: NotRequired[Sequence[ErrorDetail]]
    """All errors in the request, one per entry."""
    job: NotRequired[ErrorJob]
    """The job that the error is about."""
    execution: NotRequired[Execution]
    """Output of the command until its time limit."""
    podman: NotRequired[str]
    """Podman's complete error message; only with DEBUG."""


class OutputFile(TypedDict):
    path: str
    size: int
    """Bytes."""
    content: str
    encoding: Literal["utf8", "base64"]
    """`base64` if the file is not UTF-8."""


class PausedContainer(TypedDict):
    name: str
    status: Literal["paused"]


class PayloadTooLargeFailure(TypedDict):
    success: Literal[False]
    error: PayloadTooLargeFailureError
    job_id: NotRequired[str]
    """Id of the job that the request created."""
    timestamp: str


class PayloadTooLargeFailureError(TypedDict):
    message: str
    """What happened, and what to do."""
    code: Literal[413]
    """The HTTP status."""
    type: Literal["PayloadTooLargeError"]
    details: NotRequired[Sequence[ErrorDetail]]
    """All errors in the request, one per entry."""
    job: NotRequired[ErrorJob]
    """The job that the error is about."""
    execution: NotRequired[Execution]
    """Output of the command until its time limit."""
    podman: NotRequired[str]
    """Podman's complete error message; only with DEBUG."""


class Pool(TypedDict):
    name: str
    size: int
    """Idle containers that each node keeps."""
    idle: int
    """Containers that can be claimed now, on all nodes together."""
    max_idle_seconds: int | None
    """Idle containers are replaced after this time; null if never."""
    node_selector: Mapping[str, str]
    container: Mapping[str, Any]
    """Fields of `POST /containers`; values of environment variables are masked."""
    nodes: Sequence[PoolNodesItem]
    """The ready nodes that match `node_selector`."""
    created_at: str
    updated_at: str


class PoolNodesItem(TypedDict):
    node: str
    idle: int
    error: str | None
    """Why the last container could not be created or kept; null if it could."""
    retry_at: str | None
    """When the next attempt is made after a failure."""


class PoolPutRequest(TypedDict):
    size: int
    """Idle containers that each matching node keeps."""
    max_idle_seconds: NotRequired[int]
    """Idle containers are replaced after this time. Default: never."""
    node_selector: NotRequired[Mapping[str, str]]
    """Labels of the nodes that keep containers. Default: all nodes."""
    container: PoolPutRequestContainer
    """Fields of `POST /containers` without `name`, `ttl`, `node`, `node_selector`, `exec_ready` and
    `dry_run`.
    """


class PoolPutRequestContainer(TypedDict):
    """Fields of `POST /containers` without `name`, `ttl`, `node`, `node_selector`, `exec_ready` and
    `dry_run`.
    """

    image: str
    """An image reference, or the id of an image."""
    name: NotRequired[Any]
    command: NotRequired[str | Sequence[str]]
    """A list is argv. A string is split into words as a shell does, but no shell runs it: one with an
    unquoted `&&`, `|`, `;`, `<`, `>`, `$NAME` or a backquote is refused. For a shell write `["sh",
    "-c", "..."]`.
    """
    environment: NotRequired[Mapping[str, str | float | bool]]
    """Variables. Their values are in no log, job or argument list. A name may have `.` and `-`, but a
    shell drops such variables: the programs that `sh` starts do not get them.
    """
    ports: NotRequired[Sequence[str] | Mapping[str, str | float | None | Sequence[str | float]]]
    """`{"8080": "80"}` (host: container), `{"80/tcp": 8080}` or `["127.0.0.1:8080:80/tcp",
    "8000-8002:80-82"]`; if the host port is 0, null or missing, podman chooses one.
    """
    volumes: NotRequired[Sequence[str] | Mapping[str, str | PoolPutRequestContainerVolumesValue]]
    """`{"/host": "/container"}`, `{"name": {"bind": "/container", "mode": "ro"}}` or
    `["name:/container:ro", "/container"]`; a path alone is a new volume that is removed with the
    container. `z` and `Z` are for SELinux.
    """
    node: NotRequired[Any]
    node_selector: NotRequired[Any]
    ttl: NotRequired[Any]
    exec_ready: NotRequired[Any]
    pool: NotRequired[Any]
    dry_run: NotRequired[Any]
    user: NotRequired[str]
    """A user or uid, or `user:group`."""
    entrypoint: NotRequired[str | Sequence[str]]
    """Instead of the image's entrypoint: a list, or a string that is split into words. `""` removes the
    image's.
    """
    work_dir: NotRequired[str]
    labels: NotRequired[Mapping[str, str]]
    """At most 64 KiB of names and values in all."""
    hostname: NotRequired[str]
    network: NotRequired[str]
    restart_policy: NotRequired[str]
    memory: NotRequired[int | str]
    """Bytes, or a string with a unit: `512m`, `1G`, `1.5g`, `2GiB`; units are powers of 1024."""
    cpus: NotRequired[float | str]
    """Number of CPUs, with at most two decimals: `0.5` or `"0.5"`."""
    pids_limit: NotRequired[int]
    """Maximum number of processes; -1: no limit."""
    cap_add: NotRequired[Sequence[str]]
    cap_drop: NotRequired[Sequence[str]]
    read_only: NotRequired[bool]
    """Makes the root file system read-only."""
    tmpfs: NotRequired[Sequence[str] | Mapping[str, str]]
    """File systems in memory: `["/run", "/tmp:size=64m,mode=1777"]` or `{"/tmp": "size=64m"}`."""
    init: NotRequired[bool]
    """Runs an init that reaps processes."""
    pull_policy: NotRequired[Literal["missing", "always", "never"]]
    """When the image is pulled; default: `missing`."""
    healthcheck: NotRequired[PoolPutRequestContainerHealthcheck]
    """Checks the health of the container; times are in seconds."""
    shm_size: NotRequired[int | str]
    """Size of `/dev/shm`, written as `memory` is; default: 64 MiB."""
    ulimits: NotRequired[Mapping[str, int | PoolPutRequestContainerUlimitsValue]]
    """`{"nofile": 1024}` or `{"nofile": {"soft": 1024, "hard": 2048}}`; -1 is no limit."""
    stop_signal: NotRequired[float | str]
    """Signal that stops the container, such as `SIGINT`; default: that of the image, else `SIGTERM`."""
    extra_hosts: NotRequired[Sequence[str] | Mapping[str, str]]
    """Lines for `/etc/hosts`: `["db:10.0.0.5"]` or `{"db": "10.0.0.5"}`; `host-gateway` is the address of
    the host (podman 4.7 and later).
    """
    dns: NotRequired[Sequence[str]]
    """Addresses of DNS servers, at most three."""
    platform: NotRequired[str]
    """Platform of the image, such as `linux/amd64` or `linux/arm/v7`; default: that of the node."""
    runtime: NotRequired[str]
    """An OCI runtime of the node that `ALLOWED_RUNTIMES` lists; default: podman's own default."""


class PoolPutRequestContainerVolumesValue(TypedDict):
    bind: str
    mode: NotRequired[str]


class PoolPutRequestContainerHealthcheck(TypedDict):
    """Checks the health of the container; times are in seconds."""

    test: NotRequired[str | Sequence[str]]
    """A string runs as `/bin/sh -c` in the container; a list is argv, with or without `CMD` in front.
    Healthy: it exits with 0.
    """
    interval: NotRequired[int]
    """Seconds between two checks; default: 30."""
    timeout: NotRequired[int]
    """Seconds after which a check counts as failed; default: 30."""
    retries: NotRequired[int]
    """Failed checks in a row until the container is unhealthy; default: 3."""
    start_period: NotRequired[int]
    """Seconds after the start in which failed checks do not count; default: 0."""
    disable: NotRequired[bool]
    """`true` removes the health check of the image."""


class PoolPutRequestContainerUlimitsValue(TypedDict):
    soft: int
    hard: int


class Port(TypedDict):
    host_ip: str
    """`0.0.0.0` for all addresses of the host."""
    host_port: int
    container_port: int
    protocol: Literal["tcp", "udp", "sctp"]


class PrunedContainer(TypedDict):
    id: str
    name: str
    node: str
    removed: bool
    error: str | None
    """Why it was not removed; null if it was."""


class PrunedImage(TypedDict):
    id: str
    references: Sequence[str]
    """The names that it had."""
    size: int
    """Bytes; layers that other images share remain."""
    node: str


class PrunedNetwork(TypedDict):
    name: str
    removed: Literal[True]
    node: str


class PrunedVolume(TypedDict):
    name: str
    removed: Literal[True]
    node: str


class PulledImage(TypedDict):
    id: str
    reference: str
    digest: str
    """Digest of its manifest, such as `sha256:…`."""
    size: int
    """Bytes on the node."""
    node: str


class PushedImage(TypedDict):
    id: str
    reference: str
    node: str


class RangeNotSatisfiableFailure(TypedDict):
    success: Literal[False]
    error: RangeNotSatisfiableFailureError
    job_id: NotRequired[str]
    """Id of the job that the request created."""
    timestamp: str


class RangeNotSatisfiableFailureError(TypedDict):
    message: str
    """What happened, and what to do."""
    code: Literal[416]
    """The HTTP status."""
    type: Literal["RangeError"]
    details: NotRequired[Sequence[ErrorDetail]]
    """All errors in the request, one per entry."""
    job: NotRequired[ErrorJob]
    """The job that the error is about."""
    execution: NotRequired[Execution]
    """Output of the command until its time limit."""
    podman: NotRequired[str]
    """Podman's complete error message; only with DEBUG."""


class Rehearsal(TypedDict):
    name: str
    status: Literal["would be created"]
    image: Literal["present", "would be pulled"]


class RemovedContainer(TypedDict):
    name: str
    removed: Literal[True]


class RemovedFile(TypedDict):
    path: str
    removed: Literal[True]


class RemovedImage(TypedDict):
    reference: str
    removed: Literal[True]
    node: str


class RemovedNetwork(TypedDict):
    name: str
    removed: Literal[True]
    node: str


class RemovedVolume(TypedDict):
    name: str
    removed: Literal[True]
    node: str


class RenamedContainer(TypedDict):
    id: str
    name: str


class RenewedContainer(TypedDict):
    id: str
    name: str
    expires_at: str


class RequestTimeoutFailure(TypedDict):
    success: Literal[False]
    error: RequestTimeoutFailureError
    job_id: NotRequired[str]
    """Id of the job that the request created."""
    timestamp: str


class RequestTimeoutFailureError(TypedDict):
    message: str
    """What happened, and what to do."""
    code: Literal[408]
    """The HTTP status."""
    type: Literal["TimeoutError"]
    details: NotRequired[Sequence[ErrorDetail]]
    """All errors in the request, one per entry."""
    job: NotRequired[ErrorJob]
    """The job that the error is about."""
    execution: NotRequired[Execution]
    """Output of the command until its time limit."""
    podman: NotRequired[str]
    """Podman's complete error message; only with DEBUG."""


class RestartedContainer(TypedDict):
    name: str
    status: Literal["started"]


class RunCreateBatchRequest(TypedDict):
    runs: Sequence[BatchedRun]
    """Runs as in `POST /runs`."""
    callback_url: NotRequired[str]
    """A URL to which each job is sent when it has ended; its host must be in CALLBACK_HOSTS."""


class RunCreateRequest(TypedDict):
    image: str
    """An image reference, or the id of an image."""
    command: NotRequired[str | Sequence[str]]
    """A list is argv. A string is split into words as a shell does, but no shell runs it: one with an
    unquoted `&&`, `|`, `;`, `<`, `>`, `$NAME` or a backquote is refused. For a shell write `["sh",
    "-c", "..."]`.
    """
    environment: NotRequired[Mapping[str, str | float | bool]]
    """Variables. Their values are in no log, job or argument list. A name may have `.` and `-`, but a
    shell drops such variables: the programs that `sh` starts do not get them.
    """
    ports: NotRequired[Sequence[str] | Mapping[str, str | float | None | Sequence[str | float]]]
    """`{"8080": "80"}` (host: container), `{"80/tcp": 8080}` or `["127.0.0.1:8080:80/tcp",
    "8000-8002:80-82"]`; if the host port is 0, null or missing, podman chooses one.
    """
    volumes: NotRequired[Sequence[str] | Mapping[str, str | RunCreateRequestVolumesValue]]
    """`{"/host": "/container"}`, `{"name": {"bind": "/container", "mode": "ro"}}` or
    `["name:/container:ro", "/container"]`; a path alone is a new volume that is removed with the
    container. `z` and `Z` are for SELinux.
    """
    node: NotRequired[str]
    """The node for the container. Default: chosen by the API."""
    node_selector: NotRequired[Mapping[str, str]]
    """Labels that the chosen node must have."""
    stdin: NotRequired[str]
    """Text for the stdin of the command. Default: empty."""
    files: NotRequired[Sequence[RunCreateRequestFilesItem]]
    """Files that are in the container before the command starts. They and their new directories belong to
    root.
    """
    timeout: NotRequired[int]
    """Time limit of the command in seconds. Default: `JOB_TIMEOUT`, which then includes the pull of the
    image.
    """
    outputs: NotRequired[Sequence[str]]
    """Regular files that are returned after the command has ended: at most 1 MiB each, and 4 MiB in all."""
    keep: NotRequired[bool]
    """Keeps the container after its command has ended. Default: false."""
    ttl: NotRequired[int]
    """Seconds after which the run is ended at the latest; a container that is kept is removed then."""
    user: NotRequired[str]
    """A user or uid, or `user:group`."""
    entrypoint: NotRequired[str | Sequence[str]]
    """Instead of the image's entrypoint: a list, or a string that is split into words. `""` removes the
    image's.
    """
    work_dir: NotRequired[str]
    labels: NotRequired[Mapping[str, str]]
    """At most 64 KiB of names and values in all."""
    hostname: NotRequired[str]
    network: NotRequired[str]
    memory: NotRequired[int | str]
    """Bytes, or a string with a unit: `512m`, `1G`, `1.5g`, `2GiB`; units are powers of 1024."""
    cpus: NotRequired[float | str]
    """Number of CPUs, with at most two decimals: `0.5` or `"0.5"`."""
    pids_limit: NotRequired[int]
    """Maximum number of processes; -1: no limit."""
    cap_add: NotRequired[Sequence[str]]
    cap_drop: NotRequired[Sequence[str]]
    read_only: NotRequired[bool]
    """Makes the root file system read-only."""
    tmpfs: NotRequired[Sequence[str] | Mapping[str, str]]
    """File systems in memory: `["/run", "/tmp:size=64m,mode=1777"]` or `{"/tmp": "size=64m"}`."""
    init: NotRequired[bool]
    """Runs an init that reaps processes."""
    pull_policy: NotRequired[Literal["missing", "always", "never"]]
    """When the image is pulled; default: `missing`."""
    healthcheck: NotRequired[RunCreateRequestHealthcheck]
    """Checks the health of the container; times are in seconds."""
    shm_size: NotRequired[int | str]
    """Size of `/dev/shm`, written as `memory` is; default: 64 MiB."""
    ulimits: NotRequired[Mapping[str, int | RunCreateRequestUlimitsValue]]
    """`{"nofile": 1024}` or `{"nofile": {"soft": 1024, "hard": 2048}}`; -1 is no limit."""
    stop_signal: NotRequired[float | str]
    """Signal that stops the container, such as `SIGINT`; default: that of the image, else `SIGTERM`."""
    extra_hosts: NotRequired[Sequence[str] | Mapping[str, str]]
    """Lines for `/etc/hosts`: `["db:10.0.0.5"]` or `{"db": "10.0.0.5"}`; `host-gateway` is the address of
    the host (podman 4.7 and later).
    """
    dns: NotRequired[Sequence[str]]
    """Addresses of DNS servers, at most three."""
    platform: NotRequired[str]
    """Platform of the image, such as `linux/amd64` or `linux/arm/v7`; default: that of the node."""
    runtime: NotRequired[str]
    """An OCI runtime of the node that `ALLOWED_RUNTIMES` lists; default: podman's own default."""
    callback_url: NotRequired[str]
    """A URL to which the job is sent when it has ended; its host must be in CALLBACK_HOSTS. Needs `Prefer:
    respond-async`. See docs/api.md.
    """


class RunCreateRequestVolumesValue(TypedDict):
    bind: str
    mode: NotRequired[str]


class RunCreateRequestFilesItem(TypedDict):
    path: str
    """An absolute path without `..`; missing parent directories are created."""
    content: str
    """The content as a string, or in base64 with `encoding` `base64`."""
    encoding: NotRequired[Literal["utf8", "base64"]]
    """Encoding of `content`. Default: `utf8`."""
    mode: NotRequired[str]
    """Octal digits. Default: `0644`."""


class RunCreateRequestHealthcheck(TypedDict):
    """Checks the health of the container; times are in seconds."""

    test: NotRequired[str | Sequence[str]]
    """A string runs as `/bin/sh -c` in the container; a list is argv, with or without `CMD` in front.
    Healthy: it exits with 0.
    """
    interval: NotRequired[int]
    """Seconds between two checks; default: 30."""
    timeout: NotRequired[int]
    """Seconds after which a check counts as failed; default: 30."""
    retries: NotRequired[int]
    """Failed checks in a row until the container is unhealthy; default: 3."""
    start_period: NotRequired[int]
    """Seconds after the start in which failed checks do not count; default: 0."""
    disable: NotRequired[bool]
    """`true` removes the health check of the image."""


class RunCreateRequestUlimitsValue(TypedDict):
    soft: int
    hard: int


class RunUsage(TypedDict):
    cpu_ms: int | None
    """CPU time of all processes; null if it could not be read."""
    max_memory: int | None
    """Largest memory of all processes at one time, in bytes; null if it could not be read."""


class SentArchive(TypedDict):
    path: str
    size: int
    """Bytes that were sent."""


class SentFile(TypedDict):
    path: str
    size: int
    """Bytes that were sent."""


class ServiceUnavailableFailure(TypedDict):
    success: Literal[False]
    error: ServiceUnavailableFailureError
    job_id: NotRequired[str]
    """Id of the job that the request created."""
    timestamp: str


class ServiceUnavailableFailureError(TypedDict):
    message: str
    """What happened, and what to do."""
    code: Literal[503]
    """The HTTP status."""
    type: Literal["ServiceUnavailableError"]
    details: NotRequired[Sequence[ErrorDetail]]
    """All errors in the request, one per entry."""
    job: NotRequired[ErrorJob]
    """The job that the error is about."""
    execution: NotRequired[Execution]
    """Output of the command until its time limit."""
    podman: NotRequired[str]
    """Podman's complete error message; only with DEBUG."""


class Slice(TypedDict):
    time: str
    """End of the slice."""
    seconds: int
    """Length of the slice."""
    ended: int
    """Jobs that ended in the slice."""
    failed: int
    """Of these, jobs that ended `failed`, `timed_out` or `unknown`."""
    p50_ms: float | None
    """Approximate median of the time from creation to end. Null if no job ended."""
    p95_ms: float | None
    """The 95th percentile of this time."""


class StartedContainer(TypedDict):
    name: str
    status: Literal["started"]


class StoppedContainer(TypedDict):
    name: str
    status: Literal["stopped"]


class TaggedImage(TypedDict):
    id: str
    reference: str
    node: str


class TerminalEnd(TypedDict):
    exit_code: int | None
    """The observed exit code; null if none was observed."""
    duration_ms: int


class Ticket(TypedDict):
    ticket: str
    """Value of the query parameter `ticket` of that request."""
    expires_at: str
    """The request must be sent before this time."""


class TicketCreateRequest(TypedDict):
    path: str
    """The path of the request that the ticket is for, without the query."""


class Token(TypedDict):
    name: str
    scopes: Sequence[Literal["containers:read", "containers:write", "images:read", "images:write", "exec", "jobs", "nodes", "metrics", "admin"]]
    created_at: str
    expires_at: str | None
    quotas: TokenQuotas
    usage: TokenUsage


class TokenQuotas(TypedDict):
    max_containers: float | None
    """Containers, running and stopped; null: unlimited."""
    max_memory: float | None
    """Bytes: the sum of `memory` of all containers; null: unlimited."""
    max_cpus: float | None
    """The sum of `cpus` of all containers; null: unlimited."""
    max_running_jobs: float | None
    """Jobs that have not ended, except reads and waits; null: unlimited."""
    max_ttl: float | None
    """Seconds: the largest `ttl` of a container, and the default; null: unlimited."""


class TokenUsage(TypedDict):
    containers: int
    memory: int
    """Bytes."""
    cpus: float
    running_jobs: int | None
    """null if `max_running_jobs` is unlimited."""


class TooManyRequestsFailure(TypedDict):
    success: Literal[False]
    error: TooManyRequestsFailureError
    job_id: NotRequired[str]
    """Id of the job that the request created."""
    timestamp: str


class TooManyRequestsFailureError(TypedDict):
    message: str
    """What happened, and what to do."""
    code: Literal[429]
    """The HTTP status."""
    type: Literal["RateLimitError"]
    details: NotRequired[Sequence[ErrorDetail]]
    """All errors in the request, one per entry."""
    job: NotRequired[ErrorJob]
    """The job that the error is about."""
    execution: NotRequired[Execution]
    """Output of the command until its time limit."""
    podman: NotRequired[str]
    """Podman's complete error message; only with DEBUG."""


class UnauthorizedFailure(TypedDict):
    success: Literal[False]
    error: UnauthorizedFailureError
    job_id: NotRequired[str]
    """Id of the job that the request created."""
    timestamp: str


class UnauthorizedFailureError(TypedDict):
    message: str
    """What happened, and what to do."""
    code: Literal[401]
    """The HTTP status."""
    type: Literal["UnauthorizedError"]
    details: NotRequired[Sequence[ErrorDetail]]
    """All errors in the request, one per entry."""
    job: NotRequired[ErrorJob]
    """The job that the error is about."""
    execution: NotRequired[Execution]
    """Output of the command until its time limit."""
    podman: NotRequired[str]
    """Podman's complete error message; only with DEBUG."""


class UnpausedContainer(TypedDict):
    name: str
    status: Literal["running"]


class UnprocessableEntityFailure(TypedDict):
    success: Literal[False]
    error: UnprocessableEntityFailureError
    job_id: NotRequired[str]
    """Id of the job that the request created."""
    timestamp: str


class UnprocessableEntityFailureError(TypedDict):
    message: str
    """What happened, and what to do."""
    code: Literal[422]
    """The HTTP status."""
    type: Literal["IdempotencyError"]
    details: NotRequired[Sequence[ErrorDetail]]
    """All errors in the request, one per entry."""
    job: NotRequired[ErrorJob]
    """The job that the error is about."""
    execution: NotRequired[Execution]
    """Output of the command until its time limit."""
    podman: NotRequired[str]
    """Podman's complete error message; only with DEBUG."""


class UnreadOutputFile(TypedDict):
    path: str
    error: str


class UnsupportedMediaTypeFailure(TypedDict):
    success: Literal[False]
    error: UnsupportedMediaTypeFailureError
    job_id: NotRequired[str]
    """Id of the job that the request created."""
    timestamp: str


class UnsupportedMediaTypeFailureError(TypedDict):
    message: str
    """What happened, and what to do."""
    code: Literal[415]
    """The HTTP status."""
    type: Literal["UnsupportedMediaTypeError"]
    details: NotRequired[Sequence[ErrorDetail]]
    """All errors in the request, one per entry."""
    job: NotRequired[ErrorJob]
    """The job that the error is about."""
    execution: NotRequired[Execution]
    """Output of the command until its time limit."""
    podman: NotRequired[str]
    """Podman's complete error message; only with DEBUG."""


class UpdatedContainer(TypedDict):
    name: str
    memory: NotRequired[int]
    """Bytes. Absent if it was not given; so are the next three."""
    cpus: NotRequired[float]
    pids_limit: NotRequired[int]
    restart_policy: NotRequired[str]
    persistent: bool
    """Whether podman keeps the new values when the container is started again."""


class Volume(TypedDict):
    name: str
    driver: str
    labels: Mapping[str, str]
    options: Mapping[str, str]
    """Values of mount options that may be secrets are masked."""
    created: str
    in_use: bool
    """Whether a container uses it, running or stopped."""
    node: str


class VolumeCreateRequest(TypedDict):
    name: NotRequired[str]
    """Default: generated by podman."""
    driver: NotRequired[Literal["local"]]
    """Default: local."""
    labels: NotRequired[Mapping[str, str]]
    """At most 64 KiB of names and values in all, without commas, double quotes and newlines."""
    options: NotRequired[VolumeCreateRequestOptions]
    """`{"type": "tmpfs", "device": "tmpfs"}`, or a directory of the host that `ALLOWED_MOUNTS` lists:
    `{"type": "none", "o": "bind", "device": "/srv/data"}`.
    """
    node: NotRequired[str]
    """The node for the volume. Default: chosen by the API."""
    node_selector: NotRequired[Mapping[str, str]]
    """Labels that the chosen node must have."""
    callback_url: NotRequired[str]
    """A URL to which the job is sent when it has ended; its host must be in CALLBACK_HOSTS. Needs `Prefer:
    respond-async`. See docs/api.md.
    """


class VolumeCreateRequestOptions(TypedDict):
    """`{"type": "tmpfs", "device": "tmpfs"}`, or a directory of the host that `ALLOWED_MOUNTS` lists:
    `{"type": "none", "o": "bind", "device": "/srv/data"}`.
    """

    type: NotRequired[str]
    device: NotRequired[str]
    o: NotRequired[str]


class VolumeDetails(TypedDict):
    name: str
    driver: str
    labels: Mapping[str, str]
    options: Mapping[str, str]
    """Values of mount options that may be secrets are masked."""
    created: str
    in_use: bool
    """Whether a container uses it, running or stopped."""
    node: str
    containers: Sequence[str]
    """The containers that use it, running and stopped."""


class VolumePruneRequest(TypedDict):
    label: NotRequired[Sequence[str] | str]
    callback_url: NotRequired[str]
    """A URL to which the job is sent when it has ended; its host must be in CALLBACK_HOSTS. Needs `Prefer:
    respond-async`. See docs/api.md.
    """


class WaitedContainer(TypedDict):
    id: str
    name: str
    condition: Literal["stopped", "running", "healthy"]
    exit_code: int | None
    """For `stopped`: the observed exit code; null if none was observed. Null for other conditions."""


class Worker(TypedDict):
    id: str
    node: str
    pid: int
    started_at: str
    max_workers: int
    running: int
    """podman commands that are running."""
    stopping: bool
    """Whether it finishes its jobs and takes no new ones."""
    podman: WorkerPodman
    event_loop_delay_ms: int
    """Longest delay of its event loop in the last ten seconds, in milliseconds; high if it gets too little
    CPU.
    """
    labels: Mapping[str, str]
    """Labels of the node, for `node_selector`."""
    arch: str
    cpus: int
    memory: int
    """Bytes."""
    containers: int | None
    """Containers of the node, running and stopped; null if unknown."""
    shortened_containers: int
    """Of these, containers whose labels, command or ports are too large for a list."""
    list_error: str | None
    """Why podman could not list them the last time; null if it could."""
    pools: Mapping[str, WorkerPoolsValue]
    """State of the pools on the node; empty unless this worker keeps them."""


class WorkerPodman(TypedDict):
    working: bool
    version: str | None
    error: str | None


class WorkerPoolsValue(TypedDict):
    idle: int
    """Containers that can be claimed."""
    error: str | None
    """Why the last container could not be created or kept; null if it could."""
    retry_at: str | None
    """When the next attempt is made after a failure."""


class ContainerListResult(TypedDict):
    containers: Sequence[ListedContainer]
    unreachable: Sequence[str]
    """Nodes that did not answer in time."""


class ContainerPruneResult(TypedDict):
    containers: Sequence[PrunedContainer]
    unreachable: Sequence[str]
    """Nodes that did not answer in time."""


class ImagePullResult(TypedDict):
    image: NotRequired[PulledImage]
    """The result, if the request was for one node."""
    images: NotRequired[Sequence[PulledImage]]
    """The results, if the request was for several nodes."""
    failed: NotRequired[Sequence[FailedNode]]
    """Nodes without a result, if the request was for several nodes."""


class ImageListResult(TypedDict):
    images: Sequence[ListedImage]
    unreachable: Sequence[str]
    """Nodes that did not answer in time."""


class ImagePruneResult(TypedDict):
    images: Sequence[PrunedImage]
    unreachable: Sequence[str]
    """Nodes that did not answer in time."""


class VolumeListResult(TypedDict):
    volumes: Sequence[Volume]
    unreachable: Sequence[str]
    """Nodes that did not answer in time."""


class VolumePruneResult(TypedDict):
    volumes: Sequence[PrunedVolume]
    unreachable: Sequence[str]
    """Nodes that did not answer in time."""


class NetworkListResult(TypedDict):
    networks: Sequence[Network]
    unreachable: Sequence[str]
    """Nodes that did not answer in time."""


class NetworkPruneResult(TypedDict):
    networks: Sequence[PrunedNetwork]
    unreachable: Sequence[str]
    """Nodes that did not answer in time."""


class JobListResult(TypedDict):
    jobs: Sequence[ListedJob]
    cursor: str | None
    """For the next page; null on the last page."""


class NodeRemoveResult(TypedDict):
    name: str
    removed: Literal[True]


class PoolRemoveResult(TypedDict):
    name: str
    removed: Literal[True]


class RunCreateBatchResultItem(TypedDict):
    job: Job | JobReference


class RunCreateBatchResultItem2(TypedDict):
    error: JobError


class HealthReadResult(TypedDict):
    status: Literal["healthy", "degraded"]
    podman: Literal["connected", "disconnected"]
    warnings: NotRequired[Sequence[str]]
    """Reasons why the status is not `healthy`, and warnings about settings of Redis; absent without a
    token if tokens are required.
    """


class MetricsReadResult(TypedDict):
    uptime_seconds: int
    uptime_human: str
    max_workers: int
    """podman commands that all workers together can run at once."""
    active_threads: int
    """podman commands that are running."""
    queue: MetricsReadResultQueue
    workers: Sequence[Worker]
    recent: Sequence[Slice]
    """The last ten minutes in slices, oldest first, as observed by this API process."""


class MetricsReadResultQueue(TypedDict):
    waiting: int
    active: int
    completed: int
    failed: int
