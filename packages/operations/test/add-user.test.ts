import { type Podman, PodmanFault } from '@podman-api/podman';
import { describe, expect, it } from 'vitest';
import { addUser } from '../src/container/add-user/index.ts';
import { validateInput } from '../src/index.ts';
import { context, recordingPodman } from './recording-podman.ts';

describe('container.add_user', () => {
  it('has an unknown outcome if the script was ended before its report', async () => {
    const fault = new PodmanFault('no-report', 'PodmanAPIError', 'A script in the container ended without a report.', '');
    const podman: Podman = { ...recordingPodman(), script: async () => ({ fault }) };
    const input = validateInput(addUser, { name: 'web', username: 'ada' });
    await expect(addUser.run(podman, input, context)).rejects.toMatchObject({ outcome: 'unknown' });
  });
});
