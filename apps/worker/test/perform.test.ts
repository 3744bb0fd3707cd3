import { policyOf } from '@podman-api/operations';
import { createLog } from '@podman-api/runtime';
import { describe, expect, it } from 'vitest';
import { recordingPodman } from '../../../packages/operations/test/recording-podman.ts';
import { createPerform } from '../src/perform.ts';

describe('createPerform', () => {
  it('returns the outcome although the directory in Redis could not be updated', async () => {
    const podman = recordingPodman({ run: 'web' });
    const perform = createPerform({
      lanes: { commands: podman, reads: podman },
      config: { JOB_TIMEOUT: 10, NODE_NAME: 'a' },
      policy: policyOf({
        ALLOWED_IMAGES: undefined,
        ALLOWED_MOUNTS: [],
        ALLOWED_CAPABILITIES: undefined,
        ALLOWED_NETWORKS: undefined,
        ALLOWED_USERS: undefined,
      }),
      renewals: { get: () => undefined, set: (_id, expires) => expires, isEnding: () => false },
      note: async () => {
        throw new Error('NOREPLICAS Not enough good replicas to write.');
      },
      log: (await createLog('test', false)).child({}, { level: 'silent' }),
    });
    const job = {
      id: 'node_0123456789ab0123456789abcdef',
      operation: 'container.remove',
      input: { name: 'web' },
      controller: new AbortController(),
      output: () => undefined,
    };
    expect(await perform(job)).toMatchObject({ status: 'succeeded', result: { name: 'web', removed: true } });
  });
});
