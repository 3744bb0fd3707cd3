import type { RunToString } from '../capture/capture-stdout.ts';

/** Time limit of a podman command; one that takes longer hangs. */
const runTimeoutMs = 60_000;
/** A command that opens podman's storage, and does little else. */
const debugCommand = ['secret', 'ls', '--log-level=debug'] as const;

/** Returns a function that returns the root folder of podman's storage. It runs podman until that has succeeded once, and remembers the result. */
export function createGraphRootReader(runPodman: RunToString): () => Promise<string> {
  let reading: Promise<string> | undefined;
  return () => {
    reading ??= read(runPodman).catch((error: unknown) => {
      reading = undefined;
      throw error;
    });
    return reading;
  };
}

async function read(runPodman: RunToString): Promise<string> {
  return (await readFromDebugLog(runPodman)) ?? (await readFromInfo(runPodman));
}

/**
 * Finds the folder in podman's debug log, where its local engine writes it (libpod/runtime.go of podman 4.3 and 5.4). This takes 35 ms of
 * CPU time. `podman info` takes 300 ms, because it queries dpkg or rpm for the packages of conmon and the runtime.
 * @returns `undefined` if the log does not have it, as that of a podman on another machine
 */
async function readFromDebugLog(runPodman: RunToString): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  const onStderr = async (bytes: Uint8Array) => {
    chunks.push(bytes);
  };
  try {
    await runPodman(debugCommand, { signal: AbortSignal.timeout(runTimeoutMs), onStderr });
  } catch {
    // The error of `podman info` names the cause.
    return undefined;
  }
  const [, path] = /msg="Using graph root ([^"\\]+)"/.exec(Buffer.concat(chunks).toString()) ?? [];
  return path;
}

async function readFromInfo(runPodman: RunToString): Promise<string> {
  return (await runPodman(['info', '--format={{.Store.GraphRoot}}'], { signal: AbortSignal.timeout(runTimeoutMs) })).trim();
}
