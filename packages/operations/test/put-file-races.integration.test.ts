import { describeRaces } from './put-file-races.ts';

// Other shells and tools are tried in `npm run test:all`.
describeRaces(2, ['BusyBox', 'busybox', ':']);
