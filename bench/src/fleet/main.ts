import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { placeInFile } from '../marked.ts';
import { machine } from '../report.ts';
import { boundsOf } from './bounds.ts';
import { isWhole, type Options, readOptions, usage } from './options.ts';
import { pictureOf } from './picture.ts';
import { measureFleet, type Row } from './plan.ts';
import { tableOf } from './report.ts';
import { setStage } from './stage.ts';

const documentFile = new URL('../../../docs/fleet.md', import.meta.url);
const pictureFile = new URL('../../../docs/fleet-scale.svg', import.meta.url);

const print = (text: string) => process.stdout.write(`${text}\n`);

async function measureAll({ sizes, quick, profiles }: Options): Promise<readonly Row[]> {
  const effort = quick ? { calls: 10, lists: 1, idle: 200 } : { calls: 1500, lists: 7, idle: 5000 };
  const flags = profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`];
  const rows: Row[] = [];
  for (const nodes of sizes) {
    print(`${nodes} nodes …`);
    const stage = await setStage(nodes, flags);
    try {
      rows.push(await measureFleet(stage, nodes, effort));
    } finally {
      await stage.stop();
    }
  }
  return rows;
}

const options = readOptions(process.argv.slice(2));
if (options === 'help') print(usage);
else {
  const rows = await measureAll(options);
  const versions = machine([`Node.js ${process.version}`, execFileSync('redis-server', ['--version'], { encoding: 'utf8' }).trim()]);
  const table = tableOf(rows);
  print(`${versions}\n\n${table}\n`);
  const bounds = boundsOf(rows, options.quick);
  for (const { text, holds } of bounds) print(`${holds ? 'holds' : 'MISSED'}: ${text}`);
  if (isWhole(options)) {
    placeInFile(documentFile, 'figures: written by npm run bench:fleet', `${table}\n\n${versions}`);
    writeFileSync(pictureFile, pictureOf(rows));
  }
  process.exitCode = bounds.every(({ holds }) => holds) ? 0 : 1;
}
