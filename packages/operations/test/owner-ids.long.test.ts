import { describeHugeFiles } from './huge-files.ts';

describeHugeFiles(['/etc/passwd', 'app', 'yes "" | head -c 70000000 >/etc/passwd'], ['/etc/passwd', 'app', 'truncate -s 2G /etc/passwd']);
