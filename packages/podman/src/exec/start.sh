# Runs a command in a container after writing "<nonce> started" on stderr. The command does not know the nonce and podman
# never writes it, so this line proves that podman has done its part and that all further output is the command's.
# Arguments: "stdin" if the command's stdin is not empty, otherwise "-"; the command. Environment: PODMAN_API_START, the nonce.

become() {
  printf '%s started\n' "$PODMAN_API_START" >&2
  unset PODMAN_API_START PWD OLDPWD SHLVL
  exec "$@"
}

mode=$1
shift
[ "$mode" = stdin ] || become "$@"

# Reads what the command leaves of its stdin: podman 4.3 with conmon 2.1.6 loses output of a command that ends before conmon
# has handed on all of its stdin.
(
  trap '' PIPE
  cat 2>/dev/null
  exec cat >/dev/null
) | become "$@"
