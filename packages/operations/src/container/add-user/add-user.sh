# Adds a user with the tools that the image has. Begins with prelude.sh.
# Arguments, '' for those that were not given: the name, the shell, 'password' if stdin holds name:password, the user id, the
# group id, further groups separated by commas, the home directory.
# Ends with one line: created, or another outcome that run.ts knows, and details of it.

name=$1 shell=$2 password=$3 uid=$4 gid=$5 groups=$6 home=${7:-/home/$1}

# A name as a regular expression: "." is the only character in it with a meaning of its own.
as_pattern() {
  pattern= rest=$1
  while case $rest in *.*) ;; *) false ;; esac; do pattern=$pattern${rest%%.*}[.] rest=${rest#*.}; done
  pattern=$pattern$rest
}
# The line of a name in a file such as /etc/group.
line_of() { as_pattern "$1" && grep "^$pattern:" "$2" 2>/dev/null; }
is_listed() { line_of "$@" >/dev/null; }
has_id() { grep -q "^[^:]*:[^:]*:$1:" "$2" 2>/dev/null; }

is_listed "$name" /etc/passwd && report exists
[ -z "$uid" ] || ! has_id "$uid" /etc/passwd || report uid-in-use
wanted=$groups
while [ -n "$wanted" ]; do
  is_listed "${wanted%%,*}" /etc/group || report no-group "${wanted%%,*}"
  case $wanted in *,*) wanted=${wanted#*,} ;; *) wanted= ;; esac
done

# The user's own group is the one with the given id, or else the one with the user's name; it is made if it does not exist.
group=$name
if [ -n "$gid" ]; then
  group=$(grep "^[^:]*:[^:]*:$gid:" /etc/group 2>/dev/null | cut -d: -f1 | head -n 1)
  [ -n "$group" ] || ! is_listed "$name" /etc/group || report group-differs
  group=${group:-$name}
fi
group_before=$(line_of "$group" /etc/group) gshadow_before=$(line_of "$group" /etc/gshadow)
if [ -z "$shell" ]; then [ -x /bin/bash ] && shell=/bin/bash || shell=/bin/sh; fi
[ -e "$home" ] || [ -L "$home" ] && kept_home=1 || kept_home=

# Without a tool: one line in each of the files, by default with the first free id from 1000 on.
add_by_hand() {
  [ -e /etc/passwd ] || echo root:x:0:0:root:/root:/bin/sh >/etc/passwd || return
  [ -e /etc/group ] || echo root:x:0: >/etc/group || return
  id=${uid:-1000}
  while has_id $id /etc/group || { [ -z "$uid" ] && has_id $id /etc/passwd; }; do id=$((id + 1)); done
  uid=${uid:-$id}
  if [ -n "$group_before" ]; then
    gid=${group_before#*:*:} gid=${gid%%:*}
  else
    gid=${gid:-$id}
    echo "$name:x:$gid:" >>/etc/group || return
  fi
  if [ ! -e "$home" ]; then mkdir -p "$home" && chown -h "$uid:$gid" "$home" || return; fi
  if [ -e /etc/shadow ]; then echo "$name:!:$(($(date +%s) / 86400)):0:99999:7:::" >>/etc/shadow || return; fi
  echo "$name:x:$uid:$gid::$home:$shell" >>/etc/passwd
}
# Adds the name to the members of a group, or removes it.
join_by_hand() { as_pattern "$1"; sed -i -e "/^$pattern:/s/[^:]\$/&,/" -e "/^$pattern:/s/\$/$name/" /etc/group; }
leave_by_hand() { as_pattern "$name"; sed -i -e "s/:$pattern\$/:/" -e "s/\\([:,]\\)$pattern,/\\1/" -e "s/,$pattern\$//" /etc/group; }
drop_by_hand() {
  leave_by_hand
  as_pattern "$name"
  for file in /etc/passwd /etc/shadow; do [ ! -e $file ] || sed -i "/^$pattern:/d" $file; done
  [ -n "$group_before" ] || sed -i "/^$pattern:/d" /etc/group
}
each_group() {
  wanted=$groups
  while [ -n "$wanted" ]; do
    "$@" "${wanted%%,*}" || return
    case $wanted in *,*) wanted=${wanted#*,} ;; *) wanted= ;; esac
  done
}

if has useradd; then
  add() {
    [ -z "$gid" ] || [ -n "$group_before" ] || groupadd --gid "$gid" "$name" || return
    if [ -n "$gid$group_before" ]; then set -- --gid "$group"; else set -- --user-group; fi
    useradd --create-home --shell "$shell" --home-dir "$home" ${uid:+--uid "$uid"} ${groups:+--groups "$groups"} "$@" "$name"
  }
  drop() {
    # The tool removes a group with the user's name together with the user if it is the user's own.
    [ -z "$group_before" ] || usermod --gid 0 "$name"
    userdel "$name"
  }
elif has adduser; then
  join() { addgroup "$name" "$1"; }
  add() {
    [ -z "$gid" ] || [ -n "$group_before" ] || addgroup -g "$gid" "$name" || return
    [ -z "$gid$group_before" ] || set -- -G "$group"
    [ -d "${home%/*}/" ] || mkdir -p "${home%/*}" || return
    adduser -D -s "$shell" -h "$home" ${uid:+-u "$uid"} "$@" "$name" && each_group join
  }
  drop() { deluser "$name"; }
else
  add() { add_by_hand && each_group join_by_hand; }
  drop() { drop_by_hand; }
fi

# Removes everything of the user, and restores what was there before.
undo() {
  ! is_listed "$name" /etc/passwd || drop
  if [ -n "$group_before" ]; then
    is_listed "$group" /etc/group || echo "$group_before" >>/etc/group
    [ -z "$gshadow_before" ] || is_listed "$group" /etc/gshadow || echo "$gshadow_before" >>/etc/gshadow
  elif is_listed "$name" /etc/group; then
    if has groupdel; then groupdel "$name"; elif has delgroup; then delgroup "$name"; else drop_by_hand; fi
  fi
  [ -n "$kept_home" ] || rm -rf "$home"
}
give_up() { undo >/dev/null 2>&1 </dev/null; report "$@"; }

if [ -n "$password" ]; then
  # BusyBox's default is DES, which reads 8 characters and no more.
  if has chpasswd; then
    if chpasswd --help 2>&1 </dev/null | grep -q BusyBox; then
      set_password() { chpasswd -c sha512; }
    else
      set_password() { chpasswd; }
    fi
  elif has passwd; then
    passwd --help 2>&1 </dev/null | grep -q BusyBox && method='-a sha512' || method=
    set_password() {
      IFS= read -r line
      printf '%s\n%s\n' "${line#*:}" "${line#*:}" | passwd $method "$name"
    }
  else
    report no-password-tool
  fi
fi

message=$(add 2>&1 </dev/null)
case $?:$message in
  0:*) ;;
  4:*) report uid-in-use ;;
  9:* | *'in use'* | *'already exists'*) report exists ;;
  3:* | 19:* | *'invalid user'* | *'illegal'*) give_up bad-name "$message" ;;
  # Another request adds a user at this moment.
  1:*lock*) report failed "$message" ;;
  *) give_up failed "$message" ;;
esac
[ -z "$password" ] || message=$(set_password 2>&1) || give_up failed "$message"
report created
