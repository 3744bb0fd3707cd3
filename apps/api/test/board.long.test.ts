import { sharedService } from '@podman-api/testing';
import { describe, it } from 'vitest';
import { expectNoServerError, oddTexts } from './board/requests.ts';

describe('queue board', () => {
  it.each(oddTexts)('answers the odd text %j in paths and queries without a 5xx', async text => {
    const { url, env } = sharedService();
    await expectNoServerError(url, `podman-${env['NODE_NAME']}`, [text]);
  });
});
