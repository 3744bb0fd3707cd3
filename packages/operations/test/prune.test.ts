import { describe, expect, it } from 'vitest';
import { prune } from '../src/container/prune/index.ts';
import { validateInput } from '../src/index.ts';
import { context, recordingPodman } from './recording-podman.ts';

const nowSeconds = Math.floor(Date.now() / 1000);
const idOf = (name: string) => Buffer.from(name).toString('hex').padEnd(64, '0');
const listed = (name: string, extraFields: object = {}) =>
  JSON.stringify({
    ...{
      Id: idOf(name),
      Names: [name],
      State: 'exited',
      Created: nowSeconds - 3600,
      Labels: { team: 'ci' },
      ServiceLabels: {},
      Ports: null,
    },
    ...extraFields,
  });
const job = 'node_0123456789abfedcba9876543210';

async function removedFrom(containers: readonly string[], input: object = {}) {
  const podman = recordingPodman({ shared: containers.join('\n'), run: 'id' });
  const result = await prune.run(podman, validateInput(prune, input), context);
  const calls = podman.calls.filter(({ args }) => args[0] === 'rm').map(({ args }) => args);
  expect(calls).toEqual(result.map(({ name }) => ['rm', '--volumes', '--', idOf(name)]));
  return result.map(({ name }) => name);
}

describe('container.prune', () => {
  it('removes what has stopped, by id and without force', async () => {
    const states = ['running', 'paused', 'initialized', 'stopping', 'removing', 'exited', 'stopped'];
    expect(await removedFrom(states.map(State => listed(State, { State })))).toEqual(['exited', 'stopped']);
  });

  it('leaves a container that a job may be about to start', async () => {
    const [young, old] = [listed('young', { State: 'created', Created: nowSeconds }), listed('old', { State: 'created' })];
    expect(await removedFrom([young, old])).toEqual(['old']);
  });

  it('leaves the container of a run, which its job removes, unless it was kept', async () => {
    const name = `run-${job.slice(-16)}`;
    const run = listed(name, { ServiceLabels: { 'podman-api.job': job, 'podman-api.ttl': `60 ${job}` } });
    expect(await removedFrom([run])).toEqual([]);
    expect(await removedFrom([listed(name, { ServiceLabels: { 'podman-api.job': job, 'podman-api.ttl': '' } })])).toEqual([name]);
    expect(await removedFrom([listed('web', { ServiceLabels: { 'podman-api.job': job, 'podman-api.ttl': `60 ${job}` } })])).toEqual([
      'web',
    ]);
  });

  it('follows the filters', async () => {
    const all = [
      listed('old'),
      listed('new', { Created: nowSeconds - 10 }),
      listed('other', { Labels: { team: 'qa' } }),
      listed('large', { Labels: 'too-large' }),
    ];
    expect(await removedFrom(all, { until: '30m' })).toEqual(['old', 'other', 'large']);
    expect(await removedFrom(all, { label: 'team=ci' })).toEqual(['old', 'new']);
    expect(await removedFrom(all, { label: ['team', 'team=qa'] })).toEqual(['other']);
    expect(() => validateInput(prune, { until: 'soon' })).toThrow(expect.objectContaining({ status: 400 }));
  });

  it('names the containers that it removed for the directory', () => {
    const common = { name: 'web', node: 'a' };
    const result = [
      { ...common, id: '0123456789ab', removed: true, error: null },
      { ...common, id: 'ba9876543210', removed: false, error: 'podman failed' },
    ];
    expect(prune.effect?.({}, result)).toEqual({ removed: ['0123456789ab'] });
  });
});
