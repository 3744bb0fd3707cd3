import { describeImitations, exitCodes, podmanErrors } from './exec-outcomes.ts';

describeImitations({ errors: podmanErrors, codes: exitCodes });
