# Writes stdin to a file: as a draft first, which then gets the file's name, so that a reader sees the old or the new content.
# Arguments: the absolute path, normalized; the size in bytes; the mode and the owner ('' for those of the file that is there,
# 0644 and root for a new one); a random name. Ends with one line: an outcome that put-file.ts knows, and details of it.
#
# A user of the container may own folders on the way and replace what is in them at any moment. So the script works by names
# in its current folder, which cannot be replaced. In a folder of root that no other user may write to, the draft is safe; in any
# other folder it is made in a private folder.

path=$1 size=$2 mode=$3 owner=$4 draft=$5
LC_ALL=C
export LC_ALL
unset CDPATH
set -f

# Reports in one line. Stdin is read to its end first: podman loses the output of a command that leaves some of it unread.
tell() {
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
clean() { :; }
for tool in cat chmod chown mkdir mv readlink rm rmdir stat wc ${BASH_VERSION:+env pwd}; do
  command -v $tool >/dev/null 2>&1 || { echo no-tools; exit; }
done

# The current folder's path from the kernel. Bash derives $PWD from names, which may have been replaced meanwhile.
find_here() {
  here=$PWD
  [ -z "$BASH_VERSION" ] || { here=$(env pwd -P && echo .) && here=${here%??}; }
}
enter() { cd -P -- "$1" 2>/dev/null && find_here; }
# Whether only root can replace what is in a folder, by its uid:gid:mode.
is_roots() { case $1 in 0:*:*[0145][0145]) ;; *) return 1 ;; esac; }

# Reads a symbolic link in the current folder. It counts only if root must have made it, or if it leads to a folder of the user
# who could have made it.
hops=0 user=
read_link() {
  hops=$((hops + 1))
  [ $hops -le 40 ] || tell link "${here%/}/$1"
  above=$(stat -c %u:%g:%a .)
  if ! is_roots "$above"; then
    user=${user:-${above%%:*}}
    case $above in "$user":*:*[0145][0145]) ;; *) tell link "${here%/}/$1" ;; esac
  fi
  target=$(readlink "./$1" && echo .) && target=${target%??} || tell link "${here%/}/$1"
  case $target in /*) enter / ;; esac
}

# Goes along $rest, folders that each end in "/".
walk() {
  while [ -n "$rest" ]; do
    part=${rest%%/*} rest=${rest#*/}
    case $part in '' | .) continue ;; ..) enter .. || tell no-folder "$here/.."; continue ;; esac
    if [ -L "./$part" ]; then
      read_link "$part"
      rest=$target/$rest
      continue
    fi
    wanted=${here%/}/$part
    enter "./$part" || tell no-folder "$wanted"
    [ "$here" = "$wanted" ] || tell link "$wanted"
  done
}

name=${path##*/} folder=${path%/*} missing=
while [ ! -d "$folder/" ]; do
  missing=${folder##*/}${missing:+/$missing} folder=${folder%/*}
done
enter "$folder/" || tell no-folder "$folder"
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
  said=$(mkdir -- "./$part" 2>&1) || [ -d "./$part" ] || tell no-folder "$said"
  wanted=${here%/}/$part
  enter "./$part" && [ "$here" = "$wanted" ] || tell link "$wanted"
done
while [ -L "./$name" ]; do
  [ ! -d "./$name" ] || tell directory
  read_link "$name"
  name=${target##*/}
  rest=${target%"$name"}
  walk
done
case $name in '' | . | ..) tell directory ;; esac
[ ! -d "./$name" ] || tell directory
case $here/ in /proc/* | /sys/*) tell kernel ;; esac

set -- .
if [ -e "./$name" ]; then
  [ -f "./$name" ] || tell not-regular
  set -- . "./$name"
fi
said=$(stat -c %u:%g:%a "$@" 2>/dev/null) || said=$(stat -c %u:%g:%a . 2>/dev/null) || tell no-tools
set -- $said
[ -z "$user" ] || [ "${1%%:*}" = "$user" ] || tell link "$path"
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
  said=$(mkdir "./$draft" 2>&1) || tell failed "$said"
  wanted=${here%/}/$draft
  enter "./$draft" && [ "$here" = "$wanted" ] || tell link "$wanted"
  case $(stat -c %u:%a .) in 0:700 | 0:2700) ;; *) tell failed "the folder ${wanted%/*} can hold no private folder" ;; esac
  clean() { [ ! -e "./$draft" ] || rm -f "./$draft"; rmdir "../$draft" 2>/dev/null; }
  up=..
fi

# Each program that is spared is a millisecond: a mode that the umask gives is not set.
case $new_mode in 644 | 0644) umask 022 ;; esac
set -C
said=$( (cat >"./$draft") 2>&1) || tell failed "$said"
# Stdin also ends when the worker dies.
[ "$(wc -c <"./$draft")" -eq "$size" ] || tell failed 'only a part arrived'
# The owner first: a change of it takes setuid and setgid away.
set_owner() {
  said=$(chown -h "$1" "$2" 2>&1) && return
  case $said in *ermitted) tell failed "$said" ;; *) tell owner "$said" ;; esac
}
[ -z "$new_owner" ] || set_owner "$new_owner" "./$draft"
case $new_mode in 600 | 0600 | 644 | 0644) ;; *) said=$(chmod "$new_mode" "./$draft" 2>&1) || tell failed "$said" ;; esac

# -T never moves into a folder that has got the name meanwhile; old tools lack it.
said=$(mv -f -T "./$draft" "$up/$name" 2>&1) || {
  [ ! -d "$up/$name" ] || tell directory
  case $said in
    *'esource busy')
      # A mounted file keeps its name: only its content can be replaced. Only root could have mounted it.
      [ -z "$owner" ] || set_owner "$owner" "$up/$name"
      [ -z "$mode" ] || said=$(chmod "$mode" "$up/$name" 2>&1) || tell failed "$said"
      set +C
      said=$( (cat "./$draft" >"$up/$name") 2>&1) || tell failed "$said"
      tell done
      ;;
    *option*) said=$(mv -f "./$draft" "$up/$name" 2>&1) || tell failed "$said" ;;
    *) tell failed "$said" ;;
  esac
}
trap - EXIT
[ $up = . ] || rmdir "../$draft" 2>/dev/null
echo done
