import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { images, type Service, startService, testPodman } from '@podman-api/testing';
import { startContainer, uniqueContainerName } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCommandLine } from './command-line.ts';

describe('save, load and cp', () => {
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
  let service: Service;
  let podmanApi: ReturnType<typeof createCommandLine>;
  beforeAll(async () => {
    service = await startService();
    podmanApi = createCommandLine(service.url);
  });
  afterAll(async () => {
    await service.stop();
    rmSync(folder, { recursive: true });
  });

  it('saves an image to stdout and loads it from a file and from stdin', async () => {
    const own = `localhost/${uniqueContainerName()}:1`;
    const file = join(folder, 'image.tar');
    await testPodman().run(['tag', '--', images.plain, own]);
    expect(await podmanApi.shell(`podman-api save ${own} >${file}`)).toEqual({ code: 0, stdout: '', stderr: '' });
    for (const line of [`podman-api load --input ${file}`, `podman-api load <${file}`]) {
      expect(await podmanApi.run('rmi', own)).toMatchObject({ code: 0 });
      expect(await podmanApi.shell(line)).toEqual({ code: 0, stdout: `${own}\n`, stderr: '' });
    }
    expect(await podmanApi.run('rmi', own)).toMatchObject({ code: 0 });
    expect(await podmanApi.run('load', '--input', folder)).toMatchObject({ code: 240, stderr: expect.stringContaining('is a directory') });
    expect(await podmanApi.run('save', own)).toMatchObject({ code: 241, stdout: '' });
  });

  it('copies directories as tar archives, in both directions', async () => {
    const name = await startContainer(images.busybox);
    const site = join(folder, 'site');
    mkdirSync(join(site, 'below'), { recursive: true });
    writeFileSync(join(site, 'below', 'page.html'), '<h1>');
    chmodSync(join(site, 'below', 'page.html'), 0o640);
    expect(await podmanApi.shell(`tar -C ${folder} -c site | podman-api cp - ${name}:/srv/`)).toMatchObject({ code: 241, stdout: '' });
    expect(await podmanApi.shell(`tar -C ${folder} -c site | podman-api cp - ${name}:/tmp/`)).toEqual({ code: 0, stdout: '', stderr: '' });
    const listed = await podmanApi.shell(`podman-api cp ${name}:/tmp/site - | tar -tv`);
    expect(listed).toMatchObject({ code: 0, stdout: expect.stringMatching(/^-rw-r----- .* 4 .* site\/below\/page.html$/m), stderr: '' });
  });
});
