import { createClient } from '@podman-api/cli';
import { images, startApp, startService, testPodman } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';

describe('the client', () => {
  // Other reasons for a repetition are tested in retries.e2e.test.ts.
  it('repeats a call while the node has no worker, until one is there', async ({ onTestFinished }) => {
    const service = await startService({ REQUEST_TIMEOUT: '1' });
    onTestFinished(() => service.stop());
    const client = createClient({ url: service.url, retryTimeoutSeconds: 600 }, {});
    const name = uniqueContainerName();
    await client.containers.create({ image: images.bare, name, network: 'none', command: ['sleep', '600'] });
    await service.worker.end('SIGKILL');
    const stopping = client.containers.stop(name, { timeout: 0 });
    const worker = startApp('worker', service.env);
    onTestFinished(async () => void (await worker.end()));
    expect(await stopping).toMatchObject({ status: 'stopped' });
    // "stopped" until podman's own clean-up has run.
    expect(await testPodman().run(['inspect', '--format={{.State.Status}}', '--', name])).toMatch(/^(exited|stopped)\n$/);
  });
});
