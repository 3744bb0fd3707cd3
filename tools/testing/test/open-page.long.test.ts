import { images, testPodman } from '@podman-api/testing';
import { openPage } from '@podman-api/testing/browser';
import { startContainerInNetwork } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';
import { startEmptySite } from './empty-site.ts';

const fetchTwentyTimes = "Promise.all([...Array(20).keys()].map(at => fetch('/' + at).then(({ status }) => status)))";

describe('openPage', () => {
  it('opens a page whose requests succeed while addresses of network interfaces change', async () => {
    const { page, problems } = await openPage(`http://127.0.0.1:${await startEmptySite()}/`);
    let isChanging = true;
    // A container on podman's bridge network has an interface on the host.
    const changes = (async () => {
      for (let round = 0; round < 3; round += 1) {
        const name = await startContainerInNetwork(images.plain);
        await testPodman().run(['rm', '--force', '--time=0', '--', name]);
      }
    })().finally(() => {
      isChanging = false;
    });
    while (isChanging) expect(await page.evaluate(fetchTwentyTimes)).toEqual(Array(20).fill(200));
    await changes;
    expect(problems).toEqual([]);
  });
});
