import { exitCodes } from './exit-codes.ts';
import { Ended } from './failure.ts';

/** The flag `-t`, so that `-it` is answered with what works instead. */
export const ttyFlag = { type: 'boolean', short: 't', about: 'a terminal, which the API does not offer yet: exits with 125' } as const;

/** @throws Ended (125) if a terminal is asked for */
export function refuseTerminal(tty: boolean | undefined): void {
  if (!tty) return;
  throw new Ended(
    exitCodes.noTerminal.code,
    'Terminals are not available yet: leave out -t. With -i alone, the command gets what is on stdin, to its end.',
  );
}
