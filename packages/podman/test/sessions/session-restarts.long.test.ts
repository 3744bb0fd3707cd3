import { describeRestarts } from './session-restarts.ts';

describeRestarts(30, 'busybox', 'debian');
