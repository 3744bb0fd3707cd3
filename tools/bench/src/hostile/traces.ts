import { readdirSync, readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseWorkerArgv } from '@podman-api/testing/argv';
import { markPiece, secretMark } from '@podman-api/testing/hostile';
import type { HostileEnvironment } from './environment.ts';

/** Folders that a path traversal could lead to. Other programs use them too. */
const sharedFolders = ['/', '/etc', '/dev/shm', tmpdir(), homedir(), fileURLToPath(new URL('../../../../', import.meta.url))];

/** Finds what a run must not leave behind: files, unexpected arguments of podman, and secrets in logs. */
export function findTraces({ callsFolder, emptyFolders, logs }: HostileEnvironment): {
  readonly faults: readonly string[];
  readonly calls: number;
} {
  const leftoverFiles = [
    ...emptyFolders.flatMap(folder => readdirSync(folder).map(name => join(folder, name))),
    ...sharedFolders.flatMap(folder =>
      readdirSync(folder)
        .filter(name => name.includes(markPiece))
        .map(name => join(folder, name)),
    ),
  ];
  const argvs = readdirSync(callsFolder).flatMap(name => readCalls(readFileSync(join(callsFolder, name), 'utf8')));
  const faults = [
    ...leftoverFiles.map(path => `a file was created: ${path}`),
    ...argvs.flatMap(argv => findArgvFault(argv) ?? []),
    ...(logs().includes(secretMark) ? ['a log contains a secret'] : []),
    ...(/"level":"(error|fatal)"/.test(logs()) ? [`a log contains an error: ${/.*"level":"(?:error|fatal)".*/.exec(logs())?.[0]}`] : []),
  ];
  return { faults, calls: argvs.length };
}

function findArgvFault(argv: readonly string[]): string | undefined {
  try {
    parseWorkerArgv(argv);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return argv.some(arg => arg.includes(secretMark)) ? `a secret is in podman's arguments: ${JSON.stringify(argv)}` : undefined;
}

/** Reads the calls that `fake-podman.sh` has recorded: for each, the number of its arguments, and the arguments. */
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
