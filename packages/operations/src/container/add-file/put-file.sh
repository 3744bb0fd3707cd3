# Writes stdin to a file: as a draft first, which is then renamed, so that a reader sees the old or the new content. Begins with
# prelude.sh. Arguments: the absolute path, normalized; the size in bytes; the mode and the owner ('' keeps those of an existing
# file; a new one gets 0644 and root); a random name. Ends with one line: an outcome that put-file.ts knows, and details of it.
#
# A user of the container may own folders on the way and replace what is in them at any moment. So the script works by names
# in its current folder, which cannot be replaced. In a folder of root that no other user may write to, the draft is safe; in any
# other folder it is made in a private folder.

path=$1 size=$2 mode=$3 owner=$4 draft=$5
unset CDPATH
for tool in cat chmod chown mkdir mv readlink rm rmdir stat wc ${BASH_VERSION:+env pwd}; do
  has $tool || { echo no-tools; exit; }
done

# The current folder's path from the kernel. Bash derives $PWD from names, which may have been replaced meanwhile.
find_here() {
  here=$PWD
  [ -z "$BASH_VERSION" ] || { here=$(env pwd -P && echo .) && here=${here%??}; }
}
enter() { cd -P -- "$1" 2>/dev/null && find_here; }
# Whether only root can replace files in a folder, by its uid:gid:mode.
is_roots() { case $1 in 0:*:*[0145][0145]) ;; *) return 1 ;; esac; }

# Reads a symbolic link in the current folder. It counts only if root must have made it, or if it leads to a folder of the user
# who could have made it.
hops=0 user=
read_link() {
  hops=$((hops + 1))
  [ $hops -le 40 ] || report link "${here%/}/$1"
  above=$(stat -c %u:%g:%a .)
  if ! is_roots "$above"; then
    user=${user:-${above%%:*}}
    case $above in "$user":*:*[0145][0145]) ;; *) report link "${here%/}/$1" ;; esac
  fi
  target=$(readlink "./$1" && echo .) && target=${target%??} || report link "${here%/}/$1"
  case $target in /*) enter / ;; esac
}

# Goes along $rest, folders that each end in "/".
walk() {
  while [ -n "$rest" ]; do
    part=${rest%%/*} rest=${rest#*/}
    case $part in '' | .) continue ;; ..) enter .. || report no-folder "$here/.."; continue ;; esac
    if [ -L "./$part" ]; then
      read_link "$part"
      rest=$target/$rest
      continue
    fi
    wanted=${here%/}/$part
    enter "./$part" || report no-folder "$wanted"
    [ "$here" = "$wanted" ] || report link "$wanted"
  done
}

name=${path##*/} folder=${path%/*} missing=
while [ ! -d "$folder/" ]; do
  missing=${folder##*/}${missing:+/$missing} folder=${folder%/*}
done
enter "$folder/" || report no-folder "$folder"
if [ "$here" != "${folder:-/}" ]; then
  enter /
  rest=$folder/
  walk
fi
umask 022
while [ -n "$missing" ]; do
  part=${missing%%/*}
  case $missing in */*) missing=${missing#*/} ;; *) missing= ;; esac
  # Another request may make the same folder.
  message=$(mkdir -- "./$part" 2>&1) || [ -d "./$part" ] || report no-folder "$message"
  wanted=${here%/}/$part
  enter "./$part" && [ "$here" = "$wanted" ] || report link "$wanted"
done
while [ -L "./$name" ]; do
  [ ! -d "./$name" ] || report directory
  read_link "$name"
  name=${target##*/}
  rest=${target%"$name"}
  walk
done
case $name in '' | . | ..) report directory ;; esac
[ ! -d "./$name" ] || report directory
case $here/ in /proc/* | /sys/*) report kernel ;; esac

set -- .
if [ -e "./$name" ]; then
  [ -f "./$name" ] || report not-regular
  set -- . "./$name"
fi
message=$(stat -c %u:%g:%a "$@" 2>/dev/null) || message=$(stat -c %u:%g:%a . 2>/dev/null) || report no-tools
set -- $message
[ -z "$user" ] || [ "${1%%:*}" = "$user" ] || report link "$path"
new_mode=${mode:-${2##*:}} new_mode=${new_mode:-644}
new_owner=${owner:-${2%:*}}
# A new file is root's, unless the folder hands its group on.
case $owner:$new_owner:$1 in :0:0:*:???) new_owner= ;; esac

umask 077
up=.
trap 'clean' EXIT
trap 'exit 143' HUP INT TERM
if is_roots "$1"; then
  clean() { rm -f "./$draft"; }
else
  message=$(mkdir "./$draft" 2>&1) || report failed "$message"
  wanted=${here%/}/$draft
  enter "./$draft" && [ "$here" = "$wanted" ] || report link "$wanted"
  case $(stat -c %u:%a .) in 0:700 | 0:2700) ;; *) report failed "the folder ${wanted%/*} cannot hold a private folder" ;; esac
  clean() { [ ! -e "./$draft" ] || rm -f "./$draft"; rmdir "../$draft" 2>/dev/null; }
  up=..
fi

# Each program takes a millisecond, so a mode that the umask gives already is not set.
case $new_mode in 644 | 0644) umask 022 ;; esac
set -C
message=$( (cat >"./$draft") 2>&1) || report failed "$message"
# Stdin ends early if the worker dies.
[ "$(wc -c <"./$draft")" -eq "$size" ] || report failed 'only a part arrived'
# The owner first, because chown(2) clears setuid and setgid.
set_owner() {
  message=$(chown -h "$1" "$2" 2>&1) && return
  case $message in *ermitted) report failed "$message" ;; *) report owner "$message" ;; esac
}
[ -z "$new_owner" ] || set_owner "$new_owner" "./$draft"
case $new_mode in 600 | 0600 | 644 | 0644) ;; *) message=$(chmod "$new_mode" "./$draft" 2>&1) || report failed "$message" ;; esac

# -T never moves into a folder that has got the name meanwhile; old tools lack it.
message=$(mv -f -T "./$draft" "$up/$name" 2>&1) || {
  [ ! -d "$up/$name" ] || report directory
  case $message in
    *'esource busy')
      # A mounted file keeps its name: only its content can be replaced. Only root could have mounted it.
      [ -z "$owner" ] || set_owner "$owner" "$up/$name"
      [ -z "$mode" ] || message=$(chmod "$mode" "$up/$name" 2>&1) || report failed "$message"
      set +C
      message=$( (cat "./$draft" >"$up/$name") 2>&1) || report failed "$message"
      report done
      ;;
    *option*) message=$(mv -f "./$draft" "$up/$name" 2>&1) || report failed "$message" ;;
    *) report failed "$message" ;;
  esac
}
trap - EXIT
[ $up = . ] || rmdir "../$draft" 2>/dev/null
echo done
