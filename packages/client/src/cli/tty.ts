import { ExitError } from './errors.ts';
import { exitCodes } from './exit-codes.ts';

/** The flag `-t`, which is declared so that `-it` gets an error that says what works instead. */
export const ttyFlag = {
  type: 'boolean',
  short: 't',
  description: 'a terminal, which the API does not offer yet: exits with 125',
} as const;

/** Refuses the flag `-t`. @throws ExitError (125) if it is set */
export function rejectTty(tty: boolean | undefined): void {
  if (!tty) return;
  throw new ExitError(
    exitCodes.noTerminal.code,
    'Terminals are not available yet: leave out -t. With -i alone, the command gets what is on stdin, to its end.',
  );
}
