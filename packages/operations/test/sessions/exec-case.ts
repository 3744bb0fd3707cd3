import type { ExecInput } from '../../src/container/exec/input.ts';

type Input = Omit<ExecInput, 'name'>;

/** One exec, whose outcome must be the same in a session and by `podman exec`. */
export interface ExecCase {
  /** Description of the command, as a noun phrase. */
  readonly name: string;
  readonly input: Input;
  /**
   * Where the exec runs without a session: `true` in all images, see `canRunInSession`; `busybox` in BusyBox only, because
   * shell.sh needs a shell that its user can read, and the BusyBox of the image is setuid and not readable.
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
