import { images, testPodman } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { describe, expect, it, onTestFinished } from 'vitest';

describe('a list of files', () => {
  it('has the root of a container with all levels below, /proc among them', async () => {
    const podman = testPodman();
    // Ends the helper, which other tests of this process would count.
    onTestFinished(() => podman.close());
    const name = await startContainer(images.plain);
    const [pid = '', id = ''] = (await podman.run(['container', 'inspect', '--format={{.State.Pid}} {{.Id}}', '--', name]))
      .trim()
      .split(' ');
    const source = { kind: 'process', pid: Number(pid), container: id } as const;
    const listPaths = async (depth: number) => {
      const request = { verb: 'list', path: '/', depth, limit: 10_000 } as const;
      const answer = await podman.files(source, request, { signal: new AbortController().signal });
      expect(answer).toHaveProperty('files');
      return 'files' in answer ? answer.files.map(({ path }) => path) : [];
    };
    expect(await listPaths(1)).toEqual(expect.arrayContaining(['/etc', '/proc']));
    expect(await listPaths(2)).toEqual(expect.arrayContaining(['/etc', '/etc/passwd', '/proc/1']));
    // Some folders in /proc and /sys cannot be read by any process.
    expect(await listPaths(5)).toEqual(expect.arrayContaining(['/proc/1/ns/pid']));
  });
});
