import { commands, describeFailures } from './exec-failures.ts';
import { describeImitations, podmanErrors } from './exec-outcomes.ts';

// All errors, exit codes and ways to run a command are tried in `npm run test:all`.
describeImitations({ errors: podmanErrors.slice(0, 1), codes: [127] });
describeFailures(commands.shell, commands.programWithStdin);
