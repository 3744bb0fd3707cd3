import { closeSync, openSync, writeSync } from 'node:fs';
import { images, testPodman, until } from '@podman-api/testing';
import { startContainer, uniqueContainerName } from '@podman-api/testing/containers';

const mebibyte = 1024 ** 2;
/** Size of the files that a container has in place of `/etc/passwd` and `/etc/group`. */
const accountFileBytes = 70 * mebibyte;
const logBytes = 70 * mebibyte;
/** Processes, each with an environment of 1.8 MB. */
const processCount = 200;

/** Containers that the rounds use. */
export interface HostileContainers {
  /** Has a large environ in many processes, large labels, and many files. */
  readonly running: string;
  /** Have large account files, one of short lines and one of a single line, which podman itself cannot read. */
  readonly accounts: readonly string[];
  /** Have ended, with a large log of short lines, of one line, and of bytes that are not text. */
  readonly logs: readonly string[];
  readonly honest: string;
}

/** Starts a shell with 15 variables of 120 kB that forks itself; a fork has the environ of its parent. */
const forkWithLargeEnvironment = `v=$(head -c 120000 /dev/zero | tr '\\0' x)
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do export "V$i=$v"; done
mkfifo /never
exec sh -c 'i=0; while [ $i -lt ${processCount} ]; do (read x </never) & i=$((i+1)); done; touch /forked; wait'`;

const makeFiles = `mkdir /many; i=0; while [ $i -lt 20000 ]; do : >"/many/file-$i"; i=$((i+1)); done`;

/** Appends to the account files, and stays. */
const makeAccounts = (filler: string) =>
  `for f in passwd group; do ${filler} | head -c ${accountFileBytes} >>/etc/$f; done; touch /ready; exec sleep 7200`;
const accountFillers = ["yes 'user:x:1000:1000::/:/bin/sh'", 'cat /dev/zero'];

/** Creates the hostile containers, and one of an honest caller. */
export async function createContainers(): Promise<HostileContainers> {
  const podman = testPodman();
  const running = uniqueContainerName();
  const labels = Array.from({ length: 10 }, (_, index) => `--label=large${index}=${'"'.repeat(120_000)}`);
  const main = `${makeFiles}; ${forkWithLargeEnvironment}`;
  await podman.run(['run', '--detach', `--name=${running}`, '--network=none', ...labels, '--', images.busybox, 'sh', '-c', main]);
  const logs = [
    await createLog('F', 'short line'),
    await createLog('P', 'x'.repeat(8192)),
    await createLog('F', '\xff\0\x1b[2J'.repeat(200)),
  ];
  const honest = await startContainer(images.busybox, 'sleep', '7200');
  const accounts: string[] = [];
  for (const filler of accountFillers) accounts.push(await startContainer(images.busybox, 'sh', '-c', makeAccounts(filler)));
  await until(() => podman.run(['exec', '--', running, 'ls', '/forked']).then(Boolean, () => false));
  return { running, accounts, logs, honest };
}

/** Creates an exited container with a log that repeats one record. */
async function createLog(tag: 'F' | 'P', text: string): Promise<string> {
  const name = uniqueContainerName();
  const podman = testPodman();
  await podman.run(['run', `--name=${name}`, '--network=none', '--log-driver=k8s-file', '--', images.busybox, 'true']);
  const path = (await podman.run(['container', 'inspect', '--format={{.HostConfig.LogConfig.Path}}', '--', name])).trim();
  const record = Buffer.from(`2026-11-28T12:00:00.000000000+00:00 stdout ${tag} ${text}\n`, 'latin1');
  const block = Buffer.alloc(Math.floor(mebibyte / record.length) * record.length, record);
  const file = openSync(path, 'w');
  for (let written = 0; written < logBytes; ) written += writeSync(file, block);
  closeSync(file);
  return name;
}
