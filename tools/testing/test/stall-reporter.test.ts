import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StallReporter } from '../src/stall-reporter.ts';

describe('StallReporter', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('names the running tests if none has ended for five minutes, every five minutes', () => {
    const { output, reporter } = start();
    vi.advanceTimersByTime(299_000);
    expect(output).toEqual([]);
    vi.advanceTimersByTime(1_000);
    expect(output).toHaveLength(1);
    expect(output[0]).toMatch(/^No test has ended for 300 s\. These still run:\n {2}apps\/a\.test\.ts\n {4}a > hangs\nProcesses:\n/);
    vi.advanceTimersByTime(300_000);
    expect(output).toHaveLength(2);
    reporter.onTestRunEnd();
  });

  it('does not name tests that have ended, and counts from the last result', () => {
    const { output, reporter } = start();
    vi.advanceTimersByTime(210_000);
    reporter.onTestCaseResult(testCase);
    vi.advanceTimersByTime(270_000);
    expect(output).toEqual([]);
    vi.advanceTimersByTime(30_000);
    expect(output.join()).toMatch(/still run:\n {2}apps\/a\.test\.ts\nProcesses:\n/);
    reporter.onTestRunEnd();
  });

  it('ends a run without a result for 45 minutes', () => {
    const { output, exitCodes, reporter } = start();
    vi.advanceTimersByTime(2_700_000);
    expect(exitCodes).toEqual([1]);
    expect(output.at(-1)).toBe('The test run is stuck and ends now; see the tests and processes above.\n');
    reporter.onTestRunEnd();
  });

  it('stops with the run', () => {
    const { output, reporter } = start();
    reporter.onTestRunEnd();
    vi.advanceTimersByTime(3_000_000);
    expect(output).toEqual([]);
  });
});

const testModule = { moduleId: `${process.cwd()}/apps/a.test.ts` };
const testCase = { module: testModule, fullName: 'a > hangs' };

function start() {
  const output: string[] = [];
  const exitCodes: number[] = [];
  const reporter = new StallReporter({ write: text => output.push(text), exit: code => exitCodes.push(code) });
  reporter.onTestRunStart();
  reporter.onTestModuleStart(testModule);
  reporter.onTestCaseReady(testCase);
  return { output, exitCodes, reporter };
}
