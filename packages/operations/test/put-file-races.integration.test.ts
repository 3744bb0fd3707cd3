import { describeRaces } from './put-file-races.ts';

// More puts, and other shells and tools, are tested in `npm run test:all`.
describeRaces(1, ['BusyBox', 'busybox', ':']);
