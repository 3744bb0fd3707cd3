const errorStart = 'Error: ';
/** Podman names the exec session or the container by its full id, which tells its errors from those of most commands. */
const errorLine = /^Error: [^\n]*\b(?:session|container|ID) [0-9a-f]{64}\b[^\n]*\n?$/;

/**
 * Finds an error of podman at the end of what came on a session's stderr. Podman 4.3 writes one, and exits with 255, if its
 * container was started again before it had asked how its exec ended: "retrieving exec session … exit code: …".
 * @returns where it starts; the length if there is none
 */
export function findPodmanError(bytes: Buffer): number {
  const start = bytes.lastIndexOf(errorStart);
  return start >= 0 && errorLine.test(bytes.toString('latin1', start)) ? start : bytes.length;
}
