import { relative } from 'node:path';
import type { Reporter } from 'vitest/node';
import { childrenOf, type Process } from './processes.ts';

/** Time without a result after which the running tests are named: half the limit of a test that starts processes. */
const reportAfterMs = 300_000;
/**
 * Time without a result after which the run is ended. Each test has its own limit (ten minutes, thirty for long tests), so only
 * a blocked test process or a hanging global set-up reaches this.
 */
const endAfterMs = 2_700_000;
const checkIntervalMs = 30_000;

/** What the reporter reads of Vitest's `TestModule`. */
interface Module {
  readonly moduleId: string;
}

/** What the reporter reads of Vitest's `TestCase`. */
interface Case {
  readonly module: Module;
  readonly fullName: string;
}

interface Output {
  readonly write: (text: string) => void;
  readonly exit: (code: number) => void;
}

const standardOutput: Output = { write: text => process.stderr.write(text), exit: code => process.exit(code) };

/**
 * Reporter of Vitest that names the tests and processes that still run when no test has ended for five minutes, and ends a run that
 * is stuck for 45 minutes, so that a CI's log says where it hung.
 */
export class StallReporter implements Reporter {
  readonly #output: Output;
  readonly #running = new Map<string, Set<string>>();
  #timer: NodeJS.Timeout | undefined;
  #lastResultMs = performance.now();
  #lastReportMs = Number.NEGATIVE_INFINITY;

  constructor(output: Partial<Output> = {}) {
    this.#output = { ...standardOutput, ...output };
  }

  onTestRunStart(): void {
    this.#lastResultMs = performance.now();
    this.#timer = setInterval(() => this.#check(), checkIntervalMs).unref();
  }

  onTestModuleStart(module: Module): void {
    this.#running.set(pathOf(module), new Set());
  }

  onTestModuleEnd(module: Module): void {
    this.#running.delete(pathOf(module));
    this.#lastResultMs = performance.now();
  }

  onTestCaseReady(test: Case): void {
    this.#running.get(pathOf(test.module))?.add(test.fullName);
  }

  onTestCaseResult(test: Case): void {
    this.#running.get(pathOf(test.module))?.delete(test.fullName);
    this.#lastResultMs = performance.now();
  }

  onTestRunEnd(): void {
    clearInterval(this.#timer);
  }

  #check(): void {
    const idleMs = performance.now() - this.#lastResultMs;
    if (idleMs >= endAfterMs) {
      this.#report(idleMs);
      this.#output.write('The test run is stuck and ends now; see the tests and processes above.\n');
      this.#output.exit(1);
    } else if (idleMs >= reportAfterMs && performance.now() - this.#lastReportMs >= reportAfterMs) this.#report(idleMs);
  }

  #report(idleMs: number): void {
    this.#lastReportMs = performance.now();
    const tests = [...this.#running].flatMap(([path, names]) => [`  ${path}`, ...[...names].map(name => `    ${name}`)]);
    const lines = [
      `No test has ended for ${Math.round(idleMs / 1000)} s. These still run:`,
      ...tests,
      'Processes:',
      ...describeDescendants(process.pid, '  '),
    ];
    this.#output.write(`${lines.join('\n')}\n`);
  }
}

function pathOf(module: Module): string {
  return relative('.', module.moduleId);
}

/** Returns a line for each process that descends from `pid`, indented by its depth. */
function describeDescendants(pid: number, indent: string): string[] {
  return childrenOf(pid).flatMap(child => [`${indent}${describe(child)}`, ...describeDescendants(child.pid, `${indent}  `)]);
}

function describe({ pid, argv }: Process): string {
  return `${pid}: ${argv.join(' ').slice(0, 200)}`;
}
