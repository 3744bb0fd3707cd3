import { writeFileSync } from 'node:fs';
import { clockTime } from './clock.ts';
import { type ChaosEnvironment, createEnvironment } from './environment.ts';
import { type ChaosOptions, readOptions, usage } from './options.ts';
import { writeJournal } from './report/journal.ts';
import { summarize } from './report/summary.ts';
import { formatTable, formatViolations } from './report/table.ts';
import { run } from './run.ts';
import { checkRun } from './verdict/verdict.ts';

const print = (text: string) => process.stdout.write(`${text}\n`);

/** Runs the chaos test once and prints the report. @returns the exit code */
async function chaos(environment: ChaosEnvironment, options: ChaosOptions): Promise<number> {
  const { evidence, seconds, longestRecoveryMs } = await run(environment, options, text => print(`${clockTime(Date.now())} ${text}`));
  const verdict = checkRun(evidence);
  const figures = summarize(evidence, verdict, { seed: options.seed, seconds, longestRecoveryMs });
  print(`\n${formatTable(figures)}`);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(figures, null, 2)}\n`);
  const hasPassed = verdict.violations.length === 0;
  if (!hasPassed) print(`${formatViolations(verdict.violations)}\n`);
  if (!hasPassed || options.keep) {
    const file = `${environment.folder}/journal.jsonl`;
    writeJournal(file, evidence);
    print(`Responses and observed state: ${file}\nLogs: ${environment.folder}/logs`);
  }
  return hasPassed ? 0 : 1;
}

/** Resolves with the exit code for a signal that ends the run early. */
function awaitInterrupt(): Promise<number> {
  return new Promise(resolve => {
    process.once('SIGINT', () => resolve(130));
    process.once('SIGTERM', () => resolve(143));
  });
}

const options = readOptions(process.argv.slice(2));
if (options === 'help') print(usage);
else {
  print(`seed ${options.seed}`);
  const environment = await createEnvironment();
  // After a failure of the harness itself, the folder is kept.
  let exitCode = 1;
  try {
    exitCode = await Promise.race([chaos(environment, options), awaitInterrupt()]);
  } finally {
    await environment.end('SIGKILL');
    await environment.cleanUp(exitCode === 1 || (exitCode === 0 && options.keep));
  }
  process.exit(exitCode);
}
