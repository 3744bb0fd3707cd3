import { testFolder } from './storage.ts';

/** Environment variable of every process that tests start, by which remaining processes are found. Its value differs for each checkout. */
export const testMarker = { PODMAN_API_TEST: testFolder } as const;

/** The variable in the format of proc_pid_environ(5). */
export const testMarkerText = `PODMAN_API_TEST=${testFolder}\0`;
