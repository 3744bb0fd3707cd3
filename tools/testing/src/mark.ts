import { testFolder } from './storage.ts';

/**
 * A variable of every process that tests start, so that none that is left goes unnoticed; tests of another checkout
 * have another value.
 */
export const testMark = { PODMAN_API_TEST: testFolder } as const;

/** How it stands in a process's environment, proc_pid_environ(5). */
export const testMarkText = `PODMAN_API_TEST=${testFolder}\0`;
