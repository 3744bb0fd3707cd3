import { readOptions, usage } from './options.ts';
import { run } from './run.ts';
import { setStage } from './stage.ts';
import { tracesOf } from './traces.ts';

const print = (text: string) => process.stdout.write(`${text}\n`);
const sorted = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts)
    .map(([name, count]) => `${name}: ${count}`)
    .join(', ');

const options = readOptions(process.argv.slice(2));
if (options === 'help') print(usage);
else {
  print(`seed ${options.seed}, ${options.requests} requests`);
  const stage = await setStage();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stage.stop().then(() => process.exit(1)));
  try {
    const begun = performance.now();
    const { statuses, kinds, faults, breaches } = await run(stage, options, print);
    const seconds = (performance.now() - begun) / 1000;
    const ended = stage.ended();
    const traces = tracesOf(stage);
    const all = [...faults, ...ended.map(name => `${name} has ended`), ...traces.faults];
    print(`${Math.round(seconds)} s, ${Math.round(options.requests / seconds)} requests/s`);
    print(`requests: ${sorted(kinds)}`);
    print(`answers by status (0: closed without one): ${sorted(statuses)}`);
    print(`podman was called ${traces.calls} times`);
    print(`breaches: ${breaches + ended.length + traces.faults.length}`);
    for (const fault of all.slice(0, 40)) print(`- ${fault}`);
    process.exitCode = all.length === 0 ? 0 : 1;
  } finally {
    await stage.stop();
  }
}
