#!/bin/sh
# Replaces podman: records its arguments (their number first, a NUL after each), and answers at once as podman would.
# Each process has its own file, because concurrent writes to one file would be mixed up.
printf '%s\0' "$#" "$@" >>"${0%/*}/calls/$$"

case " $* " in
  *' -- gone '*) echo 'Error: no container with name or ID "gone" found: no such container' >&2; exit 125 ;;
esac
case "$1" in
  version) echo '{"Client":{"Version":"4.9.3"}}' ;;
  run) echo 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef ;;
  # The container of a run, which has ended when it is inspected.
  create) echo fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210 ;;
  port) echo '80/tcp -> 127.0.0.1:45183' ;;
  container)
    case "$*" in
      *fedcba9876543210*) status=exited ;;
      *) status=running ;;
    esac
    echo '[{"Id":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef","Created":"2026-01-01T00:00:00Z","Path":"sleep","Args":["300"],"Name":"web","Image":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
      "ImageName":"alpine","RestartCount":0,"Mounts":[],"State":{"Status":"'"$status"'","OOMKilled":false,"ExitCode":0,"Error":"",
      "StartedAt":"2026-01-01T00:00:00Z","FinishedAt":"0001-01-01T00:00:00Z"},"NetworkSettings":{"Ports":{},"Networks":{}},
      "Config":{"Hostname":"box","User":"","Env":["A=b"],"WorkingDir":"/","Labels":{}},"HostConfig":{"NetworkMode":"none",
      "RestartPolicy":{"Name":"","MaximumRetryCount":0},"ReadonlyRootfs":false,"Memory":0,"NanoCpus":0,"PidsLimit":0,
      "CapAdd":[],"CapDrop":[]}}]'
    ;;
  image)
    case "$3" in
      --)
        echo '[{"Id":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef","Digest":"sha256:0","RepoTags":["alpine"],
          "Created":"2026-01-01T00:00:00Z","Size":1,"Architecture":"amd64","Os":"linux","User":"","Labels":null,"Config":{}}]'
        ;;
      --force) ;;
      *.Config.Env*) echo '["A=b"]' ;;
      *) echo web ;;
    esac
    ;;
  images) echo '[]' ;;
  exec)
    case "$*" in
      *--create-home*) echo created ;;
      *.podman-api-*) echo done ;;
      *) echo output; echo error >&2; exit 3 ;;
    esac
    ;;
  volume)
    case "$*" in
      *--filter*) ;;
      *inspect*) echo '[{"Name":"web","Driver":"local","CreatedAt":"2026-01-01T00:00:00Z","Labels":{},"Options":{}}]' ;;
      *ls*) echo '[]' ;;
      *) echo web ;;
    esac
    ;;
  network)
    case "$*" in
      *--filter*) ;;
      *inspect*) echo '[{"name":"web","id":"0123456789abcdef","driver":"bridge","created":"2026-01-01T00:00:00Z","subnets":[],"ipv6_enabled":false,"internal":false,"dns_enabled":true}]' ;;
      *ls*) echo '[]' ;;
      *) echo web ;;
    esac
    ;;
  stats) echo '{"ContainerID":"0123456789ab","Name":"web","PIDs":1}' ;;
  diff) echo '{}' ;;
  ps) ;;
  *) echo web ;;
esac
