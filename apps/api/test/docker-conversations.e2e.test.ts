import { sharedService } from '@podman-api/testing';
import { expect, it } from 'vitest';
import { replayConversation } from './docker/conversations/replay.ts';
import { readConversation } from './docker/conversations/steps.ts';

// docker-conversations.long replays the conversations of the other clients, to keep `npm test` short.
it('the Docker-compatible API answers as in the recorded conversation with dockerode', async () => {
  expect(await replayConversation(sharedService().dockerUrl, readConversation('dockerode'))).toEqual([]);
});
