# Runs a command with stdin and reads what the command leaves of it: podman (4.3, conmon 2.1.6) loses output of a
# command that ends before conmon has handed on all of its stdin. The exit code is the command's.
(
  trap '' PIPE
  cat 2>/dev/null
  exec cat >/dev/null
) | exec "$@"
