import { execFileSync } from 'node:child_process';
import { startHost } from './host.ts';
import { placeInFile } from './marked.ts';
import { Meter } from './measure.ts';
import { among, measureLives, measurePlain, plainOperations, type Row } from './plan.ts';
import { measureRedisMemory } from './redis-memory.ts';
import { machine, report } from './report.ts';
import { api } from './ways/api.ts';
import { commandLine } from './ways/command-line.ts';
import { service } from './ways/service.ts';

/** `--quick` is to see that the bench works, not to quote from. */
const quick = process.argv.includes('--quick');
const one = quick ? { turns: 1, calls: 3 } : { turns: 12, calls: 6 };
const many = quick ? { turns: 1, calls: 10 } : { turns: 3, calls: 40 };
const crowd = quick ? 5 : 100;

const host = await startHost();
const ways = [api(host.url, host.token), commandLine(host.env, host.file), await service(host.socket)] as const;
const [ours, line] = ways;
const rows: Row[] = [];
const step = async (text: string, measure: () => Promise<Row[]>) => {
  process.stdout.write(`${text} …\n`);
  rows.push(...(await measure()));
};
try {
  // Node.js compiles what is called often: an API that has been up for a while is measured.
  await new Meter().turn(20, quick ? 5 : 100, () => ours.list());
  for (const [callers, effort] of [
    [1, one],
    [10, many],
  ] as const) {
    await step(`a container's life, ${callers} at once`, () => measureLives(ways, callers, effort));
    await step(`what is done in a container, ${callers} at once`, () => measurePlain(ways, callers, effort, plainOperations));
  }
  for (const callers of [2, 4]) {
    await step(`the command line alone, ${callers} at once`, () => measureLives([line], callers, many));
    await step(`the command line alone, ${callers} at once`, () => measurePlain([line], callers, many, plainOperations));
  }
  await step(`lists of ${crowd} containers`, () =>
    among(crowd, ours, async () => {
      const lists = [];
      for (const callers of [1, 2, 4, 10, 64]) {
        const taking = callers === 2 || callers === 4 ? [line] : ways;
        const found = await measurePlain(taking, callers, callers === 1 ? one : { ...many, calls: Math.max(many.calls, callers) }, [
          'list',
        ]);
        lists.push(...found.map(row => ({ ...row, operation: `list of ${crowd}` })));
      }
      return lists;
    }),
  );
} finally {
  await host.stop();
}
const names = { api: ways[0].name, line: ways[1].name, service: ways[2].name };
const versions = machine([
  execFileSync('podman', ['--version'], { encoding: 'utf8' }).trim(),
  `Node.js ${process.version}`,
  execFileSync('redis-server', ['--version'], { encoding: 'utf8' }).trim(),
]);
process.stdout.write('what Redis holds …\n');
const memory = await measureRedisMemory(quick ? 200 : 20_000);
const text = report(rows, names, versions, memory);
process.stdout.write(`${text}\n`);
if (!quick) placeInFile(new URL('../RESULTS.md', import.meta.url), 'once: written by npm run bench', text);
