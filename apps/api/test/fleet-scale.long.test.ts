import { describeFleetScale } from './fleet-scale.ts';

// 1,000 nodes need a machine that does nothing else: `npm run bench:fleet`.
describeFleetScale([1, 3, 30, 100]);
