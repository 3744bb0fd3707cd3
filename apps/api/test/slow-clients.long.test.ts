import { sharedService, startApi } from '@podman-api/testing';
import { expect, it, onTestFinished } from 'vitest';
import { memoryVariables, serveUnderFlood } from './slow-clients/flood.ts';

it('an API process serves others and stays healthy under 500 slow connections and 10,000 requests of junk', async () => {
  const service = await startApi({ ...sharedService().env, ...memoryVariables });
  onTestFinished(async () => void (await service.api.end()));
  await serveUnderFlood(service, 500, 50);
  expect(await service.api.end()).toBe(0);
});
