import { describe, expect, it } from 'vitest';
import { dockerLogs } from '../src/docker/logs.ts';
import { context, createChannel, recordingPodman } from './recording-podman.ts';

const id = '0123456789ab'.padEnd(64, '0');
const started = '2026-01-05T09:30:00Z';
const entry = { Id: id, State: { Status: 'running', StartedAt: started }, Config: {} };
const facts = { id, name: 'web', status: 'running', started, exitCode: 0 };

describe('docker.logs', () => {
  it.each([false, true])('reads the whole log until a time that has passed, with follow %j', async follow => {
    const endedBefore: boolean[] = [];
    const podman = {
      ...recordingPodman({ run: JSON.stringify([entry]), shared: JSON.stringify(facts) }),
      followLog: async (...[, , , end]: Parameters<ReturnType<typeof recordingPodman>['followLog']>) => {
        endedBefore.push(end.ended.aborted);
      },
    };
    const input = { name: 'web', streams: ['stdout' as const], timestamps: false, follow, until: '2026-01-05T09:31:00Z' };
    await dockerLogs.run(podman, input, { ...context, channel: async () => createChannel(Buffer.alloc(0)) });
    // A follower that ends later has only a limited time for the rest of the log.
    expect(endedBefore).toEqual([true]);
  });
});
