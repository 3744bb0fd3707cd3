import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { images, type Service, startService, testPodman } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import {
  type RegistryGate,
  registryLogin,
  startRegistry,
  startRegistryGate,
  type TestRegistry,
  trustRegistries,
} from '@podman-api/testing/registry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCommandLine } from './command-line.ts';

describe('podman-api push and pull', () => {
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
  let registry: TestRegistry;
  let gate: RegistryGate;
  let service: Service;
  let podmanApi: ReturnType<typeof createCommandLine>;
  let reference: string;
  beforeAll(async () => {
    registry = await startRegistry({ isProtected: true });
    gate = await startRegistryGate(registry.host);
    const hosts = [registry.host, gate.host];
    const trust = trustRegistries(join(folder, 'registries.conf'), hosts);
    service = await startService({ ...trust, ALLOWED_IMAGES: hosts.map(host => `${host}/*`).join() });
    podmanApi = createCommandLine(service.url, { PASSWORD: registryLogin.password });
    reference = `${registry.host}/${uniqueContainerName()}:1`;
    await testPodman().run(['tag', '--', images.plain, reference]);
  });
  afterAll(async () => {
    await service.stop();
    gate.stop();
    await registry.stop();
    await testPodman().run(['rmi', '--ignore', '--', reference]);
    rmSync(folder, { recursive: true });
  });

  const login = `--username ${registryLogin.username} --password-stdin`;

  it('push an image, and pull it again with its progress on stderr and its id on stdout', async () => {
    expect(await podmanApi.shell(`printf %s "$PASSWORD" | podman-api push ${login} ${reference}`)).toMatchObject({
      code: 0,
      stdout: `${reference}\n`,
      stderr: expect.stringContaining('Copying blob'),
    });
    expect(await podmanApi.run('rmi', reference)).toMatchObject({ code: 0 });
    const pulled = await podmanApi.shell(`echo "$PASSWORD" | podman-api pull ${login} --all-nodes ${reference}`);
    const node = service.env['NODE_NAME'];
    expect(pulled).toMatchObject({ code: 0, stdout: expect.stringMatching(new RegExp(`^${node}: [0-9a-f]{12}\n$`)) });
    expect(pulled.stderr).toContain(`${node}: Trying to pull ${reference}...\n`);
    expect(await podmanApi.shell(`echo "$PASSWORD" | podman-api pull -q ${login} ${reference}`)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^[0-9a-f]{12}\n$/),
      stderr: '',
    });
  });

  it('say in one sentence that the password is wrong', async () => {
    const result = await podmanApi.shell(`echo wrong-password-51fa | podman-api pull -q ${login} ${reference}`);
    expect(result).toMatchObject({ code: 241, stdout: '', stderr: expect.stringMatching(/^podman-api: [^\n]*refuses access[^\n]*\n$/) });
    expect(result.stderr).not.toContain('wrong-password');
  });

  it('cancel the job on Ctrl-C', async () => {
    gate.close(0);
    const running = podmanApi.start('pull', '--all-nodes', `${gate.host}/held:1`);
    await running.waitForOutput('Trying to pull');
    running.process.kill('SIGINT');
    expect(await running.result).toMatchObject({ code: 130, stdout: '' });
    const { body } = await service.call('GET', '/jobs?operation=image.pull&limit=1');
    expect(body).toMatchObject({ jobs: [{ status: 'cancelled' }] });
    gate.open();
  });
});
