import { ConfigError } from './config/read.ts';
import { exitOnEarlySignal } from './signals.ts';

/** System errors that a user can fix: permissions, a read-only or full disk, a file in place of a folder. */
const userErrorCodes: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'ENOTDIR', 'EISDIR']);

/**
 * Runs an app's main function. A wrong configuration or an unusable file exits with 1 and one line on stderr. A signal before
 * the app handles signals itself exits with 0.
 */
export async function runApp(main: () => Promise<void>): Promise<void> {
  exitOnEarlySignal();
  try {
    await main();
  } catch (error) {
    const message = error instanceof ConfigError ? error.message : describeFileError(error);
    if (message === undefined) throw error;
    process.stderr.write(`${message}\n`);
    process.exit(1);
  }
}

function describeFileError(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('path' in error) || !userErrorCodes.has(String(error.code))) return undefined;
  return `${error.path} cannot be used (${error.code}): let this user write there, or set STATE_DIR to another directory.`;
}
