import { describeTermination } from './terminate/rounds.ts';

// Each variant once.
describeTermination(8);
