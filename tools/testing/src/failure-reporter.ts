import { relative } from 'node:path';
import type { Reporter } from 'vitest/node';

/** What the reporter reads of Vitest's `TestCase`. */
interface Case {
  readonly module: { readonly moduleId: string };
  readonly fullName: string;
  result(): { readonly state: string; readonly errors?: readonly Failure[] | undefined };
}

interface Failure {
  readonly message: string;
  readonly stack?: string | undefined;
  /** The expected and the actual value, of an assertion. */
  readonly diff?: string | undefined;
}

/**
 * Reporter of Vitest that prints the errors of a test as soon as it fails. Vitest's own prints them at the end of the run, which takes
 * hours with the long tests, and never comes if the run is ended.
 */
export class FailureReporter implements Reporter {
  readonly #write: (text: string) => void;

  constructor(write = (text: string): void => void process.stderr.write(text)) {
    this.#write = write;
  }

  onTestCaseResult(test: Case): void {
    const { state, errors = [] } = test.result();
    if (state !== 'failed') return;
    const texts = errors.flatMap(({ message, stack, diff }) => [stack ?? message, ...(diff ? [diff] : [])]);
    this.#write(`${['A test has failed:', `  ${relative('.', test.module.moduleId)}`, `    ${test.fullName}`, ...texts].join('\n')}\n`);
  }
}
