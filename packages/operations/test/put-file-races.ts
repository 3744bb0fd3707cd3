import { ApiError } from '@podman-api/errors';
import { images, testPodman, until } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { putFile } from '../src/container/add-file/put-file.ts';
import { context } from './recording-podman.ts';

const podman = testPodman();
const secret = 'the-secret-content';

/** Puts a file as the API does; `undefined` if it was refused. */
async function put(container: string, path: string, mode: string, owner: string): Promise<boolean | undefined> {
  const content = Buffer.from(`${secret}\n`.repeat(2000));
  try {
    return await putFile(podman, container, { path, content, mode, owner }, context);
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}

const asRoot = (container: string, command: string) => podman.run(['exec', '--user=0', '--', container, 'sh', '-c', command]);

/** The tools and the image of a container, and the command that is run in it first. */
export type Tools = readonly [name: string, image: 'busybox' | 'debian', prepare: string];

/**
 * Defines the tests of putting a file while a user of the container interferes.
 * @param tries puts in each test. With version 0.1.0, the user won the race in 35 of 40 (reading) and 1 of 8 (links) tests.
 */
export function describeRaces(tries: number, ...tools: readonly Tools[]): void {
  describe.each(tools)('putFile against a user of a container with %s', (_tools, image, prepare) => {
    let container: string;
    let attack: Promise<unknown> | undefined;

    beforeEach(async () => {
      container = await startContainer(images[image]);
      await asRoot(container, prepare);
      await asRoot(container, 'mkdir -p /home/eve /srv/open /srv/shared; chown 1000:1000 /home/eve; chmod 1777 /srv/shared');
      await asRoot(container, 'mkdir /tmp/state; chmod 777 /tmp/state; [ -e /etc/shadow ] || (umask 077; echo root::: >/etc/shadow)');
    });
    afterEach(async () => {
      await asRoot(container, 'touch /tmp/state/stop');
      await attack;
    });

    /** Repeats commands as the user until the end of the test. */
    async function startAttack(commands: string): Promise<void> {
      const loop = `cd /tmp/state; until [ -e /tmp/state/stop ]; do ${commands}\n: >/tmp/state/started; done`;
      attack = podman.run(['exec', '--user=1000', '--', container, 'sh', '-c', loop]).catch(() => {});
      await until(async () => (await asRoot(container, 'ls /tmp/state')).includes('started'));
    }

    it('keeps files with mode 0600 secret at all times, for any owner of the directory', async () => {
      const folders = ['/srv/open', '/srv/shared', '/home/eve'];
      const drafts = folders.map(folder => `${folder}/.podman-api-*/.* ${folder}/.podman-api-* ${folder}/secret`).join(' ');
      await startAttack(`cat ${drafts} >>/tmp/state/read 2>/dev/null`);
      for (let count = 0; count < tries; count += 1) {
        const puts = folders.map(folder => put(container, `${folder}/secret`, '0600', ''));
        expect(await Promise.all(puts)).toEqual([true, true, true]);
        await asRoot(container, 'rm /srv/open/secret /srv/shared/secret /home/eve/secret');
      }
      expect(await asRoot(container, 'grep -c the-secret /tmp/state/read || true')).toBe('0\n');
    });

    it('follows no link that replaces a directory, the draft or the target', async () => {
      const before = await asRoot(container, 'ls -lan /etc; cat /etc/shadow');
      await startAttack(`
      cd /home/eve
      for draft in .podman-api-*; do
        [ -e "$draft" ] || continue
        mv "$draft" "moved-$draft" && case $draft in *[02468ace]) ln -s /etc/shadow "$draft" ;; *) ln -s /etc "$draft" ;; esac
      done 2>/dev/null
      rm -f directory target 2>/dev/null
      ln -s /etc directory 2>/dev/null
      ln -s /etc/shadow target 2>/dev/null
      mv target kept 2>/dev/null
    `);
      const results: (boolean | undefined)[] = [];
      for (let count = 0; count < tries; count += 1) {
        results.push(await put(container, '/home/eve/target', '4755', '1000:1000'));
        results.push(await put(container, '/home/eve/folder/shadow', '0666', '1000'));
        results.push(await put(container, '/home/eve/new/folder/passwd', '', ''));
      }
      expect(results).not.toContain(false);
      expect(await asRoot(container, 'ls -lan /etc; cat /etc/shadow')).toBe(before);
      expect(await asRoot(container, 'find /etc /bin -user 1000')).toBe('');
    });
  });
}
