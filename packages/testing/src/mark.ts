/** A variable of every process that tests start, so that none that is left goes unnoticed. */
export const testMark = 'PODMAN_API_TEST';
