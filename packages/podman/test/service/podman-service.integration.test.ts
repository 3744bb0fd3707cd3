import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { images, testPodman, testPodmanService, until } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { childrenOf } from '@podman-api/testing/processes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** Returns the services of this process whose sockets are in a folder. */
const findServices = (folder: string) => childrenOf(process.pid).filter(({ argv }) => argv.at(-1)?.includes(folder));

describe('PodmanService', () => {
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
  const service = testPodmanService(join(folder, 'sockets'));
  const podman = testPodman(4, { service });
  /** Without the service. */
  const other = testPodman();
  let name: string;
  beforeAll(async () => {
    name = uniqueContainerName();
    const flags = ['--label=note=<&>', '--env=A=b c', '--health-cmd=true', '--health-interval=24h', '--stop-signal=SIGINT'];
    await other.run(['create', `--name=${name}`, '--pull=never', '--network=none', ...flags, '--', images.busybox, 'sleep', '600']);
  });
  afterAll(async () => {
    await service.stop();
    rmSync(folder, { recursive: true });
  });
  /** Asks until there is an answer: none comes before the service has started, or if podman waits too long for other tests' containers. */
  const ask = (path: string) => until(() => service.query(path));
  const start = () => ask('/containers/json?all=true');
  const printed = async () => JSON.parse(await other.run(['container', 'inspect', '--', name]))[0];

  it('has no answer before it has started, so that podman runs the command', async () => {
    const fresh = testPodmanService(join(folder, 'unused'));
    expect(await fresh.query('/containers/json')).toBeUndefined();
    expect(JSON.parse(await testPodman(1, { service: fresh }).inspect(name))).toEqual(await printed());
    await fresh.stop();
  });

  it('returns what podman container inspect prints', async () => {
    await start();
    expect(JSON.parse(await ask(`/containers/${name}/json`))).toEqual(await printed());
  });

  it('returns each change of another podman process at once', async () => {
    await start();
    for (let index = 0; index < 3; index += 1) {
      const next = uniqueContainerName();
      await other.run(['rename', '--', name, next]);
      name = next;
      expect(JSON.parse(await podman.inspect(next))).toMatchObject({ Name: next });
      expect(await ask('/containers/json?all=true')).toContain(next);
    }
  });

  it('throws the reason of the signal, and has no answer for a container that does not exist or beyond the maximum of bytes', async () => {
    await start();
    await expect(service.query('/containers/json', { signal: AbortSignal.abort(new Error('cancelled')) })).rejects.toThrow('cancelled');
    await expect(podman.inspect(uniqueContainerName())).rejects.toMatchObject({ status: 404 });
    expect(await service.query(`/containers/${name}/json`, { maxBytes: 10 })).toBeUndefined();
  });

  it('leaves no process and no socket when it is stopped', async () => {
    const sockets = join(folder, 'one');
    const one = testPodmanService(sockets);
    await until(() => one.query('/containers/json'));
    expect(findServices(sockets)).toHaveLength(1);
    expect(readdirSync(sockets)).toHaveLength(1);
    await one.stop();
    expect(findServices(sockets)).toEqual([]);
    expect(readdirSync(sockets)).toEqual([]);
    expect(await one.query('/containers/json')).toBeUndefined();
  });
});
