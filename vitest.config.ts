import { defineConfig } from 'vitest/config';

const everywhere = ['{apps,packages,setup,test,chaos}/**'];
const tests = (suffix: string) => everywhere.map(place => `${place}/*.${suffix}.ts`);

/** Three kinds of tests, told by their suffix; see CONTRIBUTING. */
export default defineConfig({
  test: {
    // Of the time of most files podman has a half, and waiting for bounds to pass a part: two cores have enough to do with three.
    maxWorkers: 3,
    projects: [
      {
        test: {
          name: 'unit',
          include: tests('test'),
          exclude: [...tests('integration.test'), ...tests('e2e.test'), '**/node_modules/**'],
        },
      },
      {
        test: {
          name: 'real parts',
          include: [...tests('integration.test'), ...tests('e2e.test')],
          globalSetup: 'packages/testing/src/global-setup.ts',
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
