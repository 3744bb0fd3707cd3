import { testPodman } from '@podman-api/testing';
import { describe, expect, it } from 'vitest';
import { lookUpOwner } from '../src/container/add-file/owner-ids.ts';
import { describeHugeFiles, stoppedContainer } from './huge-files.ts';

const podman = testPodman();
const { signal } = new AbortController();

// More are tried in `npm run test:all`.
describeHugeFiles(
  ['/etc/passwd', 'app', 'truncate -s 70M /etc/passwd'],
  ['/etc/group', '7:web', 'yes "web:x" | head -c 70000000 >/etc/group'],
);

describe('lookUpOwner', () => {
  it.each([
    ['a file of 1 MiB without lines', 'truncate -s 1M /etc/passwd'],
    ['a line of 1 MiB', '{ printf "app:"; yes : | head -c 1000000 | tr -d "\\n"; } >/etc/passwd'],
    ['a directory', 'rm /etc/passwd; mkdir /etc/passwd'],
    ['no file', 'rm /etc/passwd'],
    ['a link that leads nowhere', 'ln -sf /nowhere /etc/passwd'],
  ])('finds no user in %s', async (_case, command) => {
    const container = await stoppedContainer(command);
    await expect(lookUpOwner(podman, container, 'app', signal)).rejects.toMatchObject({
      status: 400,
      message: 'owner: the container has no user or group app.',
    });
  });
});
