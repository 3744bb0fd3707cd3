#!/bin/sh
# Podman for `testRemotePodman`: the driver has CONTAINER_HOST, and podman itself must not obey it.
unset CONTAINER_HOST
exec podman "$@"
