# Puts stdin into a file, whole or not at all: into a draft beside it first, which then takes its name.
# Arguments: the path, the size in bytes, the mode, the owner ('' for root), the name of the draft.
# Ends with one line: done, directory, no-tools, owner <words> or failed <words>.

path=$1 size=$2 mode=$3 owner=$4

# Stdin is read to its end first: podman loses the output of a command that leaves some of it unread.
tell() { cat >/dev/null; printf '%s' "$*" | tr '\n' ' '; echo; exit; }
for tool in cat chmod chown mkdir mv rm tr wc; do command -v $tool >/dev/null 2>&1 || { echo no-tools; exit; }; done
[ -d "$path" ] && tell directory

# Each program that is spared is a millisecond: a folder that is there is not made, a mode that is so is not set.
dir=${path%/*}/
draft=$dir$5
umask 022
[ -d "$dir" ] || said=$(mkdir -p -- "$dir" 2>&1) || tell failed "$said"
trap 'rm -f -- "$draft"' EXIT
said=$( (cat >"$draft") 2>&1) || tell failed "$said"
# An end of stdin before its time, of a worker that died, is no reason to take the half for the whole.
[ "$(wc -c <"$draft")" -eq "$size" ] || tell failed "only a part arrived"
# The owner first: a change of it takes setuid and setgid away.
if [ -n "$owner" ]; then said=$(chown "$owner" "$draft" 2>&1) || tell owner "$said"; fi
[ "$mode" = 0644 ] || said=$(chmod "$mode" "$draft" 2>&1) || tell failed "$said"
said=$(mv -f -- "$draft" "$path" 2>&1) || tell failed "$said"
trap - EXIT
echo done
