import { describeFleetScale } from './fleet-scale.ts';

describeFleetScale([1, 20, 100, 1000]);
