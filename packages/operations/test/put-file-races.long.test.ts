import { describeRaces } from './put-file-races.ts';

describeRaces(10, ['dash and coreutils', 'debian', ':'], ['bash and coreutils', 'debian', 'ln -sf bash /bin/sh']);
