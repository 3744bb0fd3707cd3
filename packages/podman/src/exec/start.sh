# Runs a command in a container after writing "<nonce> started" on stderr. The command does not know the nonce and podman
# never writes it, so this line proves that podman has done its part and that all further output is the command's.
# Arguments: how stdin is read; the command. Environment: PODMAN_API_START, the nonce.
#   -       the command reads podman's stdin itself
#   stdin   all of podman's stdin is read, also what the command leaves
#   stream  the same; when the command has ended, a byte 0x1e and "<nonce> ended" on stderr ask for the end of podman's stdin

become() {
  printf '%s started\n' "$PODMAN_API_START" >&2
  unset PODMAN_API_START PWD OLDPWD SHLVL
  exec "$@"
}

mode=$1
shift
case $mode in stdin | stream) ;; *) become "$@" ;; esac

# Reads the rest of the command's stdin: podman 4.3 with conmon 2.1.6 loses output of a command that ends before conmon has
# handed on all of its stdin.
forward() {
  trap '' PIPE
  cat 2>/dev/null
  exec cat >/dev/null
}

if [ "$mode" = stdin ]; then
  (forward) | become "$@"
  exit
fi

# Signals are for the command: this shell and cat live on until it has ended. Ignored signals would be ignored by the command too.
trap : HUP INT QUIT TERM USR1 USR2
(
  trap '' HUP INT QUIT TERM USR1 USR2
  forward
) | (
  trap : HUP INT QUIT TERM USR1 USR2
  (become "$@")
  code=$?
  printf '\036%s ended\n' "$PODMAN_API_START" >&2
  exit "$code"
)
