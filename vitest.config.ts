import { defineConfig } from 'vitest/config';
import { FailureReporter } from './tools/testing/src/failure-reporter.ts';
import { StallReporter } from './tools/testing/src/stall-reporter.ts';

const folders = '{apps,packages,tools,test}/**';
const suffixes = { integration: 'integration.test', e2e: 'e2e.test', long: 'long.test' } as const;
/** By `npm run coverage`, see test/coverage. */
const isMeasured = process.env['NODE_V8_COVERAGE'] !== undefined;
const coverageFiles = isMeasured ? ['test/coverage/setup-file.ts'] : [];
/** One service for all files that do not reconfigure it, and one Chromium for all that open pages. */
const sharedSetups = ['tools/testing/src/shared-service.ts', 'tools/testing/src/browser/global-setup.ts'];
const pattern = (suffix: string) => `${folders}/*.${suffix}.ts`;

/**
 * Settings of tests that start processes. The time limits only end tests that hang: on a slow machine with a load of 35, others took more
 * than three minutes.
 */
const withProcesses = {
  // A process for each file takes a second; leftovers of a file are removed by setup-file.ts.
  isolate: false,
  globalSetup: ['tools/testing/src/global-setup.ts'],
  setupFiles: ['tools/testing/src/setup-file.ts', ...coverageFiles],
  testTimeout: 600_000,
  hookTimeout: 600_000,
};

/** One project per kind of test, named after the suffix of its files; see CONTRIBUTING.md. */
export default defineConfig({
  test: {
    // A file spends most of its time waiting for podman and for its locks, so four files at a time keep two cores busy.
    maxWorkers: 4,
    // Ends a run after about five failed tests, each of which may hang for ten minutes: Vitest counts their suites and files too.
    bail: 15,
    reporters: [
      'default',
      ...(process.env['GITHUB_ACTIONS'] === 'true' ? ['github-actions'] : []),
      new FailureReporter(),
      new StallReporter(),
    ],
    projects: [
      {
        test: {
          name: 'unit',
          // They share no state, and a process for each file takes longer than most tests.
          isolate: false,
          testTimeout: 300_000,
          setupFiles: coverageFiles,
          include: [pattern('test')],
          exclude: [...Object.values(suffixes).map(pattern), '**/node_modules/**'],
        },
      },
      { test: { ...withProcesses, name: 'integration', include: [pattern(suffixes.integration)] } },
      {
        test: {
          ...withProcesses,
          name: 'e2e',
          include: [pattern(suffixes.e2e)],
          globalSetup: [...withProcesses.globalSetup, ...sharedSetups],
        },
      },
      {
        test: {
          ...withProcesses,
          name: 'long',
          globalSetup: [...withProcesses.globalSetup, ...sharedSetups],
          include: [pattern(suffixes.long)],
          testTimeout: 1_800_000,
          // After all others, and fewer at a time: many of these take the whole machine.
          sequence: { groupOrder: 1 },
          maxWorkers: 3,
        },
      },
    ],
  },
});
