import { describe, expect, it } from 'vitest';
import { checkReference } from '../src/container/lookup/check-reference.ts';
import { recordingPodman } from './recording-podman.ts';

const listed = [
  {
    Id: '21fe0123456789ab21fe0123456789ab21fe0123456789ab21fe0123456789ab',
    Names: ['web'],
    Ports: null,
  },
  {
    Id: 'aaaa0123456789abaaaa0123456789abaaaa0123456789abaaaa0123456789ab',
    Names: ['21'],
    Ports: null,
  },
]
  .map(entry => JSON.stringify(entry))
  .join('\n');
const podman = recordingPodman({ shared: listed });

describe('checkReference', () => {
  it.each(['web', '21', '21fe01234567', 'not-there', 'not.hex'])('accepts %s for a change', async reference => {
    await checkReference(podman, reference, true);
  });

  it.each(['21fe', '21f', 'a', 'aaaa0123456'])('returns 404 for a change by %s', async reference => {
    await expect(checkReference(podman, reference, true)).rejects.toMatchObject({
      type: 'NotFoundError',
      message: expect.stringContaining('at least 12 digits'),
    });
  });

  it('accepts 4 digits of an id for a read, and refuses 3', async () => {
    await checkReference(podman, '21fe', false);
    await expect(checkReference(podman, '21f', false)).rejects.toMatchObject({ type: 'NotFoundError' });
  });

  it('queries podman only for what could be the beginning of an id', async () => {
    const recording = recordingPodman({ shared: listed });
    await checkReference(recording, 'web', true);
    await checkReference(recording, '21fe01234567', true);
    expect(recording.calls).toEqual([]);
  });
});
