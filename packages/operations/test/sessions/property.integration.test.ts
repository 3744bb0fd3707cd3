import { describeGeneratedExecs } from './property.ts';

describeGeneratedExecs(12);
