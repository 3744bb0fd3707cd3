import { describeLogWrites } from './log-writes.ts';

describeLogWrites(1);
