# Functions of the scripts that run in containers, for any POSIX shell; run-script.ts puts this file before each of them.
LC_ALL=C
export LC_ALL
set -f

# Removes what an unfinished script leaves behind; scripts that leave something define it again.
clean() { :; }
# Reports in one line: an outcome, and details of it. Stdin is read to its end first: podman loses the output of a command
# that leaves some of it unread.
report() {
  clean
  trap - EXIT
  cat >/dev/null
  IFS='
'
  set -- $*
  IFS=' '
  printf '%.500s\n' "$*"
  exit
}
# Whether the image has a tool.
has() { command -v "$1" >/dev/null 2>&1; }
