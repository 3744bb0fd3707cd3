"""The calls of the API.

Written by "npm run openapi" from docs/openapi.json; do not edit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from .._bound import BoundCalls, bind
from .._jobs import PendingJob
from .._request import Content, Request
from .._request import path as _path
from .._streams import ByteStream, ServerEvent
from .._transport import Transport
from . import schemas


class Containers:
    """Calls of containers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(
        self,
        *,
        image: str | None = None,
        name: str | None = None,
        command: str | Sequence[str] | None = None,
        environment: Mapping[str, str | float | bool] | None = None,
        ports: Sequence[str] | Mapping[str, str | float | None | Sequence[str | float]] | None = None,
        volumes: Sequence[str] | Mapping[str, str | schemas.ContainerCreateRequestVolumesValue] | None = None,
        node: str | None = None,
        node_selector: Mapping[str, str] | None = None,
        ttl: int | None = None,
        exec_ready: bool | None = None,
        pool: str | None = None,
        user: str | None = None,
        entrypoint: str | Sequence[str] | None = None,
        work_dir: str | None = None,
        labels: Mapping[str, str] | None = None,
        hostname: str | None = None,
        network: str | None = None,
        restart_policy: str | None = None,
        memory: int | str | None = None,
        cpus: float | str | None = None,
        pids_limit: int | None = None,
        cap_add: Sequence[str] | None = None,
        cap_drop: Sequence[str] | None = None,
        read_only: bool | None = None,
        tmpfs: Sequence[str] | Mapping[str, str] | None = None,
        init: bool | None = None,
        pull_policy: Literal["missing", "always", "never"] | None = None,
        healthcheck: schemas.ContainerCreateRequestHealthcheck | None = None,
        shm_size: int | str | None = None,
        ulimits: Mapping[str, int | schemas.ContainerCreateRequestUlimitsValue] | None = None,
        stop_signal: float | str | None = None,
        extra_hosts: Sequence[str] | Mapping[str, str] | None = None,
        dns: Sequence[str] | None = None,
        platform: str | None = None,
        runtime: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
        wait_seconds: float | None = None,
    ) -> schemas.CreatedContainer:
        """Creates and starts a container.

        A container that cannot be started is removed again. With `pool`, an idle container of the
        pool is taken: that takes milliseconds.

        Needs the scope `containers:write`.

        `POST /api/v1/containers`

        Args:
            image: An image reference, or the id of an image. Required without `pool`.
            name: Required without `pool`. A container of a pool has a generated name without it.
            command: A list is argv. A string is split into words as a shell does, but no shell runs
                it: one with an unquoted `&&`, `|`, `;`, `<`, `>`, `$NAME` or a backquote is
                refused. For a shell write `["sh", "-c", "..."]`.
            environment: Variables. Their values are in no log, job or argument list. A name may
                have `.` and `-`, but a shell drops such variables: the programs that `sh`
                starts do not get them.
            ports: `{"8080": "80"}` (host: container), `{"80/tcp": 8080}` or
                `["127.0.0.1:8080:80/tcp", "8000-8002:80-82"]`; if the host port is 0, null or
                missing, podman chooses one.
            volumes: `{"/host": "/container"}`, `{"name": {"bind": "/container", "mode": "ro"}}` or
                `["name:/container:ro", "/container"]`; a path alone is a new volume that is
                removed with the container. `z` and `Z` are for SELinux.
            node: The node for the container. Default: chosen by the API.
            node_selector: Labels that the chosen node must have.
            ttl: Seconds until the container is removed by force.
            exec_ready: Opens an exec session right after the start, so that the first exec is as
                fast as later ones. Default: true if containers of the image usually get an exec
                soon after their start.
            pool: Takes a container of this pool, with `name`, `ttl` and `labels` only.
            user: A user or uid, or `user:group`.
            entrypoint: Instead of the image's entrypoint: a list, or a string that is split into
                words. `""` removes the image's.
            labels: At most 64 KiB of names and values in all.
            memory: Bytes, or a string with a unit: `512m`, `1G`, `1.5g`, `2GiB`; units are powers
                of 1024.
            cpus: Number of CPUs, with at most two decimals: `0.5` or `"0.5"`.
            pids_limit: Maximum number of processes; -1: no limit.
            read_only: Makes the root file system read-only.
            tmpfs: File systems in memory: `["/run", "/tmp:size=64m,mode=1777"]` or `{"/tmp":
                "size=64m"}`.
            init: Runs an init that reaps processes.
            pull_policy: When the image is pulled; default: `missing`.
            healthcheck: Checks the health of the container; times are in seconds.
            shm_size: Size of `/dev/shm`, written as `memory` is; default: 64 MiB.
            ulimits: `{"nofile": 1024}` or `{"nofile": {"soft": 1024, "hard": 2048}}`; -1 is no
                limit.
            stop_signal: Signal that stops the container, such as `SIGINT`; default: that of the
                image, else `SIGTERM`.
            extra_hosts: Lines for `/etc/hosts`: `["db:10.0.0.5"]` or `{"db": "10.0.0.5"}`;
                `host-gateway` is the address of the host (podman 4.7 and later).
            dns: Addresses of DNS servers, at most three.
            platform: Platform of the image, such as `linux/amd64` or `linux/arm/v7`; default: that
                of the node.
            runtime: An OCI runtime of the node that `ALLOWED_RUNTIMES` lists; default: podman's own
                default.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
            wait_seconds: Time after which the job is cancelled and `WaitTimeoutError` is raised.
                Default: no limit.
        """
        _request = Request(
            "POST",
            "/api/v1/containers",
            body={
                "image": image,
                "name": name,
                "command": command,
                "environment": environment,
                "ports": ports,
                "volumes": volumes,
                "node": node,
                "node_selector": node_selector,
                "ttl": ttl,
                "exec_ready": exec_ready,
                "pool": pool,
                "user": user,
                "entrypoint": entrypoint,
                "work_dir": work_dir,
                "labels": labels,
                "hostname": hostname,
                "network": network,
                "restart_policy": restart_policy,
                "memory": memory,
                "cpus": cpus,
                "pids_limit": pids_limit,
                "cap_add": cap_add,
                "cap_drop": cap_drop,
                "read_only": read_only,
                "tmpfs": tmpfs,
                "init": init,
                "pull_policy": pull_policy,
                "healthcheck": healthcheck,
                "shm_size": shm_size,
                "ulimits": ulimits,
                "stop_signal": stop_signal,
                "extra_hosts": extra_hosts,
                "dns": dns,
                "platform": platform,
                "runtime": runtime,
                "callback_url": callback_url,
            },
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _result: schemas.CreatedContainer = self._transport.run(_request, wait_seconds)
        return _result

    def submit_create(
        self,
        *,
        image: str | None = None,
        name: str | None = None,
        command: str | Sequence[str] | None = None,
        environment: Mapping[str, str | float | bool] | None = None,
        ports: Sequence[str] | Mapping[str, str | float | None | Sequence[str | float]] | None = None,
        volumes: Sequence[str] | Mapping[str, str | schemas.ContainerCreateRequestVolumesValue] | None = None,
        node: str | None = None,
        node_selector: Mapping[str, str] | None = None,
        ttl: int | None = None,
        exec_ready: bool | None = None,
        pool: str | None = None,
        user: str | None = None,
        entrypoint: str | Sequence[str] | None = None,
        work_dir: str | None = None,
        labels: Mapping[str, str] | None = None,
        hostname: str | None = None,
        network: str | None = None,
        restart_policy: str | None = None,
        memory: int | str | None = None,
        cpus: float | str | None = None,
        pids_limit: int | None = None,
        cap_add: Sequence[str] | None = None,
        cap_drop: Sequence[str] | None = None,
        read_only: bool | None = None,
        tmpfs: Sequence[str] | Mapping[str, str] | None = None,
        init: bool | None = None,
        pull_policy: Literal["missing", "always", "never"] | None = None,
        healthcheck: schemas.ContainerCreateRequestHealthcheck | None = None,
        shm_size: int | str | None = None,
        ulimits: Mapping[str, int | schemas.ContainerCreateRequestUlimitsValue] | None = None,
        stop_signal: float | str | None = None,
        extra_hosts: Sequence[str] | Mapping[str, str] | None = None,
        dns: Sequence[str] | None = None,
        platform: str | None = None,
        runtime: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
    ) -> PendingJob[schemas.CreatedContainer]:
        """Creates and starts a container; returns its job without waiting for it.

        A container that cannot be started is removed again. With `pool`, an idle container of the
        pool is taken: that takes milliseconds.

        Needs the scope `containers:write`.

        `POST /api/v1/containers`

        Args:
            image: An image reference, or the id of an image. Required without `pool`.
            name: Required without `pool`. A container of a pool has a generated name without it.
            command: A list is argv. A string is split into words as a shell does, but no shell runs
                it: one with an unquoted `&&`, `|`, `;`, `<`, `>`, `$NAME` or a backquote is
                refused. For a shell write `["sh", "-c", "..."]`.
            environment: Variables. Their values are in no log, job or argument list. A name may
                have `.` and `-`, but a shell drops such variables: the programs that `sh`
                starts do not get them.
            ports: `{"8080": "80"}` (host: container), `{"80/tcp": 8080}` or
                `["127.0.0.1:8080:80/tcp", "8000-8002:80-82"]`; if the host port is 0, null or
                missing, podman chooses one.
            volumes: `{"/host": "/container"}`, `{"name": {"bind": "/container", "mode": "ro"}}` or
                `["name:/container:ro", "/container"]`; a path alone is a new volume that is
                removed with the container. `z` and `Z` are for SELinux.
            node: The node for the container. Default: chosen by the API.
            node_selector: Labels that the chosen node must have.
            ttl: Seconds until the container is removed by force.
            exec_ready: Opens an exec session right after the start, so that the first exec is as
                fast as later ones. Default: true if containers of the image usually get an exec
                soon after their start.
            pool: Takes a container of this pool, with `name`, `ttl` and `labels` only.
            user: A user or uid, or `user:group`.
            entrypoint: Instead of the image's entrypoint: a list, or a string that is split into
                words. `""` removes the image's.
            labels: At most 64 KiB of names and values in all.
            memory: Bytes, or a string with a unit: `512m`, `1G`, `1.5g`, `2GiB`; units are powers
                of 1024.
            cpus: Number of CPUs, with at most two decimals: `0.5` or `"0.5"`.
            pids_limit: Maximum number of processes; -1: no limit.
            read_only: Makes the root file system read-only.
            tmpfs: File systems in memory: `["/run", "/tmp:size=64m,mode=1777"]` or `{"/tmp":
                "size=64m"}`.
            init: Runs an init that reaps processes.
            pull_policy: When the image is pulled; default: `missing`.
            healthcheck: Checks the health of the container; times are in seconds.
            shm_size: Size of `/dev/shm`, written as `memory` is; default: 64 MiB.
            ulimits: `{"nofile": 1024}` or `{"nofile": {"soft": 1024, "hard": 2048}}`; -1 is no
                limit.
            stop_signal: Signal that stops the container, such as `SIGINT`; default: that of the
                image, else `SIGTERM`.
            extra_hosts: Lines for `/etc/hosts`: `["db:10.0.0.5"]` or `{"db": "10.0.0.5"}`;
                `host-gateway` is the address of the host (podman 4.7 and later).
            dns: Addresses of DNS servers, at most three.
            platform: Platform of the image, such as `linux/amd64` or `linux/arm/v7`; default: that
                of the node.
            runtime: An OCI runtime of the node that `ALLOWED_RUNTIMES` lists; default: podman's own
                default.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
        """
        _request = Request(
            "POST",
            "/api/v1/containers",
            body={
                "image": image,
                "name": name,
                "command": command,
                "environment": environment,
                "ports": ports,
                "volumes": volumes,
                "node": node,
                "node_selector": node_selector,
                "ttl": ttl,
                "exec_ready": exec_ready,
                "pool": pool,
                "user": user,
                "entrypoint": entrypoint,
                "work_dir": work_dir,
                "labels": labels,
                "hostname": hostname,
                "network": network,
                "restart_policy": restart_policy,
                "memory": memory,
                "cpus": cpus,
                "pids_limit": pids_limit,
                "cap_add": cap_add,
                "cap_drop": cap_drop,
                "read_only": read_only,
                "tmpfs": tmpfs,
                "init": init,
                "pull_policy": pull_policy,
                "healthcheck": healthcheck,
                "shm_size": shm_size,
                "ulimits": ulimits,
                "stop_signal": stop_signal,
                "extra_hosts": extra_hosts,
                "dns": dns,
                "platform": platform,
                "runtime": runtime,
                "callback_url": callback_url,
            },
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _job: PendingJob[schemas.CreatedContainer] = self._transport.submit(_request)
        return _job

    def create_dry_run(
        self,
        *,
        image: str | None = None,
        name: str | None = None,
        command: str | Sequence[str] | None = None,
        environment: Mapping[str, str | float | bool] | None = None,
        ports: Sequence[str] | Mapping[str, str | float | None | Sequence[str | float]] | None = None,
        volumes: Sequence[str] | Mapping[str, str | schemas.ContainerCreateRequestVolumesValue] | None = None,
        node: str | None = None,
        node_selector: Mapping[str, str] | None = None,
        ttl: int | None = None,
        exec_ready: bool | None = None,
        pool: str | None = None,
        user: str | None = None,
        entrypoint: str | Sequence[str] | None = None,
        work_dir: str | None = None,
        labels: Mapping[str, str] | None = None,
        hostname: str | None = None,
        network: str | None = None,
        restart_policy: str | None = None,
        memory: int | str | None = None,
        cpus: float | str | None = None,
        pids_limit: int | None = None,
        cap_add: Sequence[str] | None = None,
        cap_drop: Sequence[str] | None = None,
        read_only: bool | None = None,
        tmpfs: Sequence[str] | Mapping[str, str] | None = None,
        init: bool | None = None,
        pull_policy: Literal["missing", "always", "never"] | None = None,
        healthcheck: schemas.ContainerCreateRequestHealthcheck | None = None,
        shm_size: int | str | None = None,
        ulimits: Mapping[str, int | schemas.ContainerCreateRequestUlimitsValue] | None = None,
        stop_signal: float | str | None = None,
        extra_hosts: Sequence[str] | Mapping[str, str] | None = None,
        dns: Sequence[str] | None = None,
        platform: str | None = None,
        runtime: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
        wait_seconds: float | None = None,
    ) -> schemas.Rehearsal:
        """Creates and starts a container.

        A container that cannot be started is removed again. With `pool`, an idle container of the
        pool is taken: that takes milliseconds.

        Needs the scope `containers:write`.

        `POST /api/v1/containers`

        Args:
            image: An image reference, or the id of an image. Required without `pool`.
            name: Required without `pool`. A container of a pool has a generated name without it.
            command: A list is argv. A string is split into words as a shell does, but no shell runs
                it: one with an unquoted `&&`, `|`, `;`, `<`, `>`, `$NAME` or a backquote is
                refused. For a shell write `["sh", "-c", "..."]`.
            environment: Variables. Their values are in no log, job or argument list. A name may
                have `.` and `-`, but a shell drops such variables: the programs that `sh`
                starts do not get them.
            ports: `{"8080": "80"}` (host: container), `{"80/tcp": 8080}` or
                `["127.0.0.1:8080:80/tcp", "8000-8002:80-82"]`; if the host port is 0, null or
                missing, podman chooses one.
            volumes: `{"/host": "/container"}`, `{"name": {"bind": "/container", "mode": "ro"}}` or
                `["name:/container:ro", "/container"]`; a path alone is a new volume that is
                removed with the container. `z` and `Z` are for SELinux.
            node: The node for the container. Default: chosen by the API.
            node_selector: Labels that the chosen node must have.
            ttl: Seconds until the container is removed by force.
            exec_ready: Opens an exec session right after the start, so that the first exec is as
                fast as later ones. Default: true if containers of the image usually get an exec
                soon after their start.
            pool: Takes a container of this pool, with `name`, `ttl` and `labels` only.
            user: A user or uid, or `user:group`.
            entrypoint: Instead of the image's entrypoint: a list, or a string that is split into
                words. `""` removes the image's.
            labels: At most 64 KiB of names and values in all.
            memory: Bytes, or a string with a unit: `512m`, `1G`, `1.5g`, `2GiB`; units are powers
                of 1024.
            cpus: Number of CPUs, with at most two decimals: `0.5` or `"0.5"`.
            pids_limit: Maximum number of processes; -1: no limit.
            read_only: Makes the root file system read-only.
            tmpfs: File systems in memory: `["/run", "/tmp:size=64m,mode=1777"]` or `{"/tmp":
                "size=64m"}`.
            init: Runs an init that reaps processes.
            pull_policy: When the image is pulled; default: `missing`.
            healthcheck: Checks the health of the container; times are in seconds.
            shm_size: Size of `/dev/shm`, written as `memory` is; default: 64 MiB.
            ulimits: `{"nofile": 1024}` or `{"nofile": {"soft": 1024, "hard": 2048}}`; -1 is no
                limit.
            stop_signal: Signal that stops the container, such as `SIGINT`; default: that of the
                image, else `SIGTERM`.
            extra_hosts: Lines for `/etc/hosts`: `["db:10.0.0.5"]` or `{"db": "10.0.0.5"}`;
                `host-gateway` is the address of the host (podman 4.7 and later).
            dns: Addresses of DNS servers, at most three.
            platform: Platform of the image, such as `linux/amd64` or `linux/arm/v7`; default: that
                of the node.
            runtime: An OCI runtime of the node that `ALLOWED_RUNTIMES` lists; default: podman's own
                default.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
            wait_seconds: Time after which the job is cancelled and `WaitTimeoutError` is raised.
                Default: no limit.
        """
        _request = Request(
            "POST",
            "/api/v1/containers",
            query={"dry_run": "true"},
            body={
                "image": image,
                "name": name,
                "command": command,
                "environment": environment,
                "ports": ports,
                "volumes": volumes,
                "node": node,
                "node_selector": node_selector,
                "ttl": ttl,
                "exec_ready": exec_ready,
                "pool": pool,
                "user": user,
                "entrypoint": entrypoint,
                "work_dir": work_dir,
                "labels": labels,
                "hostname": hostname,
                "network": network,
                "restart_policy": restart_policy,
                "memory": memory,
                "cpus": cpus,
                "pids_limit": pids_limit,
                "cap_add": cap_add,
                "cap_drop": cap_drop,
                "read_only": read_only,
                "tmpfs": tmpfs,
                "init": init,
                "pull_policy": pull_policy,
                "healthcheck": healthcheck,
                "shm_size": shm_size,
                "ulimits": ulimits,
                "stop_signal": stop_signal,
                "extra_hosts": extra_hosts,
                "dns": dns,
                "platform": platform,
                "runtime": runtime,
                "callback_url": callback_url,
            },
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _result: schemas.Rehearsal = self._transport.run(_request, wait_seconds)
        return _result

    def submit_create_dry_run(
        self,
        *,
        image: str | None = None,
        name: str | None = None,
        command: str | Sequence[str] | None = None,
        environment: Mapping[str, str | float | bool] | None = None,
        ports: Sequence[str] | Mapping[str, str | float | None | Sequence[str | float]] | None = None,
        volumes: Sequence[str] | Mapping[str, str | schemas.ContainerCreateRequestVolumesValue] | None = None,
        node: str | None = None,
        node_selector: Mapping[str, str] | None = None,
        ttl: int | None = None,
        exec_ready: bool | None = None,
        pool: str | None = None,
        user: str | None = None,
        entrypoint: str | Sequence[str] | None = None,
        work_dir: str | None = None,
        labels: Mapping[str, str] | None = None,
        hostname: str | None = None,
        network: str | None = None,
        restart_policy: str | None = None,
        memory: int | str | None = None,
        cpus: float | str | None = None,
        pids_limit: int | None = None,
        cap_add: Sequence[str] | None = None,
        cap_drop: Sequence[str] | None = None,
        read_only: bool | None = None,
        tmpfs: Sequence[str] | Mapping[str, str] | None = None,
        init: bool | None = None,
        pull_policy: Literal["missing", "always", "never"] | None = None,
        healthcheck: schemas.ContainerCreateRequestHealthcheck | None = None,
        shm_size: int | str | None = None,
        ulimits: Mapping[str, int | schemas.ContainerCreateRequestUlimitsValue] | None = None,
        stop_signal: float | str | None = None,
        extra_hosts: Sequence[str] | Mapping[str, str] | None = None,
        dns: Sequence[str] | None = None,
        platform: str | None = None,
        runtime: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
    ) -> PendingJob[schemas.Rehearsal]:
        """Creates and starts a container; returns its job without waiting for it.

        A container that cannot be started is removed again. With `pool`, an idle container of the
        pool is taken: that takes milliseconds.

        Needs the scope `containers:write`.

        `POST /api/v1/containers`

        Args:
            image: An image reference, or the id of an image. Required without `pool`.
            name: Required without `pool`. A container of a pool has a generated name without it.
            command: A list is argv. A string is split into words as a shell does, but no shell runs
                it: one with an unquoted `&&`, `|`, `;`, `<`, `>`, `$NAME` or a backquote is
                refused. For a shell write `["sh", "-c", "..."]`.
            environment: Variables. Their values are in no log, job or argument list. A name may
                have `.` and `-`, but a shell drops such variables: the programs that `sh`
                starts do not get them.
            ports: `{"8080": "80"}` (host: container), `{"80/tcp": 8080}` or
                `["127.0.0.1:8080:80/tcp", "8000-8002:80-82"]`; if the host port is 0, null or
                missing, podman chooses one.
            volumes: `{"/host": "/container"}`, `{"name": {"bind": "/container", "mode": "ro"}}` or
                `["name:/container:ro", "/container"]`; a path alone is a new volume that is
                removed with the container. `z` and `Z` are for SELinux.
            node: The node for the container. Default: chosen by the API.
            node_selector: Labels that the chosen node must have.
            ttl: Seconds until the container is removed by force.
            exec_ready: Opens an exec session right after the start, so that the first exec is as
                fast as later ones. Default: true if containers of the image usually get an exec
                soon after their start.
            pool: Takes a container of this pool, with `name`, `ttl` and `labels` only.
            user: A user or uid, or `user:group`.
            entrypoint: Instead of the image's entrypoint: a list, or a string that is split into
                words. `""` removes the image's.
            labels: At most 64 KiB of names and values in all.
            memory: Bytes, or a string with a unit: `512m`, `1G`, `1.5g`, `2GiB`; units are powers
                of 1024.
            cpus: Number of CPUs, with at most two decimals: `0.5` or `"0.5"`.
            pids_limit: Maximum number of processes; -1: no limit.
            read_only: Makes the root file system read-only.
            tmpfs: File systems in memory: `["/run", "/tmp:size=64m,mode=1777"]` or `{"/tmp":
                "size=64m"}`.
            init: Runs an init that reaps processes.
            pull_policy: When the image is pulled; default: `missing`.
            healthcheck: Checks the health of the container; times are in seconds.
            shm_size: Size of `/dev/shm`, written as `memory` is; default: 64 MiB.
            ulimits: `{"nofile": 1024}` or `{"nofile": {"soft": 1024, "hard": 2048}}`; -1 is no
                limit.
            stop_signal: Signal that stops the container, such as `SIGINT`; default: that of the
                image, else `SIGTERM`.
            extra_hosts: Lines for `/etc/hosts`: `["db:10.0.0.5"]` or `{"db": "10.0.0.5"}`;
                `host-gateway` is the address of the host (podman 4.7 and later).
            dns: Addresses of DNS servers, at most three.
            platform: Platform of the image, such as `linux/amd64` or `linux/arm/v7`; default: that
                of the node.
            runtime: An OCI runtime of the node that `ALLOWED_RUNTIMES` lists; default: podman's own
                default.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
        """
        _request = Request(
            "POST",
            "/api/v1/containers",
            query={"dry_run": "true"},
            body={
                "image": image,
                "name": name,
                "command": command,
                "environment": environment,
                "ports": ports,
                "volumes": volumes,
                "node": node,
                "node_selector": node_selector,
                "ttl": ttl,
                "exec_ready": exec_ready,
                "pool": pool,
                "user": user,
                "entrypoint": entrypoint,
                "work_dir": work_dir,
                "labels": labels,
                "hostname": hostname,
                "network": network,
                "restart_policy": restart_policy,
                "memory": memory,
                "cpus": cpus,
                "pids_limit": pids_limit,
                "cap_add": cap_add,
                "cap_drop": cap_drop,
                "read_only": read_only,
                "tmpfs": tmpfs,
                "init": init,
                "pull_policy": pull_policy,
                "healthcheck": healthcheck,
                "shm_size": shm_size,
                "ulimits": ulimits,
                "stop_signal": stop_signal,
                "extra_hosts": extra_hosts,
                "dns": dns,
                "platform": platform,
                "runtime": runtime,
                "callback_url": callback_url,
            },
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _job: PendingJob[schemas.Rehearsal] = self._transport.submit(_request)
        return _job

    def list(
        self,
        *,
        label: Sequence[str] | str | None = None,
        status: Literal["created", "initialized", "running", "paused", "stopping", "stopped", "exited", "removing", "unknown"] | None = None,
        name: str | None = None,
        pool: str | None = None,
        fresh: bool | None = None,
        node: str | None = None,
        callback_url: str | None = None,
    ) -> schemas.ContainerListResult:
        """Lists all containers, running and stopped.

        Needs the scope `containers:read`.

        `GET /api/v1/containers`

        Args:
            name: A part of the name.
            pool: Lists the idle containers of this pool, and no others. Without it no idle
                container is listed.
            fresh: Queries podman even if nothing has changed; `Cache-Control: no-cache` does the
                same.
            node: Queries only this node.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
        """
        _request = Request(
            "GET",
            "/api/v1/containers",
            query={
                "label": label,
                "status": status,
                "name": name,
                "pool": pool,
                "fresh": fresh,
                "node": node,
                "callback_url": callback_url,
            },
            is_retryable=True,
        )
        _result: schemas.ContainerListResult = self._transport.read(_request, None)
        return _result

    def inspect(
        self,
        name: str,
        *,
        node: str | None = None,
        callback_url: str | None = None,
    ) -> schemas.ContainerDetails:
        """Returns details of a container.

        Values of environment variables are masked.

        Needs the scope `containers:read`.

        `GET /api/v1/containers/{name}`

        Args:
            name: A name, an id, or a unique prefix of an id.
            node: The node of the container, if several nodes have one with this name.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
        """
        _request = Request(
            "GET",
            _path("/api/v1/containers/{name}", name=name),
            query={"node": node, "callback_url": callback_url},
            is_retryable=True,
        )
        _result: schemas.ContainerDetails = self._transport.read(_request, "container")
        return _result

    def remove(
        self,
        name: str,
        *,
        force: bool | None = None,
        node: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
        wait_seconds: float | None = None,
    ) -> schemas.RemovedContainer:
        """Removes a container and its anonymous volumes.

        Needs the scope `containers:write`.

        `DELETE /api/v1/containers/{name}`

        Args:
            name: A name, an id, or a unique prefix of an id.
            force: Removes a running container too, at once.
            node: The node of the container, if several nodes have one with this name.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
            wait_seconds: Time after which the job is cancelled and `WaitTimeoutError` is raised.
                Default: no limit.
        """
        _request = Request(
            "DELETE",
            _path("/api/v1/containers/{name}", name=name),
            query={"force": force, "node": node, "callback_url": callback_url},
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _result: schemas.RemovedContainer = self._transport.run(_request, wait_seconds)
        return _result

    def submit_remove(
        self,
        name: str,
        *,
        force: bool | None = None,
        node: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
    ) -> PendingJob[schemas.RemovedContainer]:
        """Removes a container and its anonymous volumes; returns its job without waiting for it.

        Needs the scope `containers:write`.

        `DELETE /api/v1/containers/{name}`

        Args:
            name: A name, an id, or a unique prefix of an id.
            force: Removes a running container too, at once.
            node: The node of the container, if several nodes have one with this name.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
        """
        _request = Request(
            "DELETE",
            _path("/api/v1/containers/{name}", name=name),
            query={"force": force, "node": node, "callback_url": callback_url},
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _job: PendingJob[schemas.RemovedContainer] = self._transport.submit(_request)
        return _job

    def prune(
        self,
        *,
        node: str | None = None,
        label: Sequence[str] | str | None = None,
        until: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
    ) -> schemas.ContainerPruneResult:
        """Removes containers that have stopped.

        On all nodes, or on the one that `?node=` names, with their anonymous volumes. Running and
        paused containers stay, and so do those that are being created and those of runs.

        Needs the scope `containers:write`.

        `POST /api/v1/containers/prune`

        Args:
            node: Queries only this node.
            until: Only containers created before this time: RFC 3339, seconds since 1970, or an age
                such as `24h`.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
        """
        _request = Request(
            "POST",
            "/api/v1/containers/prune",
            query={"node": node},
            body={"label": label, "until": until, "callback_url": callback_url},
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _result: schemas.ContainerPruneResult = self._transport.read(_request, None)
        return _result

    def start(
        self,
        name: str,
        *,
        node: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
        wait_seconds: float | None = None,
    ) -> schemas.StartedContainer:
        """Starts a container.

        Succeeds if the container is already running.

        Needs the scope `containers:write`.

        `POST /api/v1/containers/{name}/start`

        Args:
            name: A name, an id, or a unique prefix of an id.
            node: The node of the container, if several nodes have one with this name.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
            wait_seconds: Time after which the job is cancelled and `WaitTimeoutError` is raised.
                Default: no limit.
        """
        _request = Request(
            "POST",
            _path("/api/v1/containers/{name}/start", name=name),
            query={"node": node, "callback_url": callback_url},
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _result: schemas.StartedContainer = self._transport.run(_request, wait_seconds)
        return _result

    def submit_start(
        self,
        name: str,
        *,
        node: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
    ) -> PendingJob[schemas.StartedContainer]:
        """Starts a container; returns its job without waiting for it.

        Succeeds if the container is already running.

        Needs the scope `containers:write`.

        `POST /api/v1/containers/{name}/start`

        Args:
            name: A name, an id, or a unique prefix of an id.
            node: The node of the container, if several nodes have one with this name.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
        """
        _request = Request(
            "POST",
            _path("/api/v1/containers/{name}/start", name=name),
            query={"node": node, "callback_url": callback_url},
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _job: PendingJob[schemas.StartedContainer] = self._transport.submit(_request)
        return _job

    def stop(
        self,
        name: str,
        *,
        timeout: int | None = None,
        node: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
        wait_seconds: float | None = None,
    ) -> schemas.StoppedContainer:
        """Stops a container.

        Sends SIGTERM, and SIGKILL to remaining processes after the timeout. Succeeds if the
        container has already stopped.

        Needs the scope `containers:write`.

        `POST /api/v1/containers/{name}/stop`

        Args:
            name: A name, an id, or a unique prefix of an id.
            timeout: Seconds between SIGTERM and SIGKILL; default: 10.
            node: The node of the container, if several nodes have one with this name.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
            wait_seconds: Time after which the job is cancelled and `WaitTimeoutError` is raised.
                Default: no limit.
        """
        _request = Request(
            "POST",
            _path("/api/v1/containers/{name}/stop", name=name),
            query={"timeout": timeout, "node": node, "callback_url": callback_url},
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _result: schemas.StoppedContainer = self._transport.run(_request, wait_seconds)
        return _result

    def submit_stop(
        self,
        name: str,
        *,
        timeout: int | None = None,
        node: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
    ) -> PendingJob[schemas.StoppedContainer]:
        """Stops a container; returns its job without waiting for it.

        Sends SIGTERM, and SIGKILL to remaining processes after the timeout. Succeeds if the
        container has already stopped.

        Needs the scope `containers:write`.

        `POST /api/v1/containers/{name}/stop`

        Args:
            name: A name, an id, or a unique prefix of an id.
            timeout: Seconds between SIGTERM and SIGKILL; default: 10.
            node: The node of the container, if several nodes have one with this name.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
        """
        _request = Request(
            "POST",
            _path("/api/v1/containers/{name}/stop", name=name),
            query={"timeout": timeout, "node": node, "callback_url": callback_url},
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _job: PendingJob[schemas.StoppedContainer] = self._transport.submit(_request)
        return _job

    def restart(
        self,
        name: str,
        *,
        timeout: int | None = None,
        node: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
        wait_seconds: float | None = None,
    ) -> schemas.RestartedContainer:
        """Restarts a container.

        Stops the container as `stop` does, then starts it. Starts it if it is not running.

        Needs the scope `containers:write`.

        `POST /api/v1/containers/{name}/restart`

        Args:
            name: A name, an id, or a unique prefix of an id.
            timeout: Seconds between SIGTERM and SIGKILL; default: 10.
            node: The node of the container, if several nodes have one with this name.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
            wait_seconds: Time after which the job is cancelled and `WaitTimeoutError` is raised.
                Default: no limit.
        """
        _request = Request(
            "POST",
            _path("/api/v1/containers/{name}/restart", name=name),
            query={"timeout": timeout, "node": node, "callback_url": callback_url},
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _result: schemas.RestartedContainer = self._transport.run(_request, wait_seconds)
        return _result

    def submit_restart(
        self,
        name: str,
        *,
        timeout: int | None = None,
        node: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
    ) -> PendingJob[schemas.RestartedContainer]:
        """Restarts a container; returns its job without waiting for it.

        Stops the container as `stop` does, then starts it. Starts it if it is not running.

        Needs the scope `containers:write`.

        `POST /api/v1/containers/{name}/restart`

        Args:
            name: A name, an id, or a unique prefix of an id.
            timeout: Seconds between SIGTERM and SIGKILL; default: 10.
            node: The node of the container, if several nodes have one with this name.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
        """
        _request = Request(
            "POST",
            _path("/api/v1/containers/{name}/restart", name=name),
            query={"timeout": timeout, "node": node, "callback_url": callback_url},
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _job: PendingJob[schemas.RestartedContainer] = self._transport.submit(_request)
        return _job

    def kill(
        self,
        name: str,
        *,
        node: str | None = None,
        signal: float | str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
        wait_seconds: float | None = None,
    ) -> schemas.KilledContainer:
        """Sends a signal to a container.

        Sends the signal to the main process, and does not wait for its effect. 409 if the container
        is not running. To end a container with a grace period, use `stop`.

        Needs the scope `containers:write`.

        `POST /api/v1/containers/{name}/kill`

        Args:
            name: A name, an id, or a unique prefix of an id.
            node: The node of the container, if several nodes have one with this name.
            signal: Name or number of a signal, such as `SIGHUP`, `HUP` or 1. Default: `SIGKILL`.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
            wait_seconds: Time after which the job is cancelled and `WaitTimeoutError` is raised.
                Default: no limit.
        """
        _request = Request(
            "POST",
            _path("/api/v1/containers/{name}/kill", name=name),
            query={"node": node},
            body={"signal": signal, "callback_url": callback_url},
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _result: schemas.KilledContainer = self._transport.run(_request, wait_seconds)
        return _result

    def submit_kill(
        self,
        name: str,
        *,
        node: str | None = None,
        signal: float | str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
    ) -> PendingJob[schemas.KilledContainer]:
        """Sends a signal to a container; returns its job without waiting for it.

        Sends the signal to the main process, and does not wait for its effect. 409 if the container
        is not running. To end a container with a grace period, use `stop`.

        Needs the scope `containers:write`.

        `POST /api/v1/containers/{name}/kill`

        Args:
            name: A name, an id, or a unique prefix of an id.
            node: The node of the container, if several nodes have one with this name.
            signal: Name or number of a signal, such as `SIGHUP`, `HUP` or 1. Default: `SIGKILL`.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
        """
        _request = Request(
            "POST",
            _path("/api/v1/containers/{name}/kill", name=name),
            query={"node": node},
            body={"signal": signal, "callback_url": callback_url},
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _job: PendingJob[schemas.KilledContainer] = self._transport.submit(_request)
        return _job

    def pause(
        self,
        name: str,
        *,
        node: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
        wait_seconds: float | None = None,
    ) -> schemas.PausedContainer:
        """Pauses a container.

        Freezes all processes of the container until it is unpaused. Succeeds if it is paused
        already; 409 if it is not running.

        Needs the scope `containers:write`.

        `POST /api/v1/containers/{name}/pause`

        Args:
            name: A name, an id, or a unique prefix of an id.
            node: The node of the container, if several nodes have one with this name.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
            wait_seconds: Time after which the job is cancelled and `WaitTimeoutError` is raised.
                Default: no limit.
        """
        _request = Request(
            "POST",
            _path("/api/v1/containers/{name}/pause", name=name),
            query={"node": node, "callback_url": callback_url},
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _result: schemas.PausedContainer = self._transport.run(_request, wait_seconds)
        return _result

    def submit_pause(
        self,
        name: str,
        *,
        node: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
    ) -> PendingJob[schemas.PausedContainer]:
        """Pauses a container; returns its job without waiting for it.

        Freezes all processes of the container until it is unpaused. Succeeds if it is paused
        already; 409 if it is not running.

        Needs the scope `containers:write`.

        `POST /api/v1/containers/{name}/pause`

        Args:
            name: A name, an id, or a unique prefix of an id.
            node: The node of the container, if several nodes have one with this name.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
        """
        _request = Request(
            "POST",
            _path("/api/v1/containers/{name}/pause", name=name),
            query={"node": node, "callback_url": callback_url},
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _job: PendingJob[schemas.PausedContainer] = self._transport.submit(_request)
        return _job

    def unpause(
        self,
        name: str,
        *,
        node: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
        wait_seconds: float | None = None,
    ) -> schemas.UnpausedContainer:
        """Unpauses a container.

        Resumes the processes of the container. Succeeds if it is running already; 409 if it is
        neither paused nor running.

        Needs the scope `containers:write`.

        `POST /api/v1/containers/{name}/unpause`

        Args:
            name: A name, an id, or a unique prefix of an id.
            node: The node of the container, if several nodes have one with this name.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
            wait_seconds: Time after which the job is cancelled and `WaitTimeoutError` is raised.
                Default: no limit.
        """
        _request = Request(
            "POST",
            _path("/api/v1/containers/{name}/unpause", name=name),
            query={"node": node, "callback_url": callback_url},
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _result: schemas.UnpausedContainer = self._transport.run(_request, wait_seconds)
        return _result

    def submit_unpause(
        self,
        name: str,
        *,
        node: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
    ) -> PendingJob[schemas.UnpausedContainer]:
        """Unpauses a container; returns its job without waiting for it.

        Resumes the processes of the container. Succeeds if it is running already; 409 if it is
        neither paused nor running.

        Needs the scope `containers:write`.

        `POST /api/v1/containers/{name}/unpause`

        Args:
            name: A name, an id, or a unique prefix of an id.
            node: The node of the container, if several nodes have one with this name.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
        """
        _request = Request(
            "POST",
            _path("/api/v1/containers/{name}/unpause", name=name),
            query={"node": node, "callback_url": callback_url},
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _job: PendingJob[schemas.UnpausedContainer] = self._transport.submit(_request)
        return _job

    def rename(
        self,
        name: str,
        *,
        new_name: str,
        node: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
        wait_seconds: float | None = None,
    ) -> schemas.RenamedContainer:
        """Renames a container.

        The container may be running or stopped, and keeps its id. 409 if another container of the
        fleet has the new name.

        Needs the scope `containers:write`.

        `POST /api/v1/containers/{name}/rename`

        Args:
            name: A name, an id, or a unique prefix of an id.
            new_name: A name that no other container of the fleet has.
            node: The node of the container, if several nodes have one with this name.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
            wait_seconds: Time after which the job is cancelled and `WaitTimeoutError` is raised.
                Default: no limit.
        """
        _request = Request(
            "POST",
            _path("/api/v1/containers/{name}/rename", name=name),
            query={"node": node},
            body={"new_name": new_name, "callback_url": callback_url},
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _result: schemas.RenamedContainer = self._transport.run(_request, wait_seconds)
        return _result

    def submit_rename(
        self,
        name: str,
        *,
        new_name: str,
        node: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
    ) -> PendingJob[schemas.RenamedContainer]:
        """Renames a container; returns its job without waiting for it.

        The container may be running or stopped, and keeps its id. 409 if another container of the
        fleet has the new name.

        Needs the scope `containers:write`.

        `POST /api/v1/containers/{name}/rename`

        Args:
            name: A name, an id, or a unique prefix of an id.
            new_name: A name that no other container of the fleet has.
            node: The node of the container, if several nodes have one with this name.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
        """
        _request = Request(
            "POST",
            _path("/api/v1/containers/{name}/rename", name=name),
            query={"node": node},
            body={"new_name": new_name, "callback_url": callback_url},
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _job: PendingJob[schemas.RenamedContainer] = self._transport.submit(_request)
        return _job

    def update(
        self,
        name: str,
        *,
        node: str | None = None,
        memory: int | str | None = None,
        cpus: float | str | None = None,
        pids_limit: int | None = None,
        restart_policy: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
        wait_seconds: float | None = None,
    ) -> schemas.UpdatedContainer:
        """Changes the limits of a container.

        Changes all of the given limits, or none. 409 for what the podman of the node cannot change:
        podman 4.3 changes `memory` and `cpus` of a running container until it stops, and neither
        `pids_limit` nor `restart_policy`.

        Needs the scope `containers:write`.

        `POST /api/v1/containers/{name}/update`

        Args:
            name: A name, an id, or a unique prefix of an id.
            node: The node of the container, if several nodes have one with this name.
            memory: Bytes, or a string with a unit: `512m`, `1G`, `1.5g`, `2GiB`; units are powers
                of 1024.
            cpus: Number of CPUs, with at most two decimals: `0.5` or `"0.5"`.
            pids_limit: Maximum number of processes; -1: no limit.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
            wait_seconds: Time after which the job is cancelled and `WaitTimeoutError` is raised.
                Default: no limit.
        """
        _request = Request(
            "POST",
            _path("/api/v1/containers/{name}/update", name=name),
            query={"node": node},
            body={
                "memory": memory,
                "cpus": cpus,
                "pids_limit": pids_limit,
                "restart_policy": restart_policy,
                "callback_url": callback_url,
            },
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _result: schemas.UpdatedContainer = self._transport.run(_request, wait_seconds)
        return _result

    def submit_update(
        self,
        name: str,
        *,
        node: str | None = None,
        memory: int | str | None = None,
        cpus: float | str | None = None,
        pids_limit: int | None = None,
        restart_policy: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
    ) -> PendingJob[schemas.UpdatedContainer]:
        """Changes the limits of a container; returns its job without waiting for it.

        Changes all of the given limits, or none. 409 for what the podman of the node cannot change:
        podman 4.3 changes `memory` and `cpus` of a running container until it stops, and neither
        `pids_limit` nor `restart_policy`.

        Needs the scope `containers:write`.

        `POST /api/v1/containers/{name}/update`

        Args:
            name: A name, an id, or a unique prefix of an id.
            node: The node of the container, if several nodes have one with this name.
            memory: Bytes, or a string with a unit: `512m`, `1G`, `1.5g`, `2GiB`; units are powers
                of 1024.
            cpus: Number of CPUs, with at most two decimals: `0.5` or `"0.5"`.
            pids_limit: Maximum number of processes; -1: no limit.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
        """
        _request = Request(
            "POST",
            _path("/api/v1/containers/{name}/update", name=name),
            query={"node": node},
            body={
                "memory": memory,
                "cpus": cpus,
                "pids_limit": pids_limit,
                "restart_policy": restart_policy,
                "callback_url": callback_url,
            },
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _job: PendingJob[schemas.UpdatedContainer] = self._transport.submit(_request)
        return _job

    def commit(
        self,
        name: str,
        *,
        reference: str,
        node: str | None = None,
        message: str | None = None,
        author: str | None = None,
        changes: Sequence[str] | None = None,
        pause: bool | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
        wait_seconds: float | None = None,
    ) -> schemas.CommittedImage:
        """Creates an image from a container.

        The image is on the container's node and has its files, without volumes and memory, and its
        command. The values of the container's environment are left out. 403 if the name belongs to
        a registry, or if ALLOWED_IMAGES allows it: the new image must not pass for one of those.

        Needs the scope `containers:write`.

        `POST /api/v1/containers/{name}/commit`

        Args:
            name: A name, an id, or a unique prefix of an id.
            reference: Name of the new image, such as `app:1`, which is short for `localhost/app:1`.
            node: The node of the container, if several nodes have one with this name.
            message: Stored in the image.
            author: Stored in the image.
            changes: Instructions of a Containerfile for the image, such as `CMD ["sleep", "5"]`;
                not `ENV`.
            pause: Pauses the container meanwhile, so that its files do not change; default: true.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
            wait_seconds: Time after which the job is cancelled and `WaitTimeoutError` is raised.
                Default: no limit.
        """
        _request = Request(
            "POST",
            _path("/api/v1/containers/{name}/commit", name=name),
            query={"node": node},
            body={
                "reference": reference,
                "message": message,
                "author": author,
                "changes": changes,
                "pause": pause,
                "callback_url": callback_url,
            },
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _result: schemas.CommittedImage = self._transport.run(_request, wait_seconds)
        return _result

    def submit_commit(
        self,
        name: str,
        *,
        reference: str,
        node: str | None = None,
        message: str | None = None,
        author: str | None = None,
        changes: Sequence[str] | None = None,
        pause: bool | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
    ) -> PendingJob[schemas.CommittedImage]:
        """Creates an image from a container; returns its job without waiting for it.

        The image is on the container's node and has its files, without volumes and memory, and its
        command. The values of the container's environment are left out. 403 if the name belongs to
        a registry, or if ALLOWED_IMAGES allows it: the new image must not pass for one of those.

        Needs the scope `containers:write`.

        `POST /api/v1/containers/{name}/commit`

        Args:
            name: A name, an id, or a unique prefix of an id.
            reference: Name of the new image, such as `app:1`, which is short for `localhost/app:1`.
            node: The node of the container, if several nodes have one with this name.
            message: Stored in the image.
            author: Stored in the image.
            changes: Instructions of a Containerfile for the image, such as `CMD ["sleep", "5"]`;
                not `ENV`.
            pause: Pauses the container meanwhile, so that its files do not change; default: true.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
        """
        _request = Request(
            "POST",
            _path("/api/v1/containers/{name}/commit", name=name),
            query={"node": node},
            body={
                "reference": reference,
                "message": message,
                "author": author,
                "changes": changes,
                "pause": pause,
                "callback_url": callback_url,
            },
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _job: PendingJob[schemas.CommittedImage] = self._transport.submit(_request)
        return _job

    def renew(
        self,
        name: str,
        *,
        ttl: int,
        node: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
        wait_seconds: float | None = None,
    ) -> schemas.RenewedContainer:
        """Sets a container’s remaining time to live.

        Also for a container without a time to live. The time counts from the request.

        Needs the scope `containers:write`.

        `POST /api/v1/containers/{name}/renew`

        Args:
            name: A name, an id, or a unique prefix of an id.
            node: The node of the container, if several nodes have one with this name.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
            wait_seconds: Time after which the job is cancelled and `WaitTimeoutError` is raised.
                Default: no limit.
        """
        _request = Request(
            "POST",
            _path("/api/v1/containers/{name}/renew", name=name),
            query={"node": node},
            body={"ttl": ttl, "callback_url": callback_url},
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _result: schemas.RenewedContainer = self._transport.run(_request, wait_seconds)
        return _result

    def submit_renew(
        self,
        name: str,
        *,
        ttl: int,
        node: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
    ) -> PendingJob[schemas.RenewedContainer]:
        """Sets a container’s remaining time to live; returns its job without waiting for it.

        Also for a container without a time to live. The time counts from the request.

        Needs the scope `containers:write`.

        `POST /api/v1/containers/{name}/renew`

        Args:
            name: A name, an id, or a unique prefix of an id.
            node: The node of the container, if several nodes have one with this name.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
        """
        _request = Request(
            "POST",
            _path("/api/v1/containers/{name}/renew", name=name),
            query={"node": node},
            body={"ttl": ttl, "callback_url": callback_url},
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _job: PendingJob[schemas.RenewedContainer] = self._transport.submit(_request)
        return _job

    def wait(
        self,
        name: str,
        *,
        condition: Literal["stopped", "running", "healthy"] | None = None,
        node: str | None = None,
        callback_url: str | None = None,
    ) -> schemas.WaitedContainer:
        """Waits until a container has stopped, runs or is healthy.

        Answers at once if the condition holds. 404 when the container is removed, 409 for `healthy`
        if it has no health check. The request waits like any other: see `Prefer`.

        Needs the scope `containers:read`.

        `GET /api/v1/containers/{name}/wait`

        Args:
            name: A name, an id, or a unique prefix of an id.
            condition: `stopped` (default), `running`, or `healthy` by its health check.
            node: The node of the container, if several nodes have one with this name.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
        """
        _request = Request(
            "GET",
            _path("/api/v1/containers/{name}/wait", name=name),
            query={"condition": condition, "node": node, "callback_url": callback_url},
            is_retryable=True,
        )
        _result: schemas.WaitedContainer = self._transport.read(_request, "container")
        return _result

    def top(
        self,
        name: str,
        *,
        node: str | None = None,
        callback_url: str | None = None,
    ) -> schemas.ContainerProcesses:
        """Lists the processes of a container.

        409 if the container is not running. Processes can change the command that is shown for
        them.

        Needs the scope `containers:read`.

        `GET /api/v1/containers/{name}/top`

        Args:
            name: A name, an id, or a unique prefix of an id.
            node: The node of the container, if several nodes have one with this name.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
        """
        _request = Request(
            "GET",
            _path("/api/v1/containers/{name}/top", name=name),
            query={"node": node, "callback_url": callback_url},
            is_retryable=True,
        )
        _result: schemas.ContainerProcesses = self._transport.read(_request, "container")
        return _result

    def stats(
        self,
        name: str,
        *,
        node: str | None = None,
        callback_url: str | None = None,
    ) -> schemas.ContainerStats:
        """Returns the resource usage of a container: CPU, memory, network and disk.

        409 if the container is not running. `stream=true` streams events instead, until the
        container stops.

        Needs the scope `containers:read`.

        `GET /api/v1/containers/{name}/stats`

        Args:
            name: A name, an id, or a unique prefix of an id.
            node: The node of the container, if several nodes have one with this name.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
        """
        _request = Request(
            "GET",
            _path("/api/v1/containers/{name}/stats", name=name),
            query={"node": node, "callback_url": callback_url},
            is_retryable=True,
        )
        _result: schemas.ContainerStats = self._transport.read(_request, "stats")
        return _result

    def stats_stream(
        self,
        name: str,
        *,
        node: str | None = None,
        callback_url: str | None = None,
    ) -> Iterator[ServerEvent]:
        """Returns the resource usage of a container: CPU, memory, network and disk.

        409 if the container is not running. `stream=true` streams events instead, until the
        container stops.

        Needs the scope `containers:read`.

        `GET /api/v1/containers/{name}/stats`

        Args:
            name: A name, an id, or a unique prefix of an id.
            node: The node of the container, if several nodes have one with this name.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
        """
        _request = Request(
            "GET",
            _path("/api/v1/containers/{name}/stats", name=name),
            query={"node": node, "callback_url": callback_url, "stream": "true"},
            is_retryable=True,
        )
        return self._transport.stream(_request)

    def changes(
        self,
        name: str,
        *,
        node: str | None = None,
        callback_url: str | None = None,
    ) -> schemas.ContainerChanges:
        """Lists the changes in the file system of a container.

        Compares the container with its image; volumes are left out. At most 10,000 changes, sorted
        by kind and path.

        Needs the scope `containers:read`.

        `GET /api/v1/containers/{name}/changes`

        Args:
            name: A name, an id, or a unique prefix of an id.
            node: The node of the container, if several nodes have one with this name.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
        """
        _request = Request(
            "GET",
            _path("/api/v1/containers/{name}/changes", name=name),
            query={"node": node, "callback_url": callback_url},
            is_retryable=True,
        )
        _result: schemas.ContainerChanges = self._transport.read(_request, "container")
        return _result

    def logs(
        self,
        name: str,
        *,
        tail: str | None = None,
        since: str | None = None,
        until: str | None = None,
        timestamps: bool | None = None,
        last_event_id: str | None = None,
        node: str | None = None,
        callback_url: str | None = None,
    ) -> schemas.ContainerLogs:
        """Returns the last lines of the log of a container.

        stdout and stderr in order, at most 8 MiB; `truncated` says whether there is more.
        `follow=true` streams the log as events instead, until the container stops; the `Accept`
        header chooses their format.

        Needs the scope `containers:read`.

        `GET /api/v1/containers/{name}/logs`

        Args:
            name: A name, an id, or a unique prefix of an id.
            tail: Number of lines from the end, or `all`; default: 100.
            since: Only lines from this time on: RFC 3339, seconds since 1970, or an age such as
                `10m`.
            until: Only lines up to this time: RFC 3339, seconds since 1970, or an age such as
                `10m`.
            timestamps: Writes the time before each line.
            last_event_id: With `follow=true`: the `id` of the last received event, after which the
                stream continues.
            node: The node of the container, if several nodes have one with this name.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
        """
        _request = Request(
            "GET",
            _path("/api/v1/containers/{name}/logs", name=name),
            query={
                "tail": tail,
                "since": since,
                "until": until,
                "timestamps": timestamps,
                "node": node,
                "callback_url": callback_url,
            },
            headers={"Last-Event-ID": last_event_id},
            is_retryable=True,
        )
        _result: schemas.ContainerLogs = self._transport.read(_request, "container")
        return _result

    def logs_stream(
        self,
        name: str,
        *,
        tail: str | None = None,
        since: str | None = None,
        until: str | None = None,
        timestamps: bool | None = None,
        last_event_id: str | None = None,
        node: str | None = None,
        callback_url: str | None = None,
    ) -> Iterator[ServerEvent]:
        """Returns the last lines of the log of a container.

        stdout and stderr in order, at most 8 MiB; `truncated` says whether there is more.
        `follow=true` streams the log as events instead, until the container stops; the `Accept`
        header chooses their format.

        Needs the scope `containers:read`.

        `GET /api/v1/containers/{name}/logs`

        Args:
            name: A name, an id, or a unique prefix of an id.
            tail: Number of lines from the end, or `all`; default: 100.
            since: Only lines from this time on: RFC 3339, seconds since 1970, or an age such as
                `10m`.
            until: Only lines up to this time: RFC 3339, seconds since 1970, or an age such as
                `10m`.
            timestamps: Writes the time before each line.
            last_event_id: With `follow=true`: the `id` of the last received event, after which the
                stream continues.
            node: The node of the container, if several nodes have one with this name.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
        """
        _request = Request(
            "GET",
            _path("/api/v1/containers/{name}/logs", name=name),
            query={
                "tail": tail,
                "since": since,
                "until": until,
                "timestamps": timestamps,
                "node": node,
                "callback_url": callback_url,
                "follow": "true",
            },
            headers={"Last-Event-ID": last_event_id},
            is_retryable=True,
        )
        return self._transport.stream(_request)

    def add_user(
        self,
        name: str,
        *,
        username: str,
        node: str | None = None,
        password: str | None = None,
        shell: str | None = None,
        uid: int | None = None,
        gid: int | None = None,
        groups: Sequence[str] | None = None,
        home: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
        wait_seconds: float | None = None,
    ) -> schemas.AddedUser:
        """Adds a user to a running container.

        The user gets a home directory and, if `password` is given, a password. The user's own group
        is the one with the id `gid`, or else the one with the user's name; it is created if it does
        not exist. If adding the user fails, everything is undone; a group that existed before
        stays.

        The image's own tool adds the user: `useradd`, `adduser` of BusyBox, or a script of this
        service. That tool decides which names with dots or capitals are valid (400).

        Needs the scope `exec`.

        `POST /api/v1/containers/{name}/users`

        Args:
            name: A name, an id, or a unique prefix of an id.
            node: The node of the container, if several nodes have one with this name.
            password: Set with the container’s own tool; never in an argument list or a log.
            shell: Default: `/bin/bash` if the image has it, else `/bin/sh`.
            uid: Default: chosen by the tool. 409 if another user has it.
            gid: Id of the user’s own group, which is created if it does not exist. Default: chosen
                by the tool.
            groups: Names of further groups, which must exist.
            home: Default: `/home/` and the name. It is created if it does not exist.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
            wait_seconds: Time after which the job is cancelled and `WaitTimeoutError` is raised.
                Default: no limit.
        """
        _request = Request(
            "POST",
            _path("/api/v1/containers/{name}/users", name=name),
            query={"node": node},
            body={
                "username": username,
                "password": password,
                "shell": shell,
                "uid": uid,
                "gid": gid,
                "groups": groups,
                "home": home,
                "callback_url": callback_url,
            },
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _result: schemas.AddedUser = self._transport.run(_request, wait_seconds)
        return _result

    def submit_add_user(
        self,
        name: str,
        *,
        username: str,
        node: str | None = None,
        password: str | None = None,
        shell: str | None = None,
        uid: int | None = None,
        gid: int | None = None,
        groups: Sequence[str] | None = None,
        home: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
    ) -> PendingJob[schemas.AddedUser]:
        """Adds a user to a running container; returns its job without waiting for it.

        The user gets a home directory and, if `password` is given, a password. The user's own group
        is the one with the id `gid`, or else the one with the user's name; it is created if it does
        not exist. If adding the user fails, everything is undone; a group that existed before
        stays.

        The image's own tool adds the user: `useradd`, `adduser` of BusyBox, or a script of this
        service. That tool decides which names with dots or capitals are valid (400).

        Needs the scope `exec`.

        `POST /api/v1/containers/{name}/users`

        Args:
            name: A name, an id, or a unique prefix of an id.
            node: The node of the container, if several nodes have one with this name.
            password: Set with the container’s own tool; never in an argument list or a log.
            shell: Default: `/bin/bash` if the image has it, else `/bin/sh`.
            uid: Default: chosen by the tool. 409 if another user has it.
            gid: Id of the user’s own group, which is created if it does not exist. Default: chosen
                by the tool.
            groups: Names of further groups, which must exist.
            home: Default: `/home/` and the name. It is created if it does not exist.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
        """
        _request = Request(
            "POST",
            _path("/api/v1/containers/{name}/users", name=name),
            query={"node": node},
            body={
                "username": username,
                "password": password,
                "shell": shell,
                "uid": uid,
                "gid": gid,
                "groups": groups,
                "home": home,
                "callback_url": callback_url,
            },
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _job: PendingJob[schemas.AddedUser] = self._transport.submit(_request)
        return _job

    def add_file(
        self,
        name: str,
        *,
        dest_path: str,
        content: str,
        node: str | None = None,
        encoding: Literal["utf8", "base64"] | None = None,
        mode: str | None = None,
        owner: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
        wait_seconds: float | None = None,
    ) -> schemas.AddedFile:
        """Writes a file into a container atomically.

        Missing directories above the file are created and belong to root. The content replaces a
        file in one step: a reader sees the old content or the new one.

        - Without `mode` and `owner`, the file keeps those of the file that it replaces; a new one
        gets 0644 and root. In a container that is stopped, or whose image has no shell, the owner
        is root unless given. - A symbolic link is followed inside the container, as `docker cp`
        does. It is not followed (400) if a user other than root can change it and it leads to a
        directory of another user; nor at the end of `dest_path` if the container is stopped or has
        no shell. - A file that is mounted by itself, such as /etc/hosts, is written in place, which
        is not atomic. Anything but a regular file is refused (400). - The container may be stopped,
        and needs no shell. Files that podman replaces at each start are refused (409) while the
        container is stopped: /etc/hosts, /etc/hostname, /etc/resolv.conf, /dev and mounts in
        memory.

        Needs the scope `exec`.

        `POST /api/v1/containers/{name}/files`

        Args:
            name: A name, an id, or a unique prefix of an id.
            dest_path: An absolute path without `..`; missing parent directories are created.
            content: The content as a string, or in base64 with `encoding` `base64`.
            node: The node of the container, if several nodes have one with this name.
            encoding: Encoding of `content`. Default: `utf8`.
            mode: Octal digits. Default: that of the file that is replaced, `0644` for a new one.
            owner: A user or uid, or `user:group`. Default: that of the file that is replaced, root
                for a new one.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
            wait_seconds: Time after which the job is cancelled and `WaitTimeoutError` is raised.
                Default: no limit.
        """
        _request = Request(
            "POST",
            _path("/api/v1/containers/{name}/files", name=name),
            query={"node": node},
            body={
                "dest_path": dest_path,
                "content": content,
                "encoding": encoding,
                "mode": mode,
                "owner": owner,
                "callback_url": callback_url,
            },
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _result: schemas.AddedFile = self._transport.run(_request, wait_seconds)
        return _result

    def submit_add_file(
        self,
        name: str,
        *,
        dest_path: str,
        content: str,
        node: str | None = None,
        encoding: Literal["utf8", "base64"] | None = None,
        mode: str | None = None,
        owner: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
    ) -> PendingJob[schemas.AddedFile]:
        """Writes a file into a container atomically; returns its job without waiting for it.

        Missing directories above the file are created and belong to root. The content replaces a
        file in one step: a reader sees the old content or the new one.

        - Without `mode` and `owner`, the file keeps those of the file that it replaces; a new one
        gets 0644 and root. In a container that is stopped, or whose image has no shell, the owner
        is root unless given. - A symbolic link is followed inside the container, as `docker cp`
        does. It is not followed (400) if a user other than root can change it and it leads to a
        directory of another user; nor at the end of `dest_path` if the container is stopped or has
        no shell. - A file that is mounted by itself, such as /etc/hosts, is written in place, which
        is not atomic. Anything but a regular file is refused (400). - The container may be stopped,
        and needs no shell. Files that podman replaces at each start are refused (409) while the
        container is stopped: /etc/hosts, /etc/hostname, /etc/resolv.conf, /dev and mounts in
        memory.

        Needs the scope `exec`.

        `POST /api/v1/containers/{name}/files`

        Args:
            name: A name, an id, or a unique prefix of an id.
            dest_path: An absolute path without `..`; missing parent directories are created.
            content: The content as a string, or in base64 with `encoding` `base64`.
            node: The node of the container, if several nodes have one with this name.
            encoding: Encoding of `content`. Default: `utf8`.
            mode: Octal digits. Default: that of the file that is replaced, `0644` for a new one.
            owner: A user or uid, or `user:group`. Default: that of the file that is replaced, root
                for a new one.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
        """
        _request = Request(
            "POST",
            _path("/api/v1/containers/{name}/files", name=name),
            query={"node": node},
            body={
                "dest_path": dest_path,
                "content": content,
                "encoding": encoding,
                "mode": mode,
                "owner": owner,
                "callback_url": callback_url,
            },
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _job: PendingJob[schemas.AddedFile] = self._transport.submit(_request)
        return _job

    def read_file(
        self,
        name: str,
        *,
        path: str,
        range: str | None = None,
        if_range: str | None = None,
        if_none_match: str | None = None,
        node: str | None = None,
    ) -> ByteStream:
        """Returns the bytes of a file in a container.

        The container may be stopped, and needs no shell. Symbolic links are followed inside the
        container. A directory is a 409: use the archive. If the file changes while it is sent, the
        connection is closed before the end.

        Needs the scope `exec`.

        `GET /api/v1/containers/{name}/files`

        Args:
            name: A name, an id, or a unique prefix of an id.
            path: An absolute path in the container, without `..`.
            range: One range of bytes, such as `bytes=0-1023`: the response is a 206.
            if_range: Applies the range only if the file has this ETag; otherwise returns the whole
                file.
            if_none_match: ETags for which the response is a 304.
            node: The node of the container, if several nodes have one with this name.
        """
        _request = Request(
            "GET",
            _path("/api/v1/containers/{name}/files", name=name),
            query={"path": path, "node": node},
            headers={"Range": range, "If-Range": if_range, "If-None-Match": if_none_match},
            is_retryable=True,
        )
        return self._transport.open_bytes(_request)

    def write_file(
        self,
        name: str,
        *,
        path: str,
        content: Content,
        mode: str | None = None,
        owner: str | None = None,
        node: str | None = None,
        callback_url: str | None = None,
    ) -> schemas.ContainerFile:
        """Writes the request body into a file in a container.

        The body may have up to `MAX_UPLOAD` bytes and is streamed. The file is replaced in one step
        when all of the body has arrived; before that, and after a failure, the old file is there.
        Missing directories above it are made, as root. The container may be stopped, and needs no
        shell.

        Needs the scope `exec`.

        `PUT /api/v1/containers/{name}/files`

        Args:
            name: A name, an id, or a unique prefix of an id.
            path: An absolute path in the container, without `..`.
            content: The bytes, or a binary file, which is sent as it is read. Media types:
                application/octet-stream.
            mode: Octal digits. Default: that of the file that is replaced, `0644` for a new one.
            owner: A user or uid, or `user:group`. Default: that of the file that is replaced, root
                for a new one.
            node: The node of the container, if several nodes have one with this name.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
        """
        _request = Request(
            "PUT",
            _path("/api/v1/containers/{name}/files", name=name),
            query={
                "path": path,
                "mode": mode,
                "owner": owner,
                "node": node,
                "callback_url": callback_url,
            },
            content=content,
        )
        _result: schemas.ContainerFile = self._transport.read(_request, "file")
        return _result

    def remove_file(
        self,
        name: str,
        *,
        path: str,
        recursive: bool | None = None,
        node: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
        wait_seconds: float | None = None,
    ) -> schemas.RemovedFile:
        """Removes a file or directory in a container.

        A symbolic link is removed itself. Mounts are refused (409), also below a directory.

        Needs the scope `exec`.

        `DELETE /api/v1/containers/{name}/files`

        Args:
            name: A name, an id, or a unique prefix of an id.
            path: An absolute path in the container, without `..`.
            recursive: Removes a directory with its content. Default: only an empty one.
            node: The node of the container, if several nodes have one with this name.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
            wait_seconds: Time after which the job is cancelled and `WaitTimeoutError` is raised.
                Default: no limit.
        """
        _request = Request(
            "DELETE",
            _path("/api/v1/containers/{name}/files", name=name),
            query={
                "path": path,
                "recursive": recursive,
                "node": node,
                "callback_url": callback_url,
            },
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _result: schemas.RemovedFile = self._transport.run(_request, wait_seconds)
        return _result

    def submit_remove_file(
        self,
        name: str,
        *,
        path: str,
        recursive: bool | None = None,
        node: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
    ) -> PendingJob[schemas.RemovedFile]:
        """Removes a file or directory in a container; returns its job without waiting for it.

        A symbolic link is removed itself. Mounts are refused (409), also below a directory.

        Needs the scope `exec`.

        `DELETE /api/v1/containers/{name}/files`

        Args:
            name: A name, an id, or a unique prefix of an id.
            path: An absolute path in the container, without `..`.
            recursive: Removes a directory with its content. Default: only an empty one.
            node: The node of the container, if several nodes have one with this name.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
        """
        _request = Request(
            "DELETE",
            _path("/api/v1/containers/{name}/files", name=name),
            query={
                "path": path,
                "recursive": recursive,
                "node": node,
                "callback_url": callback_url,
            },
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _job: PendingJob[schemas.RemovedFile] = self._transport.submit(_request)
        return _job

    def read_archive(
        self,
        name: str,
        *,
        path: str,
        accept_encoding: str | None = None,
        node: str | None = None,
    ) -> ByteStream:
        """Returns a file or directory of a container as a tar archive.

        The container may be stopped, and needs no shell. Symbolic links on the way to the path are
        followed inside the container. Owners are ids, as in the container. Sockets, extended
        attributes and file systems of the kernel, such as /proc, are left out. If a file becomes
        shorter while it is sent, the connection is closed before the end.

        Needs the scope `exec`.

        `GET /api/v1/containers/{name}/archive`

        Args:
            name: A name, an id, or a unique prefix of an id.
            path: An absolute path in the container, without `..`. The names in the archive begin
                with its last part; with `/.` at its end, they begin with `.`. A symbolic link
                at the end is archived itself, unless `/` or `/.` follows.
            accept_encoding: With `gzip`, the archive is compressed.
            node: The node of the container, if several nodes have one with this name.
        """
        _request = Request(
            "GET",
            _path("/api/v1/containers/{name}/archive", name=name),
            query={"path": path, "node": node},
            headers={"Accept-Encoding": accept_encoding},
            is_retryable=True,
        )
        return self._transport.open_bytes(_request)

    def write_archive(
        self,
        name: str,
        *,
        path: str,
        content: Content,
        node: str | None = None,
        callback_url: str | None = None,
    ) -> schemas.ExtractedArchive:
        """Unpacks a tar archive in a directory of a container.

        The body may have up to `MAX_UPLOAD` bytes, after decompression with `Content-Encoding:
        gzip`, and is streamed. It is unpacked into a hidden directory inside it, and checked; then
        everything is moved to its place, each file and each new directory in one step. So an
        archive that is incomplete, damaged or refused changes nothing; only a failure while files
        are moved, such as a full volume, leaves some of them moved. Names with `..`, links out of
        the archive, devices, pipes and sparse files are refused. The container may be stopped, and
        needs no shell.

        Needs the scope `exec`.

        `PUT /api/v1/containers/{name}/archive`

        Args:
            name: A name, an id, or a unique prefix of an id.
            path: The directory, an absolute path in the container without `..`. It must exist.
            content: The bytes, or a binary file, which is sent as it is read. Media types:
                application/x-tar.
            node: The node of the container, if several nodes have one with this name.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
        """
        _request = Request(
            "PUT",
            _path("/api/v1/containers/{name}/archive", name=name),
            query={"path": path, "node": node, "callback_url": callback_url},
            content=content,
        )
        _result: schemas.ExtractedArchive = self._transport.read(_request, "archive")
        return _result

    def stat_file(
        self,
        name: str,
        *,
        path: str,
        node: str | None = None,
        callback_url: str | None = None,
    ) -> schemas.ContainerFile:
        """Returns type, size, mode, owner and time of a file in a container.

        A symbolic link at the end of the path is described itself. The container may be stopped,
        and needs no shell.

        Needs the scope `exec`.

        `GET /api/v1/containers/{name}/files/stat`

        Args:
            name: A name, an id, or a unique prefix of an id.
            path: An absolute path in the container, without `..`.
            node: The node of the container, if several nodes have one with this name.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
        """
        _request = Request(
            "GET",
            _path("/api/v1/containers/{name}/files/stat", name=name),
            query={"path": path, "node": node, "callback_url": callback_url},
            is_retryable=True,
        )
        _result: schemas.ContainerFile = self._transport.read(_request, "file")
        return _result

    def list_files(
        self,
        name: str,
        *,
        path: str,
        depth: int | None = None,
        limit: int | None = None,
        node: str | None = None,
        callback_url: str | None = None,
    ) -> Sequence[schemas.ContainerFile]:
        """Lists the files in a directory of a container.

        Level by level, each directory sorted by name; symbolic links below `path` are not followed.
        The container may be stopped, and needs no shell.

        Needs the scope `exec`.

        `GET /api/v1/containers/{name}/files/list`

        Args:
            name: A name, an id, or a unique prefix of an id.
            path: An absolute path in the container, without `..`.
            depth: Levels below the directory. Default: 1.
            limit: Maximum number of files. Default: 1000. A response with this many files may be
                incomplete.
            node: The node of the container, if several nodes have one with this name.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
        """
        _request = Request(
            "GET",
            _path("/api/v1/containers/{name}/files/list", name=name),
            query={
                "path": path,
                "depth": depth,
                "limit": limit,
                "node": node,
                "callback_url": callback_url,
            },
            is_retryable=True,
        )
        _result: Sequence[schemas.ContainerFile] = self._transport.read(_request, "files")
        return _result

    def move_file(
        self,
        name: str,
        *,
        from_: str,
        to: str,
        node: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
        wait_seconds: float | None = None,
    ) -> schemas.ContainerFile:
        """Moves or renames a file or directory in a container.

        In one step. Both paths must be in the same file system; an existing directory is not
        replaced (409).

        Needs the scope `exec`.

        `POST /api/v1/containers/{name}/files/move`

        Args:
            name: A name, an id, or a unique prefix of an id.
            from_: An absolute path in the container, without `..`.
            to: The new path, in a directory that exists. An existing file is replaced.
            node: The node of the container, if several nodes have one with this name.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
            wait_seconds: Time after which the job is cancelled and `WaitTimeoutError` is raised.
                Default: no limit.
        """
        _request = Request(
            "POST",
            _path("/api/v1/containers/{name}/files/move", name=name),
            query={"node": node},
            body={"from": from_, "to": to, "callback_url": callback_url},
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _result: schemas.ContainerFile = self._transport.run(_request, wait_seconds)
        return _result

    def submit_move_file(
        self,
        name: str,
        *,
        from_: str,
        to: str,
        node: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
    ) -> PendingJob[schemas.ContainerFile]:
        """Moves or renames a file or directory in a container; returns its job without waiting for it.

        In one step. Both paths must be in the same file system; an existing directory is not
        replaced (409).

        Needs the scope `exec`.

        `POST /api/v1/containers/{name}/files/move`

        Args:
            name: A name, an id, or a unique prefix of an id.
            from_: An absolute path in the container, without `..`.
            to: The new path, in a directory that exists. An existing file is replaced.
            node: The node of the container, if several nodes have one with this name.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
        """
        _request = Request(
            "POST",
            _path("/api/v1/containers/{name}/files/move", name=name),
            query={"node": node},
            body={"from": from_, "to": to, "callback_url": callback_url},
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _job: PendingJob[schemas.ContainerFile] = self._transport.submit(_request)
        return _job

    def make_directory(
        self,
        name: str,
        *,
        path: str,
        node: str | None = None,
        mode: str | None = None,
        owner: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
        wait_seconds: float | None = None,
    ) -> schemas.ContainerFile:
        """Makes a directory in a container.

        Creates missing directories above it too. An existing directory gets the mode and owner, if
        they are given.

        Needs the scope `exec`.

        `POST /api/v1/containers/{name}/files/directory`

        Args:
            name: A name, an id, or a unique prefix of an id.
            path: An absolute path in the container, without `..`.
            node: The node of the container, if several nodes have one with this name.
            mode: Octal digits. Default: `0755` for a new directory.
            owner: A user or uid, or `user:group`. Default: root for a new directory.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
            wait_seconds: Time after which the job is cancelled and `WaitTimeoutError` is raised.
                Default: no limit.
        """
        _request = Request(
            "POST",
            _path("/api/v1/containers/{name}/files/directory", name=name),
            query={"node": node},
            body={"path": path, "mode": mode, "owner": owner, "callback_url": callback_url},
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _result: schemas.ContainerFile = self._transport.run(_request, wait_seconds)
        return _result

    def submit_make_directory(
        self,
        name: str,
        *,
        path: str,
        node: str | None = None,
        mode: str | None = None,
        owner: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
    ) -> PendingJob[schemas.ContainerFile]:
        """Makes a directory in a container; returns its job without waiting for it.

        Creates missing directories above it too. An existing directory gets the mode and owner, if
        they are given.

        Needs the scope `exec`.

        `POST /api/v1/containers/{name}/files/directory`

        Args:
            name: A name, an id, or a unique prefix of an id.
            path: An absolute path in the container, without `..`.
            node: The node of the container, if several nodes have one with this name.
            mode: Octal digits. Default: `0755` for a new directory.
            owner: A user or uid, or `user:group`. Default: root for a new directory.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
        """
        _request = Request(
            "POST",
            _path("/api/v1/containers/{name}/files/directory", name=name),
            query={"node": node},
            body={"path": path, "mode": mode, "owner": owner, "callback_url": callback_url},
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _job: PendingJob[schemas.ContainerFile] = self._transport.submit(_request)
        return _job

    def exec(
        self,
        name: str,
        *,
        command: str | Sequence[str],
        node: str | None = None,
        user: str | None = None,
        environment: Mapping[str, str | float | bool] | None = None,
        work_dir: str | None = None,
        stdin: str | None = None,
        timeout: int | None = None,
        stop_timeout: int | None = None,
        encoding: Literal["utf8", "base64"] | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
        wait_seconds: float | None = None,
    ) -> schemas.Execution:
        """Runs a command in a running container.

        Its exit code is data: a command that fails is a 200 with `execution.success` false.

        Needs the scope `exec`.

        `POST /api/v1/containers/{name}/exec`

        Args:
            name: A name, an id, or a unique prefix of an id.
            command: A string runs as `sh -c <string>` in the container; a list is argv, with no
                shell.
            node: The node of the container, if several nodes have one with this name.
            user: A user or uid, or `user:group`; default: the user of the container.
            environment: Variables. Their values are in no log, job or argument list. A name may
                have `.` and `-`, but a shell drops such variables: the programs that `sh`
                starts do not get them.
            stdin: Text for the stdin of the command.
            timeout: Time limit of the command in seconds; default: `JOB_TIMEOUT`.
            stop_timeout: Seconds between SIGTERM and SIGKILL when the time limit is reached or the
                job is cancelled; default: 2.
            encoding: Encoding of the output in the response; default: `utf8`.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
            wait_seconds: Time after which the job is cancelled and `WaitTimeoutError` is raised.
                Default: no limit.
        """
        _request = Request(
            "POST",
            _path("/api/v1/containers/{name}/exec", name=name),
            query={"node": node},
            body={
                "command": command,
                "user": user,
                "environment": environment,
                "work_dir": work_dir,
                "stdin": stdin,
                "timeout": timeout,
                "stop_timeout": stop_timeout,
                "encoding": encoding,
                "callback_url": callback_url,
            },
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _result: schemas.Execution = self._transport.run(_request, wait_seconds)
        return _result

    def submit_exec(
        self,
        name: str,
        *,
        command: str | Sequence[str],
        node: str | None = None,
        user: str | None = None,
        environment: Mapping[str, str | float | bool] | None = None,
        work_dir: str | None = None,
        stdin: str | None = None,
        timeout: int | None = None,
        stop_timeout: int | None = None,
        encoding: Literal["utf8", "base64"] | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
    ) -> PendingJob[schemas.Execution]:
        """Runs a command in a running container; returns its job without waiting for it.

        Its exit code is data: a command that fails is a 200 with `execution.success` false.

        Needs the scope `exec`.

        `POST /api/v1/containers/{name}/exec`

        Args:
            name: A name, an id, or a unique prefix of an id.
            command: A string runs as `sh -c <string>` in the container; a list is argv, with no
                shell.
            node: The node of the container, if several nodes have one with this name.
            user: A user or uid, or `user:group`; default: the user of the container.
            environment: Variables. Their values are in no log, job or argument list. A name may
                have `.` and `-`, but a shell drops such variables: the programs that `sh`
                starts do not get them.
            stdin: Text for the stdin of the command.
            timeout: Time limit of the command in seconds; default: `JOB_TIMEOUT`.
            stop_timeout: Seconds between SIGTERM and SIGKILL when the time limit is reached or the
                job is cancelled; default: 2.
            encoding: Encoding of the output in the response; default: `utf8`.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
        """
        _request = Request(
            "POST",
            _path("/api/v1/containers/{name}/exec", name=name),
            query={"node": node},
            body={
                "command": command,
                "user": user,
                "environment": environment,
                "work_dir": work_dir,
                "stdin": stdin,
                "timeout": timeout,
                "stop_timeout": stop_timeout,
                "encoding": encoding,
                "callback_url": callback_url,
            },
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _job: PendingJob[schemas.Execution] = self._transport.submit(_request)
        return _job


class Runs:
    """Calls of runs."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(
        self,
        *,
        image: str,
        command: str | Sequence[str] | None = None,
        environment: Mapping[str, str | float | bool] | None = None,
        ports: Sequence[str] | Mapping[str, str | float | None | Sequence[str | float]] | None = None,
        volumes: Sequence[str] | Mapping[str, str | schemas.RunCreateRequestVolumesValue] | None = None,
        node: str | None = None,
        node_selector: Mapping[str, str] | None = None,
        stdin: str | None = None,
        files: Sequence[schemas.RunCreateRequestFilesItem] | None = None,
        timeout: int | None = None,
        outputs: Sequence[str] | None = None,
        keep: bool | None = None,
        ttl: int | None = None,
        user: str | None = None,
        entrypoint: str | Sequence[str] | None = None,
        work_dir: str | None = None,
        labels: Mapping[str, str] | None = None,
        hostname: str | None = None,
        network: str | None = None,
        memory: int | str | None = None,
        cpus: float | str | None = None,
        pids_limit: int | None = None,
        cap_add: Sequence[str] | None = None,
        cap_drop: Sequence[str] | None = None,
        read_only: bool | None = None,
        tmpfs: Sequence[str] | Mapping[str, str] | None = None,
        init: bool | None = None,
        pull_policy: Literal["missing", "always", "never"] | None = None,
        healthcheck: schemas.RunCreateRequestHealthcheck | None = None,
        shm_size: int | str | None = None,
        ulimits: Mapping[str, int | schemas.RunCreateRequestUlimitsValue] | None = None,
        stop_signal: float | str | None = None,
        extra_hosts: Sequence[str] | Mapping[str, str] | None = None,
        dns: Sequence[str] | None = None,
        platform: str | None = None,
        runtime: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
        wait_seconds: float | None = None,
    ) -> schemas.FinishedRun:
        """Runs a command in a new container.

        Creates a container, puts `files` into it, runs its command with `stdin`, returns its output
        and the files named in `outputs`, and always removes the container.

        - A command that fails is a 200 with `run.success` false; so is one that is ended at its
        time limit, with `run.timed_out` true. - A client that disconnects does not end a run: its
        `timeout`, its `ttl` or `DELETE /jobs/:id` does. `GET /jobs/:id/output` streams the output
        meanwhile. - `outputs` are read from the stopped container: files in a tmpfs no longer exist
        then.

        Needs the scope `containers:write`.

        `POST /api/v1/runs`

        Args:
            image: An image reference, or the id of an image.
            command: A list is argv. A string is split into words as a shell does, but no shell runs
                it: one with an unquoted `&&`, `|`, `;`, `<`, `>`, `$NAME` or a backquote is
                refused. For a shell write `["sh", "-c", "..."]`.
            environment: Variables. Their values are in no log, job or argument list. A name may
                have `.` and `-`, but a shell drops such variables: the programs that `sh`
                starts do not get them.
            ports: `{"8080": "80"}` (host: container), `{"80/tcp": 8080}` or
                `["127.0.0.1:8080:80/tcp", "8000-8002:80-82"]`; if the host port is 0, null or
                missing, podman chooses one.
            volumes: `{"/host": "/container"}`, `{"name": {"bind": "/container", "mode": "ro"}}` or
                `["name:/container:ro", "/container"]`; a path alone is a new volume that is
                removed with the container. `z` and `Z` are for SELinux.
            node: The node for the container. Default: chosen by the API.
            node_selector: Labels that the chosen node must have.
            stdin: Text for the stdin of the command. Default: empty.
            files: Files that are in the container before the command starts. They and their new
                directories belong to root.
            timeout: Time limit of the command in seconds. Default: `JOB_TIMEOUT`, which then
                includes the pull of the image.
            outputs: Regular files that are returned after the command has ended: at most 1 MiB
                each, and 4 MiB in all.
            keep: Keeps the container after its command has ended. Default: false.
            ttl: Seconds after which the run is ended at the latest; a container that is kept is
                removed then.
            user: A user or uid, or `user:group`.
            entrypoint: Instead of the image's entrypoint: a list, or a string that is split into
                words. `""` removes the image's.
            labels: At most 64 KiB of names and values in all.
            memory: Bytes, or a string with a unit: `512m`, `1G`, `1.5g`, `2GiB`; units are powers
                of 1024.
            cpus: Number of CPUs, with at most two decimals: `0.5` or `"0.5"`.
            pids_limit: Maximum number of processes; -1: no limit.
            read_only: Makes the root file system read-only.
            tmpfs: File systems in memory: `["/run", "/tmp:size=64m,mode=1777"]` or `{"/tmp":
                "size=64m"}`.
            init: Runs an init that reaps processes.
            pull_policy: When the image is pulled; default: `missing`.
            healthcheck: Checks the health of the container; times are in seconds.
            shm_size: Size of `/dev/shm`, written as `memory` is; default: 64 MiB.
            ulimits: `{"nofile": 1024}` or `{"nofile": {"soft": 1024, "hard": 2048}}`; -1 is no
                limit.
            stop_signal: Signal that stops the container, such as `SIGINT`; default: that of the
                image, else `SIGTERM`.
            extra_hosts: Lines for `/etc/hosts`: `["db:10.0.0.5"]` or `{"db": "10.0.0.5"}`;
                `host-gateway` is the address of the host (podman 4.7 and later).
            dns: Addresses of DNS servers, at most three.
            platform: Platform of the image, such as `linux/amd64` or `linux/arm/v7`; default: that
                of the node.
            runtime: An OCI runtime of the node that `ALLOWED_RUNTIMES` lists; default: podman's own
                default.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
            wait_seconds: Time after which the job is cancelled and `WaitTimeoutError` is raised.
                Default: no limit.
        """
        _request = Request(
            "POST",
            "/api/v1/runs",
            body={
                "image": image,
                "command": command,
                "environment": environment,
                "ports": ports,
                "volumes": volumes,
                "node": node,
                "node_selector": node_selector,
                "stdin": stdin,
                "files": files,
                "timeout": timeout,
                "outputs": outputs,
                "keep": keep,
                "ttl": ttl,
                "user": user,
                "entrypoint": entrypoint,
                "work_dir": work_dir,
                "labels": labels,
                "hostname": hostname,
                "network": network,
                "memory": memory,
                "cpus": cpus,
                "pids_limit": pids_limit,
                "cap_add": cap_add,
                "cap_drop": cap_drop,
                "read_only": read_only,
                "tmpfs": tmpfs,
                "init": init,
                "pull_policy": pull_policy,
                "healthcheck": healthcheck,
                "shm_size": shm_size,
                "ulimits": ulimits,
                "stop_signal": stop_signal,
                "extra_hosts": extra_hosts,
                "dns": dns,
                "platform": platform,
                "runtime": runtime,
                "callback_url": callback_url,
            },
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _result: schemas.FinishedRun = self._transport.run(_request, wait_seconds)
        return _result

    def submit_create(
        self,
        *,
        image: str,
        command: str | Sequence[str] | None = None,
        environment: Mapping[str, str | float | bool] | None = None,
        ports: Sequence[str] | Mapping[str, str | float | None | Sequence[str | float]] | None = None,
        volumes: Sequence[str] | Mapping[str, str | schemas.RunCreateRequestVolumesValue] | None = None,
        node: str | None = None,
        node_selector: Mapping[str, str] | None = None,
        stdin: str | None = None,
        files: Sequence[schemas.RunCreateRequestFilesItem] | None = None,
        timeout: int | None = None,
        outputs: Sequence[str] | None = None,
        keep: bool | None = None,
        ttl: int | None = None,
        user: str | None = None,
        entrypoint: str | Sequence[str] | None = None,
        work_dir: str | None = None,
        labels: Mapping[str, str] | None = None,
        hostname: str | None = None,
        network: str | None = None,
        memory: int | str | None = None,
        cpus: float | str | None = None,
        pids_limit: int | None = None,
        cap_add: Sequence[str] | None = None,
        cap_drop: Sequence[str] | None = None,
        read_only: bool | None = None,
        tmpfs: Sequence[str] | Mapping[str, str] | None = None,
        init: bool | None = None,
        pull_policy: Literal["missing", "always", "never"] | None = None,
        healthcheck: schemas.RunCreateRequestHealthcheck | None = None,
        shm_size: int | str | None = None,
        ulimits: Mapping[str, int | schemas.RunCreateRequestUlimitsValue] | None = None,
        stop_signal: float | str | None = None,
        extra_hosts: Sequence[str] | Mapping[str, str] | None = None,
        dns: Sequence[str] | None = None,
        platform: str | None = None,
        runtime: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
    ) -> PendingJob[schemas.FinishedRun]:
        """Runs a command in a new container; returns its job without waiting for it.

        Creates a container, puts `files` into it, runs its command with `stdin`, returns its output
        and the files named in `outputs`, and always removes the container.

        - A command that fails is a 200 with `run.success` false; so is one that is ended at its
        time limit, with `run.timed_out` true. - A client that disconnects does not end a run: its
        `timeout`, its `ttl` or `DELETE /jobs/:id` does. `GET /jobs/:id/output` streams the output
        meanwhile. - `outputs` are read from the stopped container: files in a tmpfs no longer exist
        then.

        Needs the scope `containers:write`.

        `POST /api/v1/runs`

        Args:
            image: An image reference, or the id of an image.
            command: A list is argv. A string is split into words as a shell does, but no shell runs
                it: one with an unquoted `&&`, `|`, `;`, `<`, `>`, `$NAME` or a backquote is
                refused. For a shell write `["sh", "-c", "..."]`.
            environment: Variables. Their values are in no log, job or argument list. A name may
                have `.` and `-`, but a shell drops such variables: the programs that `sh`
                starts do not get them.
            ports: `{"8080": "80"}` (host: container), `{"80/tcp": 8080}` or
                `["127.0.0.1:8080:80/tcp", "8000-8002:80-82"]`; if the host port is 0, null or
                missing, podman chooses one.
            volumes: `{"/host": "/container"}`, `{"name": {"bind": "/container", "mode": "ro"}}` or
                `["name:/container:ro", "/container"]`; a path alone is a new volume that is
                removed with the container. `z` and `Z` are for SELinux.
            node: The node for the container. Default: chosen by the API.
            node_selector: Labels that the chosen node must have.
            stdin: Text for the stdin of the command. Default: empty.
            files: Files that are in the container before the command starts. They and their new
                directories belong to root.
            timeout: Time limit of the command in seconds. Default: `JOB_TIMEOUT`, which then
                includes the pull of the image.
            outputs: Regular files that are returned after the command has ended: at most 1 MiB
                each, and 4 MiB in all.
            keep: Keeps the container after its command has ended. Default: false.
            ttl: Seconds after which the run is ended at the latest; a container that is kept is
                removed then.
            user: A user or uid, or `user:group`.
            entrypoint: Instead of the image's entrypoint: a list, or a string that is split into
                words. `""` removes the image's.
            labels: At most 64 KiB of names and values in all.
            memory: Bytes, or a string with a unit: `512m`, `1G`, `1.5g`, `2GiB`; units are powers
                of 1024.
            cpus: Number of CPUs, with at most two decimals: `0.5` or `"0.5"`.
            pids_limit: Maximum number of processes; -1: no limit.
            read_only: Makes the root file system read-only.
            tmpfs: File systems in memory: `["/run", "/tmp:size=64m,mode=1777"]` or `{"/tmp":
                "size=64m"}`.
            init: Runs an init that reaps processes.
            pull_policy: When the image is pulled; default: `missing`.
            healthcheck: Checks the health of the container; times are in seconds.
            shm_size: Size of `/dev/shm`, written as `memory` is; default: 64 MiB.
            ulimits: `{"nofile": 1024}` or `{"nofile": {"soft": 1024, "hard": 2048}}`; -1 is no
                limit.
            stop_signal: Signal that stops the container, such as `SIGINT`; default: that of the
                image, else `SIGTERM`.
            extra_hosts: Lines for `/etc/hosts`: `["db:10.0.0.5"]` or `{"db": "10.0.0.5"}`;
                `host-gateway` is the address of the host (podman 4.7 and later).
            dns: Addresses of DNS servers, at most three.
            platform: Platform of the image, such as `linux/amd64` or `linux/arm/v7`; default: that
                of the node.
            runtime: An OCI runtime of the node that `ALLOWED_RUNTIMES` lists; default: podman's own
                default.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
        """
        _request = Request(
            "POST",
            "/api/v1/runs",
            body={
                "image": image,
                "command": command,
                "environment": environment,
                "ports": ports,
                "volumes": volumes,
                "node": node,
                "node_selector": node_selector,
                "stdin": stdin,
                "files": files,
                "timeout": timeout,
                "outputs": outputs,
                "keep": keep,
                "ttl": ttl,
                "user": user,
                "entrypoint": entrypoint,
                "work_dir": work_dir,
                "labels": labels,
                "hostname": hostname,
                "network": network,
                "memory": memory,
                "cpus": cpus,
                "pids_limit": pids_limit,
                "cap_add": cap_add,
                "cap_drop": cap_drop,
                "read_only": read_only,
                "tmpfs": tmpfs,
                "init": init,
                "pull_policy": pull_policy,
                "healthcheck": healthcheck,
                "shm_size": shm_size,
                "ulimits": ulimits,
                "stop_signal": stop_signal,
                "extra_hosts": extra_hosts,
                "dns": dns,
                "platform": platform,
                "runtime": runtime,
                "callback_url": callback_url,
            },
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _job: PendingJob[schemas.FinishedRun] = self._transport.submit(_request)
        return _job

    def create_batch(
        self,
        *,
        runs: Sequence[schemas.BatchedRun],
        callback_url: str | None = None,
        idempotency_key: str | None = None,
    ) -> Sequence[schemas.RunCreateBatchResultItem | schemas.RunCreateBatchResultItem2]:
        """Submits up to 100 runs, each as a separate job.

        All runs are validated before any is submitted, and each counts as a request. The response
        has an entry for each run, in the order of the request: its job, or the error if it could
        not be submitted. With an `Idempotency-Key`, a batch that is sent again submits only what is
        missing.

        Needs the scope `containers:write`.

        `POST /api/v1/runs/batch`

        Args:
            runs: Runs as in `POST /runs`.
            callback_url: A URL to which each job is sent when it has ended; its host must be in
                CALLBACK_HOSTS.
            idempotency_key: Calls with the same key are one call. Default: a new key.
        """
        _request = Request(
            "POST",
            "/api/v1/runs/batch",
            body={"runs": runs, "callback_url": callback_url},
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _result: Sequence[schemas.RunCreateBatchResultItem | schemas.RunCreateBatchResultItem2] = self._transport.read(_request, "runs")
        return _result


class Images:
    """Calls of images."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def pull(
        self,
        *,
        reference: str,
        pull_policy: Literal["always", "missing"] | None = None,
        credentials: schemas.ImagePullRequestCredentials | None = None,
        node: str | None = None,
        node_selector: Mapping[str, str] | None = None,
        all_nodes: bool | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
    ) -> schemas.ImagePullResult:
        """Pulls an image.

        The job's output has podman's own lines on stderr, and on stdout a line of JSON for each
        change of a layer: `{layer, status}`, and `bytes` and `total_bytes` if podman prints them.
        Pulls of the same image on a node run one after another, so that its layers are downloaded
        once. With `node_selector` or `all_nodes` the response has `images` and `failed`; it is an
        error if all nodes failed.

        Needs the scope `images:write`.

        `POST /api/v1/images/pull`

        Args:
            reference: An image reference, such as `docker.io/library/alpine:3.20`.
            pull_policy: `missing` queries the registry only if the node has no such image; default:
                `always`.
            credentials: Login at the registry. It is in no log, job or argument list. Default: the
                login of the host (`podman login`).
            node: The node. Default: the least loaded.
            node_selector: Runs on all nodes with these labels.
            all_nodes: Runs on all nodes.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
        """
        _request = Request(
            "POST",
            "/api/v1/images/pull",
            body={
                "reference": reference,
                "pull_policy": pull_policy,
                "credentials": credentials,
                "node": node,
                "node_selector": node_selector,
                "all_nodes": all_nodes,
                "callback_url": callback_url,
            },
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _result: schemas.ImagePullResult = self._transport.read(_request, None)
        return _result

    def list(
        self,
        *,
        reference: str | None = None,
        dangling: bool | None = None,
        label: Sequence[str] | str | None = None,
        node: str | None = None,
        callback_url: str | None = None,
    ) -> schemas.ImageListResult:
        """Lists the images.

        Needs the scope `images:read`.

        `GET /api/v1/images`

        Args:
            reference: A reference in which `*` matches any characters, with or without the tag and
                the parts before a `/`: `alpine` finds `docker.io/library/alpine:3.20`.
            dangling: `true`: only images without a name; `false`: only images with one.
            node: Queries only this node.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
        """
        _request = Request(
            "GET",
            "/api/v1/images",
            query={
                "reference": reference,
                "dangling": dangling,
                "label": label,
                "node": node,
                "callback_url": callback_url,
            },
            is_retryable=True,
        )
        _result: schemas.ImageListResult = self._transport.read(_request, None)
        return _result

    def export(self, *, reference: str, node: str | None = None) -> ByteStream:
        """Returns an image as a tar archive.

        The archive has the format of `docker save`, with the name that was given; `POST
        /images/load` and `docker load` accept it. If it fails after it has begun, the connection is
        closed before the end.

        Needs the scope `images:read`.

        `GET /api/v1/images/export`

        Args:
            reference: An image reference, or the id of an image.
            node: The node of the image, if several nodes have one with this name.
        """
        _request = Request(
            "GET",
            "/api/v1/images/export",
            query={"reference": reference, "node": node},
            is_retryable=True,
        )
        return self._transport.open_bytes(_request)

    def inspect(
        self,
        reference: str,
        *,
        node: str | None = None,
        callback_url: str | None = None,
    ) -> schemas.ImageDetails:
        """Returns details of an image.

        Slashes of the reference are encoded as `%2F`. If several nodes have it, one of them
        answers. Values of environment variables are masked, because an image can be created from a
        container.

        Needs the scope `images:read`.

        `GET /api/v1/images/{reference}`

        Args:
            reference: An image reference, or the id of an image.
            node: The node of the image, if several nodes have one with this name.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
        """
        _request = Request(
            "GET",
            _path("/api/v1/images/{reference}", reference=reference),
            query={"node": node, "callback_url": callback_url},
            is_retryable=True,
        )
        _result: schemas.ImageDetails = self._transport.read(_request, "image")
        return _result

    def remove(
        self,
        reference: str,
        *,
        force: bool | None = None,
        node: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
        wait_seconds: float | None = None,
    ) -> schemas.RemovedImage:
        """Removes an image.

        A reference removes that name, and the image with its last name. 409 while a container uses
        the image; with `force` only while a container that is not stopped does.

        Needs the scope `images:write`.

        `DELETE /api/v1/images/{reference}`

        Args:
            reference: An image reference, or the id of an image.
            force: Removes all names of the image too, and the stopped containers that use it.
            node: The node of the image, if several nodes have one with this name.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
            wait_seconds: Time after which the job is cancelled and `WaitTimeoutError` is raised.
                Default: no limit.
        """
        _request = Request(
            "DELETE",
            _path("/api/v1/images/{reference}", reference=reference),
            query={"force": force, "node": node, "callback_url": callback_url},
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _result: schemas.RemovedImage = self._transport.run(_request, wait_seconds)
        return _result

    def submit_remove(
        self,
        reference: str,
        *,
        force: bool | None = None,
        node: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
    ) -> PendingJob[schemas.RemovedImage]:
        """Removes an image; returns its job without waiting for it.

        A reference removes that name, and the image with its last name. 409 while a container uses
        the image; with `force` only while a container that is not stopped does.

        Needs the scope `images:write`.

        `DELETE /api/v1/images/{reference}`

        Args:
            reference: An image reference, or the id of an image.
            force: Removes all names of the image too, and the stopped containers that use it.
            node: The node of the image, if several nodes have one with this name.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
        """
        _request = Request(
            "DELETE",
            _path("/api/v1/images/{reference}", reference=reference),
            query={"force": force, "node": node, "callback_url": callback_url},
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _job: PendingJob[schemas.RemovedImage] = self._transport.submit(_request)
        return _job

    def tag(
        self,
        source: str,
        *,
        reference: str,
        node: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
        wait_seconds: float | None = None,
    ) -> schemas.TaggedImage:
        """Gives an image another name.

        If ALLOWED_IMAGES is set, it must allow both the name in the path and the new one.

        Needs the scope `images:write`.

        `POST /api/v1/images/{source}/tag`

        Args:
            source: An image reference, or the id of an image.
            reference: The new name. Another image that has this name loses it.
            node: The node of the image, if several nodes have one with this name.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
            wait_seconds: Time after which the job is cancelled and `WaitTimeoutError` is raised.
                Default: no limit.
        """
        _request = Request(
            "POST",
            _path("/api/v1/images/{source}/tag", source=source),
            query={"node": node},
            body={"reference": reference, "callback_url": callback_url},
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _result: schemas.TaggedImage = self._transport.run(_request, wait_seconds)
        return _result

    def submit_tag(
        self,
        source: str,
        *,
        reference: str,
        node: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
    ) -> PendingJob[schemas.TaggedImage]:
        """Gives an image another name; returns its job without waiting for it.

        If ALLOWED_IMAGES is set, it must allow both the name in the path and the new one.

        Needs the scope `images:write`.

        `POST /api/v1/images/{source}/tag`

        Args:
            source: An image reference, or the id of an image.
            reference: The new name. Another image that has this name loses it.
            node: The node of the image, if several nodes have one with this name.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
        """
        _request = Request(
            "POST",
            _path("/api/v1/images/{source}/tag", source=source),
            query={"node": node},
            body={"reference": reference, "callback_url": callback_url},
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _job: PendingJob[schemas.TaggedImage] = self._transport.submit(_request)
        return _job

    def push(
        self,
        *,
        reference: str,
        node: str | None = None,
        credentials: schemas.ImagePushRequestCredentials | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
        wait_seconds: float | None = None,
    ) -> schemas.PushedImage:
        """Pushes an image to its registry.

        The job's output has the progress, as for a pull.

        Needs the scope `images:write`.

        `POST /api/v1/images/push`

        Args:
            reference: A name of the image with its registry; `POST /images/{source}/tag` gives it
                one.
            node: The node of the image, if several nodes have one with this name.
            credentials: Login at the registry. It is in no log, job or argument list. Default: the
                login of the host (`podman login`).
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
            wait_seconds: Time after which the job is cancelled and `WaitTimeoutError` is raised.
                Default: no limit.
        """
        _request = Request(
            "POST",
            "/api/v1/images/push",
            query={"node": node},
            body={
                "reference": reference,
                "credentials": credentials,
                "callback_url": callback_url,
            },
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _result: schemas.PushedImage = self._transport.run(_request, wait_seconds)
        return _result

    def submit_push(
        self,
        *,
        reference: str,
        node: str | None = None,
        credentials: schemas.ImagePushRequestCredentials | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
    ) -> PendingJob[schemas.PushedImage]:
        """Pushes an image to its registry; returns its job without waiting for it.

        The job's output has the progress, as for a pull.

        Needs the scope `images:write`.

        `POST /api/v1/images/push`

        Args:
            reference: A name of the image with its registry; `POST /images/{source}/tag` gives it
                one.
            node: The node of the image, if several nodes have one with this name.
            credentials: Login at the registry. It is in no log, job or argument list. Default: the
                login of the host (`podman login`).
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
        """
        _request = Request(
            "POST",
            "/api/v1/images/push",
            query={"node": node},
            body={
                "reference": reference,
                "credentials": credentials,
                "callback_url": callback_url,
            },
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _job: PendingJob[schemas.PushedImage] = self._transport.submit(_request)
        return _job

    def prune(
        self,
        *,
        node: str | None = None,
        all: bool | None = None,
        until: str | None = None,
        label: Sequence[str] | str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
    ) -> schemas.ImagePruneResult:
        """Removes images that no container uses.

        On all nodes, or on the one that `?node=` names. Images that a container uses, running or
        stopped, stay.

        Needs the scope `images:write`.

        `POST /api/v1/images/prune`

        Args:
            node: Queries only this node.
            all: Also images with a name; default: only dangling ones.
            until: Only images created before this time, or older than this age.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
        """
        _request = Request(
            "POST",
            "/api/v1/images/prune",
            query={"node": node},
            body={"all": all, "until": until, "label": label, "callback_url": callback_url},
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _result: schemas.ImagePruneResult = self._transport.read(_request, None)
        return _result

    def load(
        self,
        *,
        content: Content,
        node: str | None = None,
        callback_url: str | None = None,
    ) -> Sequence[schemas.LoadedImage]:
        """Loads images from a tar archive.

        The body is what `GET /images/export`, `docker save` or `podman save` returns, of up to
        `MAX_UPLOAD` bytes, after decompression with `Content-Encoding: gzip`. Another image that
        has one of the names loses that name. If ALLOWED_IMAGES is set, each name in the archive
        must begin with `localhost/`, and ALLOWED_IMAGES must not allow it: an image in an archive
        must not pass for an allowed one.

        Needs the scope `images:write`.

        `POST /api/v1/images/load`

        Args:
            content: The bytes, or a binary file, which is sent as it is read. Media types:
                application/x-tar.
            node: The node. Default: the least loaded.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
        """
        _request = Request(
            "POST",
            "/api/v1/images/load",
            query={"node": node, "callback_url": callback_url},
            content=content,
        )
        _result: Sequence[schemas.LoadedImage] = self._transport.read(_request, "images")
        return _result

    def build(
        self,
        *,
        tag: str,
        content: Content,
        file: str | None = None,
        target: str | None = None,
        build_arg: Sequence[str] | str | None = None,
        label: Sequence[str] | str | None = None,
        platform: str | None = None,
        pull: bool | None = None,
        memory: int | str | None = None,
        cpus: float | str | None = None,
        node: str | None = None,
        callback_url: str | None = None,
    ) -> schemas.BuiltImage:
        """Builds an image from a tar archive with its context.

        The body is the context, of up to `MAX_UPLOAD` bytes, after decompression with
        `Content-Encoding: gzip`. The job's output has what podman prints. There is no cache of
        layers. Not supported in a Containerfile are `ONBUILD`, `RUN --mount`, `ADD` of URLs and
        here-documents. ALLOWED_IMAGES applies to the images in it, and the tag is a new image: 403
        if the name belongs to a registry, or if ALLOWED_IMAGES allows it: the new image must not
        pass for one of those.

        Needs the scope `images:write`.

        `POST /api/v1/images/build`

        Args:
            tag: The name of the image. Another image that has this name loses it.
            content: The bytes, or a binary file, which is sent as it is read. Media types:
                application/x-tar.
            file: The Containerfile in the context. Default: `Containerfile`, or `Dockerfile`.
            target: The stage to build. Default: the last one.
            platform: Platform of the image, such as `linux/amd64` or `linux/arm/v7`; default: that
                of the node.
            pull: Checks the registries for newer versions of all images. Default: only for images
                that the node lacks.
            memory: Memory of each RUN, such as `512m`. Default: no limit.
            cpus: CPUs of each RUN. Default: no limit.
            node: The node. Default: the least loaded.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
        """
        _request = Request(
            "POST",
            "/api/v1/images/build",
            query={
                "tag": tag,
                "file": file,
                "target": target,
                "build_arg": build_arg,
                "label": label,
                "platform": platform,
                "pull": pull,
                "memory": memory,
                "cpus": cpus,
                "node": node,
                "callback_url": callback_url,
            },
            content=content,
        )
        _result: schemas.BuiltImage = self._transport.read(_request, "image")
        return _result


class Volumes:
    """Calls of volumes."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(
        self,
        *,
        name: str | None = None,
        driver: Literal["local"] | None = None,
        labels: Mapping[str, str] | None = None,
        options: schemas.VolumeCreateRequestOptions | None = None,
        node: str | None = None,
        node_selector: Mapping[str, str] | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
        wait_seconds: float | None = None,
    ) -> schemas.VolumeDetails:
        """Creates a volume.

        On the named node, on one with the labels of `node_selector`, or on the least loaded. 409 if
        that node has one of this name.

        Needs the scope `containers:write`.

        `POST /api/v1/volumes`

        Args:
            name: Default: generated by podman.
            driver: Default: local.
            labels: At most 64 KiB of names and values in all, without commas, double quotes and
                newlines.
            options: `{"type": "tmpfs", "device": "tmpfs"}`, or a directory of the host that
                `ALLOWED_MOUNTS` lists: `{"type": "none", "o": "bind", "device": "/srv/data"}`.
            node: The node for the volume. Default: chosen by the API.
            node_selector: Labels that the chosen node must have.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
            wait_seconds: Time after which the job is cancelled and `WaitTimeoutError` is raised.
                Default: no limit.
        """
        _request = Request(
            "POST",
            "/api/v1/volumes",
            body={
                "name": name,
                "driver": driver,
                "labels": labels,
                "options": options,
                "node": node,
                "node_selector": node_selector,
                "callback_url": callback_url,
            },
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _result: schemas.VolumeDetails = self._transport.run(_request, wait_seconds)
        return _result

    def submit_create(
        self,
        *,
        name: str | None = None,
        driver: Literal["local"] | None = None,
        labels: Mapping[str, str] | None = None,
        options: schemas.VolumeCreateRequestOptions | None = None,
        node: str | None = None,
        node_selector: Mapping[str, str] | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
    ) -> PendingJob[schemas.VolumeDetails]:
        """Creates a volume; returns its job without waiting for it.

        On the named node, on one with the labels of `node_selector`, or on the least loaded. 409 if
        that node has one of this name.

        Needs the scope `containers:write`.

        `POST /api/v1/volumes`

        Args:
            name: Default: generated by podman.
            driver: Default: local.
            labels: At most 64 KiB of names and values in all, without commas, double quotes and
                newlines.
            options: `{"type": "tmpfs", "device": "tmpfs"}`, or a directory of the host that
                `ALLOWED_MOUNTS` lists: `{"type": "none", "o": "bind", "device": "/srv/data"}`.
            node: The node for the volume. Default: chosen by the API.
            node_selector: Labels that the chosen node must have.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
        """
        _request = Request(
            "POST",
            "/api/v1/volumes",
            body={
                "name": name,
                "driver": driver,
                "labels": labels,
                "options": options,
                "node": node,
                "node_selector": node_selector,
                "callback_url": callback_url,
            },
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _job: PendingJob[schemas.VolumeDetails] = self._transport.submit(_request)
        return _job

    def list(
        self,
        *,
        label: Sequence[str] | str | None = None,
        name: str | None = None,
        dangling: bool | None = None,
        node: str | None = None,
        callback_url: str | None = None,
    ) -> schemas.VolumeListResult:
        """Lists volumes.

        Needs the scope `containers:read`.

        `GET /api/v1/volumes`

        Args:
            name: A part of the name.
            dangling: `true`: only those that no container uses; `false`: only those that a
                container uses.
            node: Queries only this node.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
        """
        _request = Request(
            "GET",
            "/api/v1/volumes",
            query={
                "label": label,
                "name": name,
                "dangling": dangling,
                "node": node,
                "callback_url": callback_url,
            },
            is_retryable=True,
        )
        _result: schemas.VolumeListResult = self._transport.read(_request, None)
        return _result

    def inspect(
        self,
        name: str,
        *,
        node: str | None = None,
        callback_url: str | None = None,
    ) -> schemas.VolumeDetails:
        """Inspects a volume.

        Needs the scope `containers:read`.

        `GET /api/v1/volumes/{name}`

        Args:
            name: A name, an id, or a unique prefix of an id.
            node: The node of the volume, if several nodes have one with this name.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
        """
        _request = Request(
            "GET",
            _path("/api/v1/volumes/{name}", name=name),
            query={"node": node, "callback_url": callback_url},
            is_retryable=True,
        )
        _result: schemas.VolumeDetails = self._transport.read(_request, "volume")
        return _result

    def remove(
        self,
        name: str,
        *,
        node: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
        wait_seconds: float | None = None,
    ) -> schemas.RemovedVolume:
        """Removes a volume and its contents.

        409 while a container uses it, running or stopped.

        Needs the scope `containers:write`.

        `DELETE /api/v1/volumes/{name}`

        Args:
            name: A name, an id, or a unique prefix of an id.
            node: The node of the volume, if several nodes have one with this name.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
            wait_seconds: Time after which the job is cancelled and `WaitTimeoutError` is raised.
                Default: no limit.
        """
        _request = Request(
            "DELETE",
            _path("/api/v1/volumes/{name}", name=name),
            query={"node": node, "callback_url": callback_url},
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _result: schemas.RemovedVolume = self._transport.run(_request, wait_seconds)
        return _result

    def submit_remove(
        self,
        name: str,
        *,
        node: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
    ) -> PendingJob[schemas.RemovedVolume]:
        """Removes a volume and its contents; returns its job without waiting for it.

        409 while a container uses it, running or stopped.

        Needs the scope `containers:write`.

        `DELETE /api/v1/volumes/{name}`

        Args:
            name: A name, an id, or a unique prefix of an id.
            node: The node of the volume, if several nodes have one with this name.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
        """
        _request = Request(
            "DELETE",
            _path("/api/v1/volumes/{name}", name=name),
            query={"node": node, "callback_url": callback_url},
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _job: PendingJob[schemas.RemovedVolume] = self._transport.submit(_request)
        return _job

    def prune(
        self,
        *,
        node: str | None = None,
        label: Sequence[str] | str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
    ) -> schemas.VolumePruneResult:
        """Removes the volumes that no container uses, with their contents.

        On all nodes, or on the one that `?node=` names.

        Needs the scope `containers:write`.

        `POST /api/v1/volumes/prune`

        Args:
            node: Queries only this node.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
        """
        _request = Request(
            "POST",
            "/api/v1/volumes/prune",
            query={"node": node},
            body={"label": label, "callback_url": callback_url},
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _result: schemas.VolumePruneResult = self._transport.read(_request, None)
        return _result


class Networks:
    """Calls of networks."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(
        self,
        *,
        name: str,
        driver: Literal["bridge"] | None = None,
        subnet: str | None = None,
        gateway: str | None = None,
        internal: bool | None = None,
        ipv6: bool | None = None,
        dns_enabled: bool | None = None,
        labels: Mapping[str, str] | None = None,
        options: schemas.NetworkCreateRequestOptions | None = None,
        node: str | None = None,
        node_selector: Mapping[str, str] | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
        wait_seconds: float | None = None,
    ) -> schemas.NetworkDetails:
        """Creates a network.

        On the named node, on one with the labels of `node_selector`, or on the least loaded. 409 if
        that node has one of this name, 400 for a subnet that the node routes elsewhere.

        Needs the scope `containers:write`.

        `POST /api/v1/networks`

        Args:
            subnet: A range of private addresses, such as `10.89.1.0/24`. Default: one that the node
                does not use.
            gateway: An address of the subnet. Default: its first.
            internal: Whether the network is isolated: its containers cannot reach anything outside
                it. Default: false.
            ipv6: Whether containers get an IPv6 address too. Default: false.
            dns_enabled: Whether containers find one another by name. Default: true.
            labels: At most 64 KiB of names and values in all.
            node: The node for the network. Default: chosen by the API.
            node_selector: Labels that the chosen node must have.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
            wait_seconds: Time after which the job is cancelled and `WaitTimeoutError` is raised.
                Default: no limit.
        """
        _request = Request(
            "POST",
            "/api/v1/networks",
            body={
                "name": name,
                "driver": driver,
                "subnet": subnet,
                "gateway": gateway,
                "internal": internal,
                "ipv6": ipv6,
                "dns_enabled": dns_enabled,
                "labels": labels,
                "options": options,
                "node": node,
                "node_selector": node_selector,
                "callback_url": callback_url,
            },
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _result: schemas.NetworkDetails = self._transport.run(_request, wait_seconds)
        return _result

    def submit_create(
        self,
        *,
        name: str,
        driver: Literal["bridge"] | None = None,
        subnet: str | None = None,
        gateway: str | None = None,
        internal: bool | None = None,
        ipv6: bool | None = None,
        dns_enabled: bool | None = None,
        labels: Mapping[str, str] | None = None,
        options: schemas.NetworkCreateRequestOptions | None = None,
        node: str | None = None,
        node_selector: Mapping[str, str] | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
    ) -> PendingJob[schemas.NetworkDetails]:
        """Creates a network; returns its job without waiting for it.

        On the named node, on one with the labels of `node_selector`, or on the least loaded. 409 if
        that node has one of this name, 400 for a subnet that the node routes elsewhere.

        Needs the scope `containers:write`.

        `POST /api/v1/networks`

        Args:
            subnet: A range of private addresses, such as `10.89.1.0/24`. Default: one that the node
                does not use.
            gateway: An address of the subnet. Default: its first.
            internal: Whether the network is isolated: its containers cannot reach anything outside
                it. Default: false.
            ipv6: Whether containers get an IPv6 address too. Default: false.
            dns_enabled: Whether containers find one another by name. Default: true.
            labels: At most 64 KiB of names and values in all.
            node: The node for the network. Default: chosen by the API.
            node_selector: Labels that the chosen node must have.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
        """
        _request = Request(
            "POST",
            "/api/v1/networks",
            body={
                "name": name,
                "driver": driver,
                "subnet": subnet,
                "gateway": gateway,
                "internal": internal,
                "ipv6": ipv6,
                "dns_enabled": dns_enabled,
                "labels": labels,
                "options": options,
                "node": node,
                "node_selector": node_selector,
                "callback_url": callback_url,
            },
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _job: PendingJob[schemas.NetworkDetails] = self._transport.submit(_request)
        return _job

    def list(
        self,
        *,
        label: Sequence[str] | str | None = None,
        name: str | None = None,
        dangling: bool | None = None,
        node: str | None = None,
        callback_url: str | None = None,
    ) -> schemas.NetworkListResult:
        """Lists networks.

        Needs the scope `containers:read`.

        `GET /api/v1/networks`

        Args:
            name: A part of the name.
            dangling: `true`: only those that no container uses; `false`: only those that a
                container uses.
            node: Queries only this node.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
        """
        _request = Request(
            "GET",
            "/api/v1/networks",
            query={
                "label": label,
                "name": name,
                "dangling": dangling,
                "node": node,
                "callback_url": callback_url,
            },
            is_retryable=True,
        )
        _result: schemas.NetworkListResult = self._transport.read(_request, None)
        return _result

    def inspect(
        self,
        name: str,
        *,
        node: str | None = None,
        callback_url: str | None = None,
    ) -> schemas.NetworkDetails:
        """Inspects a network.

        Needs the scope `containers:read`.

        `GET /api/v1/networks/{name}`

        Args:
            name: A name, an id, or a unique prefix of an id.
            node: The node of the network, if several nodes have one with this name.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
        """
        _request = Request(
            "GET",
            _path("/api/v1/networks/{name}", name=name),
            query={"node": node, "callback_url": callback_url},
            is_retryable=True,
        )
        _result: schemas.NetworkDetails = self._transport.read(_request, "network")
        return _result

    def remove(
        self,
        name: str,
        *,
        node: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
        wait_seconds: float | None = None,
    ) -> schemas.RemovedNetwork:
        """Removes a network.

        409 while a container is connected to it, running or stopped.

        Needs the scope `containers:write`.

        `DELETE /api/v1/networks/{name}`

        Args:
            name: A name, an id, or a unique prefix of an id.
            node: The node of the network, if several nodes have one with this name.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
            wait_seconds: Time after which the job is cancelled and `WaitTimeoutError` is raised.
                Default: no limit.
        """
        _request = Request(
            "DELETE",
            _path("/api/v1/networks/{name}", name=name),
            query={"node": node, "callback_url": callback_url},
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _result: schemas.RemovedNetwork = self._transport.run(_request, wait_seconds)
        return _result

    def submit_remove(
        self,
        name: str,
        *,
        node: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
    ) -> PendingJob[schemas.RemovedNetwork]:
        """Removes a network; returns its job without waiting for it.

        409 while a container is connected to it, running or stopped.

        Needs the scope `containers:write`.

        `DELETE /api/v1/networks/{name}`

        Args:
            name: A name, an id, or a unique prefix of an id.
            node: The node of the network, if several nodes have one with this name.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
        """
        _request = Request(
            "DELETE",
            _path("/api/v1/networks/{name}", name=name),
            query={"node": node, "callback_url": callback_url},
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _job: PendingJob[schemas.RemovedNetwork] = self._transport.submit(_request)
        return _job

    def prune(
        self,
        *,
        node: str | None = None,
        label: Sequence[str] | str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
    ) -> schemas.NetworkPruneResult:
        """Removes the networks that no container is connected to.

        On all nodes, or on the one that `?node=` names. If `ALLOWED_NETWORKS` is set, only networks
        that it allows.

        Needs the scope `containers:write`.

        `POST /api/v1/networks/prune`

        Args:
            node: Queries only this node.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
        """
        _request = Request(
            "POST",
            "/api/v1/networks/prune",
            query={"node": node},
            body={"label": label, "callback_url": callback_url},
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _result: schemas.NetworkPruneResult = self._transport.read(_request, None)
        return _result

    def connect(
        self,
        name: str,
        *,
        container: str,
        node: str | None = None,
        aliases: Sequence[str] | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
        wait_seconds: float | None = None,
    ) -> schemas.ConnectedContainer:
        """Connects a container to a network.

        Runs on the node of the container, which must have the network too. 409 if it is connected
        already.

        Needs the scope `containers:write`.

        `POST /api/v1/networks/{name}/connect`

        Args:
            name: A name, an id, or a unique prefix of an id.
            container: The container's name or id, running or stopped.
            node: The node of the container, if several nodes have one with this name.
            aliases: More names of the container in this network.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
            wait_seconds: Time after which the job is cancelled and `WaitTimeoutError` is raised.
                Default: no limit.
        """
        _request = Request(
            "POST",
            _path("/api/v1/networks/{name}/connect", name=name),
            query={"node": node},
            body={"container": container, "aliases": aliases, "callback_url": callback_url},
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _result: schemas.ConnectedContainer = self._transport.run(_request, wait_seconds)
        return _result

    def submit_connect(
        self,
        name: str,
        *,
        container: str,
        node: str | None = None,
        aliases: Sequence[str] | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
    ) -> PendingJob[schemas.ConnectedContainer]:
        """Connects a container to a network; returns its job without waiting for it.

        Runs on the node of the container, which must have the network too. 409 if it is connected
        already.

        Needs the scope `containers:write`.

        `POST /api/v1/networks/{name}/connect`

        Args:
            name: A name, an id, or a unique prefix of an id.
            container: The container's name or id, running or stopped.
            node: The node of the container, if several nodes have one with this name.
            aliases: More names of the container in this network.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
        """
        _request = Request(
            "POST",
            _path("/api/v1/networks/{name}/connect", name=name),
            query={"node": node},
            body={"container": container, "aliases": aliases, "callback_url": callback_url},
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _job: PendingJob[schemas.ConnectedContainer] = self._transport.submit(_request)
        return _job

    def disconnect(
        self,
        name: str,
        *,
        container: str,
        node: str | None = None,
        force: bool | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
        wait_seconds: float | None = None,
    ) -> schemas.DisconnectedContainer:
        """Disconnects a container from a network.

        Runs on the node of the container. 409 if it is not connected.

        Needs the scope `containers:write`.

        `POST /api/v1/networks/{name}/disconnect`

        Args:
            name: A name, an id, or a unique prefix of an id.
            container: The container's name or id, running or stopped.
            node: The node of the container, if several nodes have one with this name.
            force: Podman's `--force`. Default: false.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
            wait_seconds: Time after which the job is cancelled and `WaitTimeoutError` is raised.
                Default: no limit.
        """
        _request = Request(
            "POST",
            _path("/api/v1/networks/{name}/disconnect", name=name),
            query={"node": node},
            body={"container": container, "force": force, "callback_url": callback_url},
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _result: schemas.DisconnectedContainer = self._transport.run(_request, wait_seconds)
        return _result

    def submit_disconnect(
        self,
        name: str,
        *,
        container: str,
        node: str | None = None,
        force: bool | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
    ) -> PendingJob[schemas.DisconnectedContainer]:
        """Disconnects a container from a network; returns its job without waiting for it.

        Runs on the node of the container. 409 if it is not connected.

        Needs the scope `containers:write`.

        `POST /api/v1/networks/{name}/disconnect`

        Args:
            name: A name, an id, or a unique prefix of an id.
            container: The container's name or id, running or stopped.
            node: The node of the container, if several nodes have one with this name.
            force: Podman's `--force`. Default: false.
            callback_url: A URL to which the job is sent when it has ended; its host must be in
                CALLBACK_HOSTS. Needs `Prefer: respond-async`. See docs/api.md.
            idempotency_key: Calls with the same key are one call. Default: a new key.
        """
        _request = Request(
            "POST",
            _path("/api/v1/networks/{name}/disconnect", name=name),
            query={"node": node},
            body={"container": container, "force": force, "callback_url": callback_url},
            idempotency_key=idempotency_key,
            is_retryable=True,
        )
        _job: PendingJob[schemas.DisconnectedContainer] = self._transport.submit(_request)
        return _job


class Jobs:
    """Calls of jobs."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        status: Literal["queued", "running", "succeeded", "failed", "timed_out", "cancelled", "withdrawn", "unknown"] | None = None,
        operation: str | None = None,
        container: str | None = None,
        node: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> schemas.JobListResult:
        """Lists jobs, newest first.

        The jobs of the same token; with the scope `jobs`, all jobs.

        `GET /api/v1/jobs`

        Args:
            operation: For example `container.exec`.
            limit: Default: 50.
            cursor: The `cursor` of the previous page.
        """
        _request = Request(
            "GET",
            "/api/v1/jobs",
            query={
                "status": status,
                "operation": operation,
                "container": container,
                "node": node,
                "limit": limit,
                "cursor": cursor,
            },
            is_retryable=True,
        )
        _result: schemas.JobListResult = self._transport.read(_request, None)
        return _result

    def read(self, id: str, *, wait: int | None = None) -> schemas.Job:
        """Returns the status of a job, and its result.

        With its result or error if it has ended. The response is also 200 if the operation failed.

        `GET /api/v1/jobs/{id}`

        Args:
            wait: Longest time to wait for the end of the job, in seconds, up to `MAX_WAIT`.
                Default: 0.
        """
        _request = Request(
            "GET",
            _path("/api/v1/jobs/{id}", id=id),
            query={"wait": wait},
            is_retryable=True,
        )
        _result: schemas.Job = self._transport.read(_request, "job")
        return _result

    def cancel(self, id: str) -> schemas.Job:
        """Cancels a job.

        A queued job never runs. The processes of a running job are ended in its container.

        `DELETE /api/v1/jobs/{id}`
        """
        _request = Request(
            "DELETE",
            _path("/api/v1/jobs/{id}", id=id),
        )
        _result: schemas.Job = self._transport.read(_request, "job")
        return _result

    def output(self, id: str, *, last_event_id: str | None = None) -> Iterator[ServerEvent]:
        """Streams the output of a job, live or afterwards.

        Streams the output from its beginning, then the outcome. `Accept` selects the format.

        `GET /api/v1/jobs/{id}/output`

        Args:
            last_event_id: The `id` of the last received event: the stream continues after it.
        """
        _request = Request(
            "GET",
            _path("/api/v1/jobs/{id}/output", id=id),
            headers={"Last-Event-ID": last_event_id},
            is_retryable=True,
        )
        return self._transport.stream(_request)


class Nodes:
    """Calls of nodes."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self) -> Sequence[schemas.Node]:
        """Lists the nodes, by name.

        Needs the scope `nodes`.

        `GET /api/v1/nodes`
        """
        _request = Request(
            "GET",
            "/api/v1/nodes",
            is_retryable=True,
        )
        _result: Sequence[schemas.Node] = self._transport.read(_request, "nodes")
        return _result

    def read(self, name: str) -> schemas.Node:
        """Returns the state of a node.

        Needs the scope `nodes`.

        `GET /api/v1/nodes/{name}`
        """
        _request = Request(
            "GET",
            _path("/api/v1/nodes/{name}", name=name),
            is_retryable=True,
        )
        _result: schemas.Node = self._transport.read(_request, "node")
        return _result

    def remove(self, name: str) -> schemas.NodeRemoveResult:
        """Removes an offline node and its containers from the list of nodes.

        Needs the scope `nodes`.

        `DELETE /api/v1/nodes/{name}`
        """
        _request = Request(
            "DELETE",
            _path("/api/v1/nodes/{name}", name=name),
        )
        _result: schemas.NodeRemoveResult = self._transport.read(_request, "node")
        return _result

    def drain(self, name: str) -> schemas.Node:
        """Stops placing new containers on a node.

        Needs the scope `nodes`.

        `POST /api/v1/nodes/{name}/drain`
        """
        _request = Request(
            "POST",
            _path("/api/v1/nodes/{name}/drain", name=name),
        )
        _result: schemas.Node = self._transport.read(_request, "node")
        return _result

    def resume(self, name: str) -> schemas.Node:
        """Places new containers on a node again.

        Needs the scope `nodes`.

        `POST /api/v1/nodes/{name}/resume`
        """
        _request = Request(
            "POST",
            _path("/api/v1/nodes/{name}/resume", name=name),
        )
        _result: schemas.Node = self._transport.read(_request, "node")
        return _result


class Pools:
    """Calls of pools."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self) -> Sequence[schemas.Pool]:
        """Lists the pools, by name.

        Needs the scope `containers:read`.

        `GET /api/v1/pools`
        """
        _request = Request(
            "GET",
            "/api/v1/pools",
            is_retryable=True,
        )
        _result: Sequence[schemas.Pool] = self._transport.read(_request, "pools")
        return _result

    def read(self, name: str) -> schemas.Pool:
        """Returns a pool and its state on each node.

        Needs the scope `containers:read`.

        `GET /api/v1/pools/{name}`
        """
        _request = Request(
            "GET",
            _path("/api/v1/pools/{name}", name=name),
            is_retryable=True,
        )
        _result: schemas.Pool = self._transport.read(_request, "pool")
        return _result

    def put(
        self,
        name: str,
        *,
        size: int,
        container: schemas.PoolPutRequestContainer,
        max_idle_seconds: int | None = None,
        node_selector: Mapping[str, str] | None = None,
    ) -> schemas.Pool:
        """Declares a pool, or changes it.

        Each matching node keeps `size` containers ready, which `POST /containers` with `pool` takes
        in milliseconds. If `container` has changed, idle containers are replaced.

        Needs the scope `containers:write`.

        `PUT /api/v1/pools/{name}`

        Args:
            size: Idle containers that each matching node keeps.
            container: Fields of `POST /containers` without `name`, `ttl`, `node`, `node_selector`,
                `exec_ready` and `dry_run`.
            max_idle_seconds: Idle containers are replaced after this time. Default: never.
            node_selector: Labels of the nodes that keep containers. Default: all nodes.
        """
        _request = Request(
            "PUT",
            _path("/api/v1/pools/{name}", name=name),
            body={
                "size": size,
                "max_idle_seconds": max_idle_seconds,
                "node_selector": node_selector,
                "container": container,
            },
        )
        _result: schemas.Pool = self._transport.read(_request, "pool")
        return _result

    def remove(self, name: str) -> schemas.PoolRemoveResult:
        """Removes a pool and its idle containers.

        The nodes remove the idle containers in the background. Claimed containers stay.

        Needs the scope `containers:write`.

        `DELETE /api/v1/pools/{name}`
        """
        _request = Request(
            "DELETE",
            _path("/api/v1/pools/{name}", name=name),
        )
        _result: schemas.PoolRemoveResult = self._transport.read(_request, "pool")
        return _result


class Events:
    """Calls of events."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def read(
        self,
        *,
        type: Literal["container", "image", "network", "volume"] | None = None,
        container: str | None = None,
        node: str | None = None,
        since: str | None = None,
        last_event_id: str | None = None,
    ) -> Iterator[ServerEvent]:
        """Streams the events of containers, images, networks and volumes on all nodes.

        Streams events as they happen, until the client disconnects. Events of the last hour are
        stored, at most about 10,000: `since` and `Last-Event-ID` return those too.

        Needs the scope `containers:read`.

        `GET /api/v1/events`

        Args:
            container: Name of a container, or the beginning of its id.
            since: Also stored events from this time on: RFC 3339, seconds since 1970, or an age
                such as `10m`.
            last_event_id: The `id` of the last received event: the stream continues after it.
        """
        _request = Request(
            "GET",
            "/api/v1/events",
            query={"type": type, "container": container, "node": node, "since": since},
            headers={"Last-Event-ID": last_event_id},
            is_retryable=True,
        )
        return self._transport.stream(_request)


class Tokens:
    """Calls of tokens."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def read(self) -> schemas.Token:
        """Returns the token of the request, with its quotas and their current use.

        Any token may read itself. 404 if the service uses no tokens.

        `GET /api/v1/tokens/self`
        """
        _request = Request(
            "GET",
            "/api/v1/tokens/self",
            is_retryable=True,
        )
        _result: schemas.Token = self._transport.read(_request, "token")
        return _result


class Tickets:
    """Calls of tickets."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(self, *, path: str) -> schemas.Ticket:
        """Creates a one-use ticket for a WebSocket.

        For web pages, which cannot send a token when they open a WebSocket. The ticket has the
        rights of the token of this request, for one request within 30 seconds.

        Needs the scope `exec`.

        `POST /api/v1/tickets`

        Args:
            path: The path of the request that the ticket is for, without the query.
        """
        _request = Request(
            "POST",
            "/api/v1/tickets",
            body={"path": path},
        )
        _result: schemas.Ticket = self._transport.read(_request, "ticket")
        return _result


class Service:
    """Calls of service."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def health_read(self) -> schemas.HealthReadResult:
        """Returns whether the API can run jobs.

        Answers at once. Needs no token.

        `GET /api/v1/health`
        """
        _request = Request(
            "GET",
            "/api/v1/health",
            is_retryable=True,
        )
        _result: schemas.HealthReadResult = self._transport.read(_request, None)
        return _result

    def metrics_read(self) -> schemas.MetricsReadResult:
        """Returns figures of the whole fleet.

        The uptime is that of the API process.

        Needs the scope `metrics`.

        `GET /api/v1/metrics`
        """
        _request = Request(
            "GET",
            "/api/v1/metrics",
            is_retryable=True,
        )
        _result: schemas.MetricsReadResult = self._transport.read(_request, None)
        return _result

    def metrics_prometheus(self) -> str:
        """Returns the metrics for Prometheus.

        Metrics of the fleet, which are the same from every API process, and of this process; only
        the latter while Redis is unavailable. docs/observability.md lists them.

        Needs the scope `metrics`.

        `GET /metrics`
        """
        _request = Request(
            "GET",
            "/metrics",
            is_retryable=True,
        )
        return self._transport.read_text(_request)

    def document_read(self) -> str:
        """Returns this document.

        Contains nothing about the installation, so it needs no token.

        `GET /api/v1/openapi.json`
        """
        _request = Request(
            "GET",
            "/api/v1/openapi.json",
            is_retryable=True,
        )
        return self._transport.read_text(_request)


class ContainerCalls(BoundCalls[Containers]):
    """The calls of one container."""

    inspect = bind(Containers.inspect)
    remove = bind(Containers.remove)
    submit_remove = bind(Containers.submit_remove)
    start = bind(Containers.start)
    submit_start = bind(Containers.submit_start)
    stop = bind(Containers.stop)
    submit_stop = bind(Containers.submit_stop)
    restart = bind(Containers.restart)
    submit_restart = bind(Containers.submit_restart)
    kill = bind(Containers.kill)
    submit_kill = bind(Containers.submit_kill)
    pause = bind(Containers.pause)
    submit_pause = bind(Containers.submit_pause)
    unpause = bind(Containers.unpause)
    submit_unpause = bind(Containers.submit_unpause)
    rename = bind(Containers.rename)
    submit_rename = bind(Containers.submit_rename)
    update = bind(Containers.update)
    submit_update = bind(Containers.submit_update)
    commit = bind(Containers.commit)
    submit_commit = bind(Containers.submit_commit)
    renew = bind(Containers.renew)
    submit_renew = bind(Containers.submit_renew)
    wait = bind(Containers.wait)
    top = bind(Containers.top)
    stats = bind(Containers.stats)
    stats_stream = bind(Containers.stats_stream)
    changes = bind(Containers.changes)
    logs = bind(Containers.logs)
    logs_stream = bind(Containers.logs_stream)
    add_user = bind(Containers.add_user)
    submit_add_user = bind(Containers.submit_add_user)
    add_file = bind(Containers.add_file)
    submit_add_file = bind(Containers.submit_add_file)
    read_file = bind(Containers.read_file)
    write_file = bind(Containers.write_file)
    remove_file = bind(Containers.remove_file)
    submit_remove_file = bind(Containers.submit_remove_file)
    read_archive = bind(Containers.read_archive)
    write_archive = bind(Containers.write_archive)
    stat_file = bind(Containers.stat_file)
    list_files = bind(Containers.list_files)
    move_file = bind(Containers.move_file)
    submit_move_file = bind(Containers.submit_move_file)
    make_directory = bind(Containers.make_directory)
    submit_make_directory = bind(Containers.submit_make_directory)
    exec = bind(Containers.exec)
    submit_exec = bind(Containers.submit_exec)


class Operations:
    """All calls of the API."""

    def __init__(self, transport: Transport) -> None:
        self.containers = Containers(transport)
        self.runs = Runs(transport)
        self.images = Images(transport)
        self.volumes = Volumes(transport)
        self.networks = Networks(transport)
        self.jobs = Jobs(transport)
        self.nodes = Nodes(transport)
        self.pools = Pools(transport)
        self.events = Events(transport)
        self.tokens = Tokens(transport)
        self.tickets = Tickets(transport)
        self.service = Service(transport)
