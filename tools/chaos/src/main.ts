import { writeFileSync } from 'node:fs';
import { clockTime } from './clock.ts';
import { type Options, readOptions, usage } from './options.ts';
import { figuresOf } from './report/figures.ts';
import { writeJournal } from './report/journal.ts';
import { findingsText, table } from './report/table.ts';
import { run } from './run.ts';
import { type Stage, setStage } from './stage.ts';
import { judge } from './verdict/verdict.ts';

const print = (text: string) => process.stdout.write(`${text}\n`);

/** Runs it once and reports. @returns the exit code */
async function chaos(stage: Stage, options: Options): Promise<number> {
  const { evidence, seconds, longestRecovery } = await run(stage, options, text => print(`${clockTime(Date.now())} ${text}`));
  const verdict = judge(evidence);
  const figures = figuresOf(evidence, verdict, { seed: options.seed, seconds, longestRecovery });
  print(`\n${table(figures)}`);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(figures, null, 2)}\n`);
  const isFine = verdict.findings.length === 0;
  if (!isFine) print(`${findingsText(verdict.findings)}\n`);
  if (!isFine || options.keep) {
    const file = `${stage.folder}/journal.jsonl`;
    writeJournal(file, evidence);
    print(`All that was told and seen: ${file}\nThe logs: ${stage.folder}/logs`);
  }
  return isFine ? 0 : 1;
}

/** Resolves with the exit code for a signal that ends the run before its time. */
function interrupted(): Promise<number> {
  return new Promise(resolve => {
    process.once('SIGINT', () => resolve(130));
    process.once('SIGTERM', () => resolve(143));
  });
}

const options = readOptions(process.argv.slice(2));
if (options === 'help') print(usage);
else {
  print(`seed ${options.seed}`);
  const stage = await setStage();
  // A failure of the harness itself: what there is to look at stays.
  let exitCode = 1;
  try {
    exitCode = await Promise.race([chaos(stage, options), interrupted()]);
  } finally {
    await stage.end('SIGKILL');
    await stage.clear(exitCode === 1 || (exitCode === 0 && options.keep));
  }
  process.exit(exitCode);
}
