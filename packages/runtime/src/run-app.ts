import { ConfigError } from './config/read.ts';
import { exitOnEarlySignal } from './signals.ts';

/**
 * Runs an app's main function. A wrong configuration ends the process with one line on stderr, and a signal before the app
 * handles signals itself ends it with 0.
 */
export async function runApp(main: () => Promise<void>): Promise<void> {
  exitOnEarlySignal();
  try {
    await main();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
