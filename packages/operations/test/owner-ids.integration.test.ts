import { testPodman } from '@podman-api/testing';
import { describe, expect, it } from 'vitest';
import { lookUpOwner } from '../src/container/add-file/owner-ids.ts';
import { describeHugeFiles, stoppedContainer } from './passwd-files.ts';

const podman = testPodman();
const { signal } = new AbortController();

// More, and files without the user, are tested in `npm run test:all`.
describeHugeFiles(['/etc/passwd', 'app', 'truncate -s 70M /etc/passwd']);

describe('lookUpOwner', () => {
  it('finds users and groups by name in a stopped container', async () => {
    const container = await stoppedContainer(
      'echo a.b:x:7:8::/:/bin/sh >>/etc/passwd; printf "axb:x:9:9::/:/bin/sh" >>/etc/passwd; echo web:x:44: >>/etc/group',
    );
    const ids = (owner: string) => lookUpOwner(podman, container, owner, signal);
    expect(await ids('')).toEqual({ uid: 0, gid: 0 });
    expect(await ids('a.b')).toEqual({ uid: 7, gid: 8 });
    expect(await ids('axb:web')).toEqual({ uid: 9, gid: 44 });
    expect(await ids('5')).toEqual({ uid: 5, gid: 5 });
    expect(await ids('5:web')).toEqual({ uid: 5, gid: 44 });
    expect(await ids('4294967294:6')).toEqual({ uid: 4294967294, gid: 6 });
    await expect(ids('nobody-here')).rejects.toMatchObject({ status: 400 });
    await expect(ids('a.b:nothing')).rejects.toMatchObject({ status: 400 });
    await expect(ids('4294967295:6')).rejects.toMatchObject({ status: 400 });
  });
});
