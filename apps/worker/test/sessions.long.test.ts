import { describeSessionEnds } from './session-ends.ts';

describeSessionEnds('SIGKILL');
