# The first process of a mount and process namespace in which cron and its users are at home. What it makes lies in memory
# and ends with it: a user, /etc, /home, /tmp, /run, the spool of the crontabs, and /usr/sbin with a program that takes mail.
# Wants NAME, PROJECT and NODE; prints its process id outside and the user's two ids; ends at the end of its input.
[ "$1" = inside ] || exec unshare --mount --pid --fork --kill-child sh "$0" inside
set -e
read -r pid others </proc/self/stat
mount -t proc none /proc
mount -t tmpfs -o mode=755 none /run
mkdir -p /run/lock /run/project /run/mail /run/copy/etc /run/copy/sbin
chmod 1777 /run/lock /run/mail

# Held open before what stands above them is covered.
mount --bind "$PROJECT" /run/project
touch /run/node
mount --bind "$NODE" /run/node

# Files that another process changes just now may be gone.
cp -a /etc/. /run/copy/etc 2>/dev/null || [ -s /run/copy/etc/passwd ]
rm -f /run/copy/etc/*.lock /run/copy/etc/cron.deny /run/copy/etc/cron.allow
# This machine's own jobs are not to be started by a clock that lies.
rm -rf /run/copy/etc/cron.*
mkdir /run/copy/etc/cron.d
: >/run/copy/etc/crontab
cp -a /usr/sbin/. /run/copy/sbin
cat >/run/copy/sbin/sendmail <<'END'
#!/bin/sh
file=$(/bin/mktemp /run/mail/draft.XXXXXX)
/bin/cat >"$file"
exec /bin/mv "$file" "/run/mail/sent.$$"
END
chmod 755 /run/copy/sbin/sendmail
mount --bind /run/copy/etc /etc
mount --bind /run/copy/sbin /usr/sbin

mount -t tmpfs -o mode=755 none /home
mount -t tmpfs -o mode=1777 none /tmp
mount -t tmpfs -o mode=1730 none /var/spool/cron/crontabs
chgrp crontab /var/spool/cron/crontabs
cd /
useradd --create-home --home-dir "/home/$NAME" --no-log-init --shell /bin/sh "$NAME"

# The program as a user has it: installed below the home directory, with a node beside it.
mkdir -p "/home/$NAME/node/bin" "/home/$NAME/smstats/node_modules"
cp /run/node "/home/$NAME/node/bin/node"
for part in bin dist sql package.json; do cp -r "/run/project/$part" "/home/$NAME/smstats/"; done
for module in better-sqlite3 bindings file-uri-to-path; do
  cp -r "/run/project/node_modules/$module" "/home/$NAME/smstats/node_modules/"
done
chown -R "$NAME:" "/home/$NAME"

echo "$pid $(id -u "$NAME") $(id -g "$NAME")"
while read -r line; do :; done
