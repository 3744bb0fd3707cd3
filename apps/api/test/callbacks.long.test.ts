import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { images, startApi, startService, until } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { expect, it } from 'vitest';
import { startReceiver } from './callbacks/receiver.ts';

/** The receiver is down for a minute. */
const downMs = 60_000;

// Steps: a job ends while its receiver is down; the API process that tries to deliver is killed, and another one continues.
it('a callback is delivered after its receiver was down for a minute, by another API process', async () => {
  const port = await startReceiver().then(async receiver => {
    await receiver.stop();
    return receiver.port;
  });
  const service = await startService({ CALLBACK_HOSTS: '127.0.0.1', CALLBACK_SECRET: randomBytes(24).toString('hex'), RESULT_TTL: '5' });
  const name = await startContainer(images.busybox);
  const body = { command: 'id', callback_url: `http://127.0.0.1:${port}/` };
  const id = (await service.call('POST', `/containers/${name}/exec`, body, { Prefer: 'respond-async' })).field('job_id');
  await service.api.waitForOutput('a callback could not be sent');
  await service.api.end('SIGKILL');
  const other = await startApi(service.env);
  await delay(downMs);
  const receiver = await startReceiver(port);
  const callback = await until(() => receiver.received[0]);
  expect(JSON.parse(callback.body)).toMatchObject({ job: { id, status: 'succeeded', result: { exit_code: 0 } } });
  await other.api.end();
  await receiver.stop();
  await service.stop();
});
