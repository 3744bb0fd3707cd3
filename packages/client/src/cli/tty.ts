import { ExitError } from './errors.ts';
import { exitCodes } from './exit-codes.ts';

/** The flag `-t`. It is declared so that the error for `-it` can name an alternative. */
export const ttyFlag = {
  type: 'boolean',
  short: 't',
  description: 'a terminal, which the API does not support yet: exits with 125',
} as const;

/** Rejects the flag `-t`. @throws ExitError (125) if it is set */
export function rejectTty(tty: boolean | undefined): void {
  if (!tty) return;
  throw new ExitError(
    exitCodes.noTerminal.code,
    'Terminals are not supported yet: leave out -t. With -i alone, the command gets all of stdin.',
  );
}
