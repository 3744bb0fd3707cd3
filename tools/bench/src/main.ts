import { execFileSync } from 'node:child_process';
import { startHost } from './host.ts';
import { LatencyMeter } from './latency-meter.ts';
import { describeMachine, replaceSectionInFile } from './markdown.ts';
import { inPlaceOperations, measureInPlace, measureLifecycles, type OperationResult, withContainers } from './measure-operations.ts';
import { measureRedisMemory } from './redis-memory.ts';
import { createReport } from './report.ts';
import { createApiTarget } from './targets/api.ts';
import { createCommandLineTarget } from './targets/command-line.ts';
import { createPodmanServiceTarget } from './targets/podman-service.ts';

/** `npm run bench [-- --quick]`. `--quick` shows that the benchmark works; its figures mean nothing. */
const quick = process.argv.includes('--quick');
const singleSize = quick ? { rounds: 1, calls: 3 } : { rounds: 12, calls: 6 };
const concurrentSize = quick ? { rounds: 1, calls: 10 } : { rounds: 3, calls: 40 };
const listedContainers = quick ? 5 : 100;

const host = await startHost();
const api = createApiTarget(host.url, host.token);
const commandLine = createCommandLineTarget(host.env, host.file);
const service = await createPodmanServiceTarget(host.socket);
const targets = [api, commandLine, service];
const results: OperationResult[] = [];
const step = async (text: string, measure: () => Promise<OperationResult[]>) => {
  process.stdout.write(`${text} …\n`);
  results.push(...(await measure()));
};
try {
  // Warm-up: Node.js compiles functions that are called often, so an API process becomes faster after a while.
  await new LatencyMeter().run(20, quick ? 5 : 100, () => api.list());
  for (const [callers, size] of [
    [1, singleSize],
    [10, concurrentSize],
  ] as const) {
    await step(`the life of a container, ${callers} at once`, () => measureLifecycles(targets, callers, size));
    await step(`operations in a container, ${callers} at once`, () => measureInPlace(targets, callers, size, inPlaceOperations));
  }
  for (const callers of [2, 4]) {
    await step(`the life of a container on the command line, ${callers} at once`, () =>
      measureLifecycles([commandLine], callers, concurrentSize),
    );
    await step(`operations in a container on the command line, ${callers} at once`, () =>
      measureInPlace([commandLine], callers, concurrentSize, inPlaceOperations),
    );
  }
  await step(`lists of ${listedContainers} containers`, () =>
    withContainers(listedContainers, api, async () => {
      const lists = [];
      for (const callers of [1, 2, 4, 10, 64]) {
        const measured = callers === 2 || callers === 4 ? [commandLine] : targets;
        const size = callers === 1 ? singleSize : { ...concurrentSize, calls: Math.max(concurrentSize.calls, callers) };
        const found = await measureInPlace(measured, callers, size, ['list']);
        lists.push(...found.map(result => ({ ...result, operation: `list of ${listedContainers}` })));
      }
      return lists;
    }),
  );
} finally {
  await host.stop();
}
const machine = describeMachine([
  execFileSync('podman', ['--version'], { encoding: 'utf8' }).trim(),
  `Node.js ${process.version}`,
  execFileSync('redis-server', ['--version'], { encoding: 'utf8' }).trim(),
]);
process.stdout.write('memory of Redis …\n');
const memory = await measureRedisMemory(quick ? 200 : 20_000);
const text = createReport(results, { api: api.name, commandLine: commandLine.name, service: service.name }, machine, memory);
process.stdout.write(`${text}\n`);
if (!quick) replaceSectionInFile(new URL('../RESULTS.md', import.meta.url), 'once: written by npm run bench', text);
