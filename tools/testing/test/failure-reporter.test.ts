import { describe, expect, it } from 'vitest';
import { FailureReporter } from '../src/failure-reporter.ts';

function report(state: string, errors?: readonly { message: string; stack?: string; diff?: string }[]): string {
  let written = '';
  const reporter = new FailureReporter(text => {
    written += text;
  });
  reporter.onTestCaseResult({ module: { moduleId: 'a.test.ts' }, fullName: 'a container > starts', result: () => ({ state, errors }) });
  return written;
}

describe('the reporter of failures', () => {
  it('prints the name and the errors of a test that has failed', () => {
    const errors = [{ message: 'expected 1', stack: 'Error: expected 1\n    at a.test.ts:3', diff: '- 1\n+ 2' }, { message: 'no stack' }];
    const expected =
      'A test has failed:\n  a.test.ts\n    a container > starts\nError: expected 1\n    at a.test.ts:3\n- 1\n+ 2\nno stack\n';
    expect(report('failed', errors)).toBe(expected);
  });

  it.each(['passed', 'skipped'])('prints nothing of a test that has %s', state => {
    expect(report(state)).toBe('');
  });
});
