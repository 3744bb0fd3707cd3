import { quickCases } from './cases/index.ts';
import { describeEquivalence } from './equivalence.ts';

// All cases run in `npm run test:all`, and in BusyBox too.
describeEquivalence(quickCases, ['debian']);
