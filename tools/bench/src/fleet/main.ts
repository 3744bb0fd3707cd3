import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { describeMachine, replaceSectionInFile } from '../markdown.ts';
import { checkBounds } from './bounds.ts';
import { startFleetEnvironment } from './environment.ts';
import { drawFleetChart } from './fleet-chart.ts';
import { type FleetResult, measureFleet } from './measure-fleet.ts';
import { type FleetBenchOptions, isComplete, readOptions, usage } from './options.ts';
import { createReport } from './report.ts';

const documentFile = new URL('../../../../docs/fleet.md', import.meta.url);
const chartFile = new URL('../../../../docs/fleet-scale.svg', import.meta.url);

const print = (text: string) => process.stdout.write(`${text}\n`);

async function measureAll({ sizes, quick, profileFolder }: FleetBenchOptions): Promise<readonly FleetResult[]> {
  const size = quick ? { calls: 10, lists: 1, idleMs: 200 } : { calls: 1500, lists: 7, idleMs: 5000 };
  const flags = profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`];
  const results: FleetResult[] = [];
  for (const nodes of sizes) {
    print(`${nodes} nodes …`);
    const environment = await startFleetEnvironment(nodes, flags);
    try {
      results.push(await measureFleet(environment, nodes, size));
    } finally {
      await environment.stop();
    }
  }
  return results;
}

const options = readOptions(process.argv.slice(2));
if (options === 'help') print(usage);
else {
  const results = await measureAll(options);
  const versions = describeMachine([
    `Node.js ${process.version}`,
    execFileSync('redis-server', ['--version'], { encoding: 'utf8' }).trim(),
  ]);
  const table = createReport(results);
  print(`${versions}\n\n${table}\n`);
  const bounds = checkBounds(results, options.quick);
  for (const { text, holds } of bounds) print(`${holds ? 'holds' : 'MISSED'}: ${text}`);
  if (isComplete(options)) {
    replaceSectionInFile(documentFile, 'figures: written by npm run bench:fleet', `${table}\n\n${versions}`);
    writeFileSync(chartFile, drawFleetChart(results));
  }
  process.exitCode = bounds.every(({ holds }) => holds) ? 0 : 1;
}
