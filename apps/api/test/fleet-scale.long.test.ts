import { describeFleetScale } from './fleet-scale.ts';

// More nodes than one process simulates; 1,000 are measured by `npm run bench:fleet`.
describeFleetScale([1, 3, 30, 300]);
