import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { images, type Service, startApp, startService, testPodman, until } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

/** Starts a build whose only RUN never ends, and waits until that runs. */
async function startBuild(seconds: string): Promise<{ readonly id: string; readonly response: Promise<number> }> {
  const archive = pack();
  archive.entry({ name: 'Containerfile' }, `FROM ${images.busybox}\nRUN exec sleep ${seconds}\n`);
  archive.finalize();
  const body = new Uint8Array(await buffer(archive));
  const response = fetch(`${service.url}/api/v1/images/build?tag=localhost/endless-build:1`, { method: 'POST', body }).then(
    ({ status }) => status,
  );
  await until(() => isRunning(seconds));
  const id = String((await service.call('GET', '/jobs?operation=image.build&limit=1')).field('jobs.0.id'));
  return { id, response };
}

/** Whether a process of this host runs `sleep` with this number of seconds. */
function isRunning(seconds: string): boolean {
  return readdirSync('/proc').some(pid => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8') === `sleep\0${seconds}\0`;
    } catch {
      return false;
    }
  });
}

/** Returns the ids of images without a name, and of those of the endless builds. */
async function listLeftImages(): Promise<readonly string[]> {
  const lines = (await testPodman().run(['images', '--all', '--no-trunc', '--format={{.ID}} {{.Repository}}'])).split('\n');
  return lines.filter(line => /endless-build|<none>/.test(line));
}

/** @param imagesBefore what `listLeftImages` has returned before the build */
async function expectNothingLeft(seconds: string, imagesBefore: readonly string[]): Promise<void> {
  await until(() => !isRunning(seconds));
  const podman = testPodman();
  await until(async () => !(await podman.run(['ps', '--all', '--external', '--format={{.Names}}'])).includes('working-container'));
  expect((await listLeftImages()).filter(image => !imagesBefore.includes(image))).toEqual([]);
}

describe('the ignore file of a build', () => {
  /** Builds an image of a context with some files and such a list, and returns the files that it has. */
  async function buildAndListFiles(
    list: { readonly text: string } | { readonly linkTo: string },
    files: readonly string[],
  ): Promise<string[]> {
    const archive = pack();
    archive.entry({ name: 'Containerfile' }, `FROM ${images.busybox}\nCOPY . /context/\n`);
    for (const name of files) archive.entry({ name }, name);
    if ('text' in list) archive.entry({ name: '.dockerignore' }, list.text);
    else archive.entry({ name: '.dockerignore', type: 'symlink', linkname: list.linkTo });
    archive.finalize();
    const tag = `localhost/${uniqueContainerName()}:1`;
    onTestFinished(() =>
      testPodman()
        .run(['rmi', '--ignore', '--', tag])
        .then(() => undefined),
    );
    const body = new Uint8Array(await buffer(archive));
    const { status } = await fetch(`${service.url}/api/v1/images/build?tag=${tag}`, { method: 'POST', body });
    expect(status).toBe(201);
    const run = await service.call('POST', '/runs', { image: tag, command: ['ls', '/context'], network: 'none' });
    return String(run.field('run.stdout')).trim().split('\n');
  }

  it('is read from the context', async () => {
    expect(await buildAndListFiles({ text: 'b*\n' }, ['a', 'b', 'bc'])).toEqual(['Containerfile', 'a']);
  });

  it('is ignored if it is a link to a file of the host, which it would disclose', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'podman-api-host-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'secrets'), 'a\n');
    expect(await buildAndListFiles({ linkTo: join(folder, 'secrets') }, ['a', 'b'])).toEqual(['Containerfile', 'a', 'b']);
  });
});

describe('a build that does not end', () => {
  it('leaves no process, container and image when it is cancelled', async () => {
    const imagesBefore = await listLeftImages();
    const { id, response } = await startBuild('98761');
    expect((await service.call('DELETE', `/jobs/${id}`)).status).toBe(200);
    expect(await response).toBe(409);
    await expectNothingLeft('98761', imagesBefore);
  });

  it('leaves no process, container and image when its worker is killed', async () => {
    const imagesBefore = await listLeftImages();
    const { response } = await startBuild('98762');
    await service.worker.end('SIGKILL');
    const another = startApp('worker', service.env);
    onTestFinished(() => another.end('SIGTERM').then(() => undefined));
    expect([500, 503]).toContain(await response);
    await expectNothingLeft('98762', imagesBefore);
  });
});
