import { describeRestarts } from './session-restarts.ts';

describeRestarts(1);
