import type { ExecInput } from '../../src/container/exec/input.ts';

type Input = Omit<ExecInput, 'name'>;

/** One exec, whose outcome must be the same in a session and by `podman exec`. */
export interface ExecCase {
  /** What the command does or is, as a noun phrase. */
  readonly name: string;
  readonly input: Input;
  /**
   * The exec never runs in a session, in all images or in BusyBox alone: see `fitsSession`; and shell.sh wants a shell that
   * its user may read, which BusyBox is not, for it is setuid in the image.
   */
  readonly cold?: true | 'busybox';
  /** Whether `npm test` runs it; `npm run test:all` runs all. */
  readonly quick?: true;
}

/** A case that runs in a session. */
export function warm(name: string, command: Input['command'], options: Omit<Input, 'command'> = {}): ExecCase {
  return { name, input: { command, ...options } };
}

/** A case that never runs in a session. */
export function cold(...given: Parameters<typeof warm>): ExecCase {
  return { ...warm(...given), cold: true };
}

/** A case that runs in a session, except in BusyBox. */
export function coldInBusybox(...given: Parameters<typeof warm>): ExecCase {
  return { ...warm(...given), cold: 'busybox' };
}

/** Marks a case that `npm test` runs too. One that relies on the case before it must be marked together with that. */
export function quick(given: ExecCase): ExecCase {
  return { ...given, quick: true };
}
