import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAuditLog } from '@podman-api/runtime';
import { dockerUrlOf, images, type SendRequest, type Service, startFleet, startService, type TestFleet, until } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createToken } from '../src/tokens/commands.ts';
import { type PolicyTarget, policyClients } from './docker/policy-clients.ts';
import { withToken } from './tokens/token-service.ts';

let folder: string;
let service: Service | undefined;
let fleet: TestFleet | undefined;
const targets = new Map<string, PolicyTarget & { readonly call: SendRequest }>();
const allowedFolder = () => join(folder, 'allowed');
beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'podman-api-docker-policy-')));
  mkdirSync(join(allowedFolder(), 'data'), { recursive: true });
  writeFileSync(join(allowedFolder(), 'data/which'), 'the allowed directory\n');
  const settings = { DOCKER_LISTEN: 'tcp://127.0.0.1:0', ALLOWED_MOUNTS: allowedFolder(), ALLOWED_IMAGES: images.busybox };
  service = await startService(settings);
  await addTarget('one node', service, service.api);
  fleet = await startFleet({ a: {}, b: {}, c: {} }, settings);
  await addTarget('three nodes', { ...fleet.apis[0], env: fleet.env }, fleet.apis[0].api);
});
afterAll(async () => {
  await fleet?.stop();
  await service?.stop();
  rmSync(folder, { recursive: true });
});

/** Creates a token for a service, and waits until the service accepts it. */
async function addTarget(where: string, { url, call, env }: Pick<Service, 'url' | 'call' | 'env'>, api: Service['api']): Promise<void> {
  const audit = openAuditLog({ AUDIT_LOG: env['AUDIT_LOG'] ?? '', STATE_DIR: folder });
  const token = createToken(env['API_TOKENS_FILE'] ?? '', audit, 'ci', { scopes: 'containers:write,exec,images:write' });
  const callWithToken = withToken(call, token);
  // Before the service has seen the first token it answers everybody.
  await until(async () => (await call('GET', '/jobs')).status === 401);
  await until(async () => (await callWithToken('GET', '/jobs')).status === 200);
  targets.set(where, { url, dockerUrl: dockerUrlOf(api), token, call: callWithToken });
}

describe.each(['one node', 'three nodes'])('the policy with %s', where => {
  const target = () => {
    const found = targets.get(where);
    if (found === undefined) throw new Error(`there is no service with ${where}`);
    return found;
  };
  const listContainers = async (label: string) => (await target().call('GET', `/containers?label=policy=${label}`)).field('containers');

  describe.each(Object.entries(policyClients))('and %s', (_client, read) => {
    it('mounts a directory of ALLOWED_MOUNTS', async () => {
      const { isSuccess, output } = await read(target(), {
        image: images.busybox,
        folder: join(allowedFolder(), 'data'),
        label: uniqueContainerName(),
      });
      expect({ isSuccess, output }).toEqual({ isSuccess: true, output: expect.stringContaining('the allowed directory') });
    });

    it.each([
      ['the root of the host', 'ALLOWED_MOUNTS', () => ({ image: images.busybox, folder: '/' })],
      ['a directory next to the allowed one', 'ALLOWED_MOUNTS', () => ({ image: images.busybox, folder })],
      ['an image that is not allowed', 'ALLOWED_IMAGES', () => ({ image: images.plain, folder: join(allowedFolder(), 'data') })],
    ])('shows why %s is refused, and leaves nothing', async (_what, variable, choose) => {
      const label = uniqueContainerName();
      const { isSuccess, output } = await read(target(), { ...choose(), label });
      expect({ isSuccess, output }).toEqual({ isSuccess: false, output: expect.stringContaining(variable) });
      expect(await listContainers(label)).toEqual([]);
    });
  });
});
