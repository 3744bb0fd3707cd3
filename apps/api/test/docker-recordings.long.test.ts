import { sharedService } from '@podman-api/testing';
import { describe, expect, it } from 'vitest';
import { clientScripts } from './docker/conversations/client-scripts.ts';
import { normalizeConversation } from './docker/conversations/normalize.ts';
import { ownCreations } from './docker/conversations/own-creation.ts';
import { startRecorder } from './docker/conversations/recorder.ts';
import { replayConversation } from './docker/conversations/replay.ts';
import { recordedClients, writeConversation } from './docker/conversations/steps.ts';

/** With this variable, the fixtures are written as well. */
const isWriting = process.env['RECORD_DOCKER_CLIENTS'] !== undefined;

describe('a recording of a Docker client', () => {
  it.each(recordedClients)('can be replayed: %s', async name => {
    const { dockerUrl } = sharedService();
    const recorder = await startRecorder(dockerUrl);
    const script = clientScripts[name](recorder.url);
    // A script that fails leaves what it has created until then.
    await script.catch(() => {});
    const steps = await recorder.stop();
    ownCreations(steps);
    const { client, ...context } = await script;
    const conversation = normalizeConversation({ client, steps }, context);
    if (isWriting) writeConversation(name, conversation);
    expect(await replayConversation(dockerUrl, conversation)).toEqual([]);
  });
});
