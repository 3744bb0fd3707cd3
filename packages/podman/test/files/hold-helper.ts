import { readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { createPodman, type FileSource } from '../../src/index.ts';

/** Acts as a worker with a helper, until it is killed. Arguments: the files, and what the helper does. Prints `ready` when it does. */
const [sourceText = '', state] = process.argv.slice(2);
const source: FileSource = JSON.parse(sourceText);
const podman = createPodman({ maxProcesses: 1 });
const { signal } = new AbortController();
const ready = () => console.log('ready');
const neverResolves = () => new Promise<void>(() => {});

async function* endlessContent(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('a');
  await neverResolves();
}

if (state === 'reading') {
  const onBytes = () => {
    ready();
    return neverResolves();
  };
  await podman.files(source, { verb: 'read', path: '/large' }, { signal, onBytes });
} else if (state === 'writing' && source.kind === 'folder') {
  const request = { verb: 'write', path: '/srv/file', mode: '', owner: '', draft: '.draft' } as const;
  const written = podman.files(source, request, { signal, content: endlessContent() });
  while (readdirSync(`${source.path}/srv`).length === 0) await delay(10);
  ready();
  await written;
} else {
  await podman.files(source, { verb: 'stat', path: '/' }, { signal });
  ready();
  await neverResolves();
}
