import { readdirSync, readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseWorkerArgv } from '@podman-api/testing/argv';
import { markPiece, secretMark } from '@podman-api/testing/hostile';
import type { HostileEnvironment } from './environment.ts';

/** Where a path that leads out of its place may lead to; others use these folders too. */
const shared = ['/', '/etc', '/dev/shm', tmpdir(), homedir(), fileURLToPath(new URL('../../../../', import.meta.url))];

/** What the run has left where it should not: files, arguments of podman's, secrets in logs. */
export function findTraces({ calls, empty, logs }: HostileEnvironment): { readonly faults: readonly string[]; readonly calls: number } {
  const found = [
    ...empty.flatMap(folder => readdirSync(folder).map(name => join(folder, name))),
    ...shared.flatMap(folder =>
      readdirSync(folder)
        .filter(name => name.includes(markPiece))
        .map(name => join(folder, name)),
    ),
  ];
  const argvs = readdirSync(calls).flatMap(name => readCalls(readFileSync(join(calls, name), 'utf8')));
  const faults = [
    ...found.map(path => `a file was made: ${path}`),
    ...argvs.flatMap(argv => faultOfArgv(argv) ?? []),
    ...(logs().includes(secretMark) ? ['a log holds a secret'] : []),
    ...(/"level":"(error|fatal)"/.test(logs()) ? [`a log contains an error: ${/.*"level":"(?:error|fatal)".*/.exec(logs())?.[0]}`] : []),
  ];
  return { faults, calls: argvs.length };
}

function faultOfArgv(argv: readonly string[]): string | undefined {
  try {
    parseWorkerArgv(argv);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return argv.some(arg => arg.includes(secretMark)) ? `a secret stands in podman's arguments: ${JSON.stringify(argv)}` : undefined;
}

/** Reads what `fake-podman.sh` has noted: a number, and so many arguments, again and again. */
function readCalls(text: string): string[][] {
  const words = text.split('\0');
  const argvs: string[][] = [];
  for (let at = 0; at < words.length - 1; ) {
    const count = Number(words[at]);
    argvs.push(words.slice(at + 1, at + 1 + count));
    at += 1 + count;
  }
  return argvs;
}
