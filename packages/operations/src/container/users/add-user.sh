# Adds a user, in whatever way the image has.
# Arguments: the name, the shell ('' for the best that is there), 'password' where stdin holds name:password.
# Ends with one line: created, exists, no-password-tool, bad-name <words> or failed <words>.

name=$1 shell=$2 password=$3

# Stdin is read to its end first: podman loses the output of a command that leaves some of it unread.
tell() { cat >/dev/null; printf '%s' "$*" | tr '\n' ' '; echo; exit; }
has() { command -v "$1" >/dev/null 2>&1; }
known() { grep -q "^$name:" /etc/passwd 2>/dev/null; }

known && tell exists
if [ -z "$shell" ]; then [ -x /bin/bash ] && shell=/bin/bash || shell=/bin/sh; fi
[ -e "/home/$name" ] && kept_home=1 || kept_home=

# Where the image has no tool for it: one line in each of the files, with the first free id from 1000 on.
add_by_hand() {
  [ -e /etc/passwd ] || echo root:x:0:0:root:/root:/bin/sh >/etc/passwd || return
  [ -e /etc/group ] || echo root:x:0: >/etc/group || return
  id=1000
  while grep -q "^[^:]*:[^:]*:$id:" /etc/passwd /etc/group; do id=$((id + 1)); done
  mkdir -p "/home/$name" && chown "$id:$id" "/home/$name" || return
  if [ -e /etc/shadow ]; then echo "$name:!:$(($(date +%s) / 86400)):0:99999:7:::" >>/etc/shadow || return; fi
  echo "$name:x:$id:" >>/etc/group && echo "$name:x:$id:$id::/home/$name:$shell" >>/etc/passwd
}
drop_by_hand() {
  for file in /etc/passwd /etc/group /etc/shadow; do [ ! -e $file ] || sed -i "/^$name:/d" $file; done
}

if has useradd; then
  add() { useradd --create-home --shell "$shell" "$name"; }
  drop() { userdel "$name"; }
elif has adduser; then
  add() { adduser -D -s "$shell" "$name"; }
  drop() { deluser "$name"; }
else
  add() { add_by_hand; }
  drop() { drop_by_hand; }
fi

# Nothing of a user stays that was not there before.
undo() {
  ! known || drop >/dev/null 2>&1 </dev/null
  [ -n "$kept_home" ] || rm -rf "/home/$name"
}

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
    tell no-password-tool
  fi
fi

said=$(add 2>&1 </dev/null)
case $?:$said in
  0:*) ;;
  9:* | *'in use'* | *'already exists'*) tell exists ;;
  3:* | *'invalid user'* | *'illegal'*) tell bad-name "$said" ;;
  *) undo; tell failed "$said" ;;
esac

if [ -n "$password" ]; then
  said=$(set_password 2>&1) || { undo; tell failed "$said"; }
fi
tell created
