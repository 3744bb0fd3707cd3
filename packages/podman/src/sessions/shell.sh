# The shell's part of the session protocol, see PROTOCOL.md. A session's shell reads this from its stdin first, and then
# requests, one at a time, as request.ts writes them. It needs sh, /proc, cat and setsid, and no writable file system.
#
# A command writes into its own pair of pipes. Two pumps (cat) copy from such pipes to the session's stdout and stderr. Each
# pump has two pipes, its fds 8 and 9, and reads them alternately: one until no process has it open for writing, then the
# other. The shell holds the pipe of the present command open. After the command it writes the exit code there, opens the
# next pipe, writes "closed" into it, and closes the last one. A background process that still holds a command's pipe keeps
# the pump at that pipe: "closed" does not arrive, and the driver closes the session. The pumps run in the folder of their
# own fds, so that one digit names each pipe: `ps` in the container shows their arguments.
#
# File descriptors of the shell: 0 requests   1 and 3 the command's pipes   4 a pipe as old as the session
#   5 /etc/passwd as the session began   6 and 7 the session's stdout and stderr   8 and 9 the present pipes of the two pumps
exec 6>&1 7>&2 >/dev/null 2>&1 || exit
unset PODMAN_API_SESSION
exec 4<<. 5</etc/passwd || exit
.
cd /
pa_out= pa_err=

# Finds a program on the path as podman does: sets pa_program.
pa_find() {
  pa_path=$PATH:
  while [ -n "$pa_path" ]; do
    pa_program=${pa_path%%:*}/$1
    pa_path=${pa_path#*:}
    case $pa_program in /"$1") return 1 ;; /*) ;; *) return 1 ;; esac
    [ -f "$pa_program" ] && [ -x "$pa_program" ] && return
  done
  return 1
}
pa_find setsid && pa_setsid=$pa_program && pa_find sh && pa_sh=$pa_program && [ -p /proc/self/fd/4 ] || exit

# A BusyBox may run its own applets instead of programs on the path. printf must be built in: otherwise its arguments, among
# them the nonce and the command's stdin, could be read by others.
pa_is_applet() { PATH=/proc/none command -v "$1" >/dev/null; }
if pa_is_applet cat; then pa_applets=1; else pa_applets=; fi
pa_is_applet printf || exit

# The start of a program that the kernel runs, elf(5), as far as this shell's own has it: class, byte order, machine and
# version are compared; the OS/ABI and whether it is relocatable may differ. A shell's `read` drops NUL.
pa_one=$(printf '\001') pa_kinds=$(printf '\002\003') pa_linux=$(printf '\003')
IFS= read -r pa_head </proc/$$/exe
pa_tail=${pa_head#???????}
pa_ident=${pa_head%"$pa_tail"}
pa_tail=${pa_tail%%"$pa_one"*}
pa_machine=${pa_tail#"${pa_tail%?}"}$pa_one

# Starts pumps for 2 x $1 commands. They write "ready <pid of the shell>" when they wait for the first.
pa_start_pumps() {
  exec 8>&- 9>&-
  wait
  pa_pipes=8 pa_left=$1
  while [ $pa_left -gt 0 ]; do
    pa_pipes="$pa_pipes 9 8"
    pa_left=$((pa_left - 1))
  done
  exec 8<<. 9<<.
.
.
  exec 1>/proc/self/fd/8
  (cd /proc/self/fd && exec cat $pa_pipes) >&6 </dev/null 4<&- 5<&- 6>&- 7>&- &
  pa_out=$!
  exec 8<<. 9<<.
.
.
  exec 2>/proc/self/fd/8
  (cd /proc/self/fd && exec cat $pa_pipes) >&7 </dev/null 2>/dev/null 4<&- 5<&- 6>&- 7>&- &
  pa_err=$!
  exec 8>&1 9>&2 1>&- 2>/dev/null
  pa_pipe=8
  printf 'ready %s\n' $$ >&8
  printf 'ready %s\n' $$ >&9
}
trap 'kill $pa_out $pa_err; wait' EXIT

# Whether users, groups and home directories are as when the session began.
pa_same_users() {
  [ /etc/passwd -ef /proc/self/fd/5 ] && ! [ /etc/passwd -nt /proc/self/fd/4 ] && ! [ /etc/group -nt /proc/self/fd/4 ]
}

# Whether the kernel will probably run a file ($1, found as $2 on the path); not if the shell might run it in another way.
# Sets pa_started, the message, and pa_guarded, empty if this session has run the program before.
pa_check_file() {
  [ -f "$1" ] && [ -x "$1" ] || return
  pa_started=started
  [ -z "$pa_applets" ] || [ -z "$2" ] || [ "$1" -ef /proc/$$/exe ] || ! pa_is_applet "$2" || return
  pa_guarded=1
  [ -z "$pa_has_run" ] || [ "$1" -nt /proc/self/fd/4 ] || { pa_guarded=; return; }
  IFS= read -r pa_head <"$1"
  case $pa_head in
    "$pa_ident"[$pa_kinds]"$pa_machine"* | "$pa_ident$pa_linux"[$pa_kinds]"$pa_machine"*) ;;
    '#!'*)
      pa_started='started script'
      pa_head=${pa_head#??}
      set -f
      unset IFS
      set -- $pa_head
      [ -f "$1" ] && [ -x "$1" ]
      ;;
    *) return 1 ;;
  esac
}

pa_check_program() {
  case $1 in
    */*) pa_check_file "$1" '' ;;
    *) pa_find "$1" && pa_check_file "$pa_program" "$1" ;;
  esac
}

# Turns a subshell into the command, or refuses it if podman would report an error. "started" goes past the pump, which may
# be killed together with this shell before it has copied it.
pa_exec() {
  cd -P -- "$pa_work_dir" && pa_variables && [ -x "$pa_setsid" ] && [ -x "$pa_sh" ] && pa_check_program "$@" || { printf '%s refused\n' "$pa_nonce" >&6; exit; }
  printf '%s %s\n' "$pa_nonce" "$pa_started" >&6
  unset PWD OLDPWD SHLVL
  exec 2>&3 3>&- 4<&- 5<&- 6>&- 7>&- 8>&- 9>&-
  [ -n "$pa_guarded" ] || exec "$pa_setsid" "$@"
  # The guard, a shell that reports "exec-failed" if the kernel refuses the program. The nonce is passed in a variable,
  # because every user can read arguments.
  export pa_nonce
  exec "$pa_setsid" "$pa_sh" -c 'trap "printf \"%s exec-failed\\n\" \"$pa_nonce\" >&2" EXIT; unset PWD OLDPWD SHLVL pa_nonce; exec "$@"' sh "$@"
}

pa_run() {
  # Opened again for the command: it may make its own file description non-blocking, but not the shell's.
  exec 1>/proc/$pa_out/fd/$pa_pipe 3>/proc/$pa_err/fd/$pa_pipe
  if ! pa_same_users; then
    printf '%s stale\n' "$pa_nonce"
    false
  elif [ -n "$pa_stdin" ]; then
    pa_input 3>&- 4<&- 5<&- 6>&- 7>&- 8>&- 9>&- | (pa_exec "$@")
  else
    (pa_exec "$@") </dev/null
  fi
  pa_code=$?
  exec 1>&- 3>&-
  printf '%s %s\n' "$pa_nonce" "$pa_code" >&8
  printf '%s end\n' "$pa_nonce" >&9
  pa_pipe=$((17 - pa_pipe))
  exec 8>/proc/$pa_out/fd/$pa_pipe 9>/proc/$pa_err/fd/$pa_pipe
  printf '%s closed\n' "$pa_nonce" >&8
  printf '%s closed\n' "$pa_nonce" >&9
}
