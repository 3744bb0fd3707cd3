import { describeSessionEnds } from './session-ends.ts';

// signals.e2e.test.ts tests SIGINT.
describeSessionEnds('SIGKILL', 'SIGTERM');
