import { createHostileEnvironment } from './environment.ts';
import { readOptions, usage } from './options.ts';
import { run } from './run.ts';
import { findTraces } from './traces.ts';

const print = (text: string) => process.stdout.write(`${text}\n`);
const formatCounts = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts)
    .map(([name, count]) => `${name}: ${count}`)
    .join(', ');

const options = readOptions(process.argv.slice(2));
if (options === 'help') print(usage);
else {
  print(`seed ${options.seed}, ${options.requests} requests`);
  const environment = await createHostileEnvironment();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void environment.stop().then(() => process.exit(1)));
  try {
    const startedAtMs = performance.now();
    const { statuses, kinds, faults, breaches } = await run(environment, options, print);
    const seconds = (performance.now() - startedAtMs) / 1000;
    const exited = environment.listExitedProcesses();
    const traces = findTraces(environment);
    const all = [...faults, ...exited.map(name => `${name} has exited`), ...traces.faults];
    print(`${Math.round(seconds)} s, ${Math.round(options.requests / seconds)} requests/s`);
    print(`requests: ${formatCounts(kinds)}`);
    print(`responses by status (0: closed without a response): ${formatCounts(statuses)}`);
    print(`podman was called ${traces.calls} times`);
    print(`breaches: ${breaches + exited.length + traces.faults.length}`);
    for (const fault of all.slice(0, 40)) print(`- ${fault}`);
    process.exitCode = all.length === 0 ? 0 : 1;
  } finally {
    await environment.stop();
  }
}
