# What a session's shell is told first, on its stdin; after that it is told commands, one at a time, as request.ts
# writes them. It needs sh, /proc, cat and setsid, and no place to write to.
#
# A command writes into pipes of its own turn. Two pumps (cat) carry what comes out of them to the session's own stdout
# and stderr. Each has two pipes, its fds 8 and 9, and reads them in turn: one until nobody holds it for writing any more,
# then the other. The shell holds the pipe of the present turn. After the command it says how that ended, takes hold of the
# next pipe, says there that the last one is closed, and lets that one go. A background process that still holds a
# command's pipe keeps the pump there: that word does not come, and the session is given up. The pumps work in the folder
# of their own fds, so that what they are to read is named by one digit: `ps` in the container shows it.
#
# The shell's own: 0 what to do   1 and 3 a command's pipes   4 when the session began   5 /etc/passwd as it was then
#                  6 and 7 the session's stdout and stderr    8 and 9 the present pipe of the pump for stdout, for stderr
exec 6>&1 7>&2 >/dev/null 2>&1 || exit
unset PODMAN_API_SESSION
exec 4<<. 5</etc/passwd || exit
.
cd /
pa_out= pa_err=

# Where a program is on the path, as podman finds it.
pa_find() {
  pa_path=$PATH:
  while [ -n "$pa_path" ]; do
    pa_place=${pa_path%%:*}/$1
    pa_path=${pa_path#*:}
    case $pa_place in /"$1") return 1 ;; /*) ;; *) return 1 ;; esac
    [ -f "$pa_place" ] && [ -x "$pa_place" ] && return
  done
  return 1
}
pa_find setsid && pa_setsid=$pa_place && pa_find sh && pa_sh=$pa_place && [ -p /proc/self/fd/4 ] || exit

# A BusyBox may run its own applets in place of what is on the path. A printf of its own, no shell may run: what it is
# given would stand in an argument list.
pa_is_applet() { PATH=/proc/none command -v "$1" >/dev/null; }
if pa_is_applet cat; then pa_applets=1; else pa_applets=; fi
pa_is_applet printf || exit

# How a program begins that the kernel runs, elf(5), but for the kind of its system and whether it can be moved: as this
# shell does, with its class, byte order, machine and version. A shell reads no NUL.
pa_one=$(printf '\001') pa_kinds=$(printf '\002\003') pa_linux=$(printf '\003')
IFS= read -r pa_head </proc/$$/exe
pa_tail=${pa_head#???????}
pa_ident=${pa_head%"$pa_tail"}
pa_tail=${pa_tail%%"$pa_one"*}
pa_machine=${pa_tail#"${pa_tail%?}"}$pa_one

# Starts pumps for twice so many turns. They say that they have come to wait for the first.
pa_pumps() {
  exec 8>&- 9>&-
  wait
  pa_turns=8 pa_left=$1
  while [ $pa_left -gt 0 ]; do
    pa_turns="$pa_turns 9 8"
    pa_left=$((pa_left - 1))
  done
  exec 8<<. 9<<.
.
.
  exec 1>/proc/self/fd/8
  (cd /proc/self/fd && exec cat $pa_turns) >&6 </dev/null 4<&- 5<&- 6>&- 7>&- &
  pa_out=$!
  exec 8<<. 9<<.
.
.
  exec 2>/proc/self/fd/8
  (cd /proc/self/fd && exec cat $pa_turns) >&7 </dev/null 2>/dev/null 4<&- 5<&- 6>&- 7>&- &
  pa_err=$!
  exec 8>&1 9>&2 1>&- 2>/dev/null
  pa_pipe=8
  printf 'ready %s\n' $$ >&8
  printf 'ready %s\n' $$ >&9
}
trap 'kill $pa_out $pa_err; wait' EXIT

# Who a user is, and where at home, is what it was when the session began.
pa_same_users() {
  [ /etc/passwd -ef /proc/self/fd/5 ] && ! [ /etc/passwd -nt /proc/self/fd/4 ] && ! [ /etc/group -nt /proc/self/fd/4 ]
}

# Whether a file can be run, so far as that can be seen; where a shell and the kernel may differ, it can not.
pa_runs() {
  [ -f "$1" ] && [ -x "$1" ] || return
  pa_begun=begun
  [ -z "$pa_applets" ] || [ -z "$2" ] || [ "$1" -ef /proc/$$/exe ] || ! pa_is_applet "$2" || return
  pa_new=1
  [ -z "$pa_known" ] || [ "$1" -nt /proc/self/fd/4 ] || { pa_new=; return; }
  IFS= read -r pa_head <"$1"
  case $pa_head in
    "$pa_ident"[$pa_kinds]"$pa_machine"* | "$pa_ident$pa_linux"[$pa_kinds]"$pa_machine"*) ;;
    '#!'*)
      pa_begun='begun script'
      pa_head=${pa_head#??}
      set -f
      unset IFS
      set -- $pa_head
      [ -f "$1" ] && [ -x "$1" ]
      ;;
    *) return 1 ;;
  esac
}

pa_found() {
  case $1 in
    */*) pa_runs "$1" '' ;;
    *) pa_find "$1" && pa_runs "$pa_place" "$1" ;;
  esac
}

# Becomes the command, in a subshell; what can't be done as podman does it is refused before. That it begins is told
# past the pump, which may be ended together with this shell before it has carried the word.
pa_become() {
  cd -P -- "$pa_folder" && pa_variables && [ -x "$pa_setsid" ] && [ -x "$pa_sh" ] && pa_found "$@" || { printf '%s refused\n' "$pa_nonce" >&6; exit; }
  printf '%s %s\n' "$pa_nonce" "$pa_begun" >&6
  unset PWD OLDPWD SHLVL
  exec 2>&3 3>&- 4<&- 5<&- 6>&- 7>&- 8>&- 9>&-
  [ -n "$pa_new" ] || exec "$pa_setsid" "$@"
  # What the kernel will not run after all has not run. The nonce goes by a variable: arguments are everybody's to read.
  export pa_nonce
  exec "$pa_setsid" "$pa_sh" -c 'trap "printf \"%s unstarted\\n\" \"$pa_nonce\" >&2" EXIT; unset PWD OLDPWD SHLVL pa_nonce; exec "$@"' sh "$@"
}

pa_run() {
  # Opened for the command: it may make its own end one that does not wait, and the shell's must.
  exec 1>/proc/$pa_out/fd/$pa_pipe 3>/proc/$pa_err/fd/$pa_pipe
  if ! pa_same_users; then
    printf '%s stale\n' "$pa_nonce"
    false
  elif [ -n "$pa_stdin" ]; then
    pa_input 3>&- 4<&- 5<&- 6>&- 7>&- 8>&- 9>&- | (pa_become "$@")
  else
    (pa_become "$@") </dev/null
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
