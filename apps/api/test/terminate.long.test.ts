import { describeTermination } from './terminate/rounds.ts';

describeTermination(100);
