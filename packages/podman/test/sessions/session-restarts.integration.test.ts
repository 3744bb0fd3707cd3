import { describeRestarts } from './session-restarts.ts';

// Debian, and the other ways to end, are tried in `npm run test:all`.
describeRestarts(1, 'busybox');
