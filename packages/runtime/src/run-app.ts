import { ConfigError } from './config/read.ts';

/**
 * Runs an app's main function: a wrong configuration ends the process with its one line on stderr.
 */
export async function runApp(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
