import { createHash } from 'node:crypto';
import { testFolder } from './storage.ts';

/** Four digits that differ for most checkouts, in names of what all podmans of a host share, such as networks. */
export const checkoutId = createHash('sha256').update(testFolder).digest('hex').slice(0, 4);

/** Beginning of the names of what tests create. */
export const testNamePrefix = `t-${checkoutId}`;

/** Environment variable of every process that tests start, by which remaining processes are found. Its value differs for each checkout. */
export const testMarker = { PODMAN_API_TEST: testFolder } as const;

/** The variable in the format of proc_pid_environ(5). */
export const testMarkerText = `PODMAN_API_TEST=${testFolder}\0`;
