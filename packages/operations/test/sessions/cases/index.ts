import type { ExecCase } from '../exec-case.ts';
import { argvCases } from './argv.ts';
import { exitCodeCases } from './exit-codes.ts';
import { optionCases } from './options.ts';
import { outputCases } from './output.ts';
import { processCases, shellCases } from './shell.ts';
import { newProgramCases, sideEffectCases } from './side-effects.ts';

/** Shell command to run in a container before the cases. */
export const preparation = `mkdir -p "/tmp/${'deep/'.repeat(60)}" "/tmp/a b'c"; ln -s /etc /tmp/link; chmod 700 /root`;

/** All cases; some rely on what those before them have left in the container. */
export const allCases: readonly ExecCase[] = [
  ...exitCodeCases,
  ...outputCases,
  ...shellCases,
  ...processCases,
  ...sideEffectCases,
  ...newProgramCases,
  ...argvCases,
  ...optionCases,
];

/** The cases that `npm test` runs. */
export const quickCases: readonly ExecCase[] = allCases.filter(({ quick }) => quick);
