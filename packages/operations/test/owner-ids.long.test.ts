import { describeHugeFiles, describeMissingUsers } from './passwd-files.ts';

describeHugeFiles(
  ['/etc/passwd', 'app', 'yes "" | head -c 70000000 >/etc/passwd'],
  ['/etc/passwd', 'app', 'truncate -s 2G /etc/passwd'],
  ['/etc/group', '7:web', 'yes "web:x" | head -c 70000000 >/etc/group'],
);
describeMissingUsers(
  ['no file', 'rm /etc/passwd'],
  ['a file of 1 MiB without lines', 'truncate -s 1M /etc/passwd'],
  ['a line of 1 MiB', '{ printf "app:"; yes : | head -c 1000000 | tr -d "\\n"; } >/etc/passwd'],
  ['a directory', 'rm /etc/passwd; mkdir /etc/passwd'],
  ['a dangling link', 'ln -sf /nowhere /etc/passwd'],
);
