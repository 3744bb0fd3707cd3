import { images, startService, testPodman, until } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** Changes in each of the two tests. */
const rounds = 1000;
/** Time within which a change that was not made by the API has to be in responses. */
const maxDelayMs = 250;

/** State of a container that responses are compared with. */
interface Expected {
  readonly name: string;
  readonly status: string;
}

/** A change of a container: a call of the API, and the command of podman that does the same. */
interface Change {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
  readonly args: readonly string[];
  readonly to: Expected;
}

/** Returns a change that is possible in a state; `kind` chooses one. */
function nextChange({ name, status }: Expected, kind: number): Change {
  const simple = (verb: string, to: string): Change => ({
    method: 'POST',
    path: `/containers/${name}/${verb}${verb === 'stop' ? '?timeout=0' : ''}`,
    args: verb === 'stop' ? ['stop', '--time=0', '--', name] : [verb, '--', name],
    to: { name, status: to },
  });
  if (status === 'paused') return simple('unpause', 'running');
  if (status === 'exited') return simple('start', 'running');
  if (kind === 0) return simple('stop', 'exited');
  if (kind <= 2) return simple('pause', 'paused');
  const renamed = uniqueContainerName();
  return {
    method: 'POST',
    path: `/containers/${name}/rename`,
    body: { new_name: renamed },
    args: ['rename', '--', name, renamed],
    to: { name: renamed, status },
  };
}

/** Returns the state in a response, which may lack the container. */
function pick(container: unknown): object {
  const { name, status } = Object(container);
  return { name, status };
}

describe('lists and inspects after changes', () => {
  const podman = testPodman();
  let service: Awaited<ReturnType<typeof startService>>;
  const containers: { id: string; now: Expected }[] = [];
  beforeAll(async () => {
    service = await startService({ RATE_LIMIT: '1000000' });
    for (const name of [uniqueContainerName(), uniqueContainerName(), uniqueContainerName()]) {
      const args = ['run', '--detach', '--network=none', `--name=${name}`, '--pull=never', '--', images.busybox, 'sleep', '100000'];
      const id = (await podman.run(args)).trim();
      containers.push({ id: id.slice(0, 12), now: { name, status: 'running' } });
    }
    await until(async () => (await service.call('GET', '/containers')).status === 200);
  });
  afterAll(() => service.stop());

  /** Returns the state of a container in the list and in an inspect. */
  const read = async (id: string): Promise<readonly unknown[]> => {
    const [list, inspect] = await Promise.all([service.call('GET', '/containers'), service.call('GET', `/containers/${id}`)]);
    const all = list.field('containers');
    const listed: unknown = Array.isArray(all) ? all.find(one => one.id === id) : undefined;
    return [listed, inspect.field('container')].map(one => pick(one));
  };

  it(`are never older than one of ${rounds} changes by the API`, async () => {
    for (let round = 0; round < rounds; round += 1) {
      const container = containers[round % containers.length];
      if (!container) throw new Error('there is no container');
      const { method, path, body, to } = nextChange(container.now, (round * 7) % 11);
      expect(await service.call(method, path, body)).toMatchObject({ status: 200 });
      container.now = to;
      expect(await read(container.id), `round ${round}: ${path}`).toEqual([to, to]);
    }
  });

  it(`are right within ${maxDelayMs} ms after each of ${rounds} changes by another podman`, async () => {
    for (let round = 0; round < rounds; round += 1) {
      const container = containers[round % containers.length];
      if (!container) throw new Error('there is no container');
      const { args, to } = nextChange(container.now, (round * 5) % 11);
      await podman.run(args);
      container.now = to;
      const changedAtMs = performance.now();
      let responses: readonly unknown[];
      let askedAtMs: number;
      do {
        askedAtMs = performance.now();
        responses = await read(container.id);
      } while (JSON.stringify(responses) !== JSON.stringify([to, to]) && askedAtMs - changedAtMs < maxDelayMs);
      expect(responses, `round ${round}: ${args.join(' ')}`).toEqual([to, to]);
    }
  });
});
