import { sharedService } from '@podman-api/testing';
import { describe, expect, it } from 'vitest';
import { replayConversation } from './docker/conversations/replay.ts';
import { readConversation } from './docker/conversations/steps.ts';

describe('the Docker-compatible API', () => {
  it.each(['docker', 'testcontainers-node', 'compose'] as const)('answers as in the recorded conversation with %s', async name => {
    expect(await replayConversation(sharedService().dockerUrl, readConversation(name))).toEqual([]);
  });
});
