import { describeTermination } from './terminate/rounds.ts';

// The first variants; `npm run test:all` runs each many times.
describeTermination(3);
