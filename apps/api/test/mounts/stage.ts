import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CallResponse, images, type Service, startService } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { expect } from 'vitest';
import { startSwapping } from './swap.ts';

/** Creates under way at once while a folder is swapped. */
const concurrency = 4;

/** A service that may mount the content of one folder, with links out of it, and a folder outside. */
export interface MountStage {
  readonly service: Service;
  /** Returns a path in the temporary folder, in which `allowed` and `outside` are. */
  pathOf(path: string): string;
  /** Returns a path in the allowed folder. */
  allowedPath(path: string): string;
  /** Creates a container that mounts a path at `/data`. */
  create(source: string, rest?: object): Promise<CallResponse & { readonly name: string }>;
  exec(name: string, command: string): Promise<CallResponse>;
  /** Returns the content of the mounted file `which`: `right`, or `wrong` in a folder outside. */
  readWhich(name: string): Promise<unknown>;
  /** Mounts a folder `tries` times while it is swapped, and checks that the right folder or none is mounted. */
  mountWhileSwapped(tries: number): Promise<void>;
  stop(): Promise<void>;
}

export async function startMountStage(): Promise<MountStage> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'podman-api-mounts-')));
  const pathOf = (path: string) => join(folder, path);
  const allowedPath = (path: string) => join(folder, 'allowed', path);
  for (const name of ['sub', 'swapped', 'later']) {
    mkdirSync(allowedPath(name), { recursive: true });
    writeFileSync(allowedPath(`${name}/which`), 'right');
  }
  mkdirSync(pathOf('outside'));
  writeFileSync(pathOf('outside/which'), 'wrong');
  writeFileSync(allowedPath('file'), '');
  symlinkSync('/etc', allowedPath('to-etc'));
  symlinkSync('/', allowedPath('to-root'));
  symlinkSync('sub', allowedPath('to-sub'));
  const socket = createServer().listen(allowedPath('podman.sock'));
  const service = await startService({ ALLOWED_MOUNTS: allowedPath('') });

  const create: MountStage['create'] = async (source, rest = {}) => {
    const name = uniqueContainerName();
    const volumes = { [source]: { bind: '/data', mode: 'rw' } };
    const body = { image: images.busybox, name, command: ['sleep', '600'], network: 'none', volumes, ...rest };
    return { ...(await service.call('POST', '/containers', body)), name };
  };
  const exec: MountStage['exec'] = (name, command) => service.call('POST', `/containers/${name}/exec`, { command });
  const readWhich = async (name: string) => (await exec(name, 'cat /data/which')).field('execution.stdout');

  return {
    service,
    pathOf,
    allowedPath,
    create,
    exec,
    readWhich,
    async mountWhileSwapped(tries) {
      const swapping = await startSwapping(allowedPath('swapped'), pathOf('outside'));
      const results: string[] = [];
      let left = tries;
      const mountAgain = async () => {
        while (left-- > 0) {
          const { status, name } = await create(allowedPath('swapped'));
          results.push(status === 201 ? `201 ${await readWhich(name)}` : String(status));
          if (status === 201) await service.call('DELETE', `/containers/${name}?force=true`);
        }
      };
      await Promise.all(Array.from({ length: concurrency }, mountAgain));
      await swapping.end('SIGKILL');
      expect(results).toHaveLength(tries);
      expect(results.filter(result => !['201 right', '400', '403'].includes(result))).toEqual([]);
    },
    async stop() {
      await service.stop();
      socket.close();
      rmSync(folder, { recursive: true });
    },
  };
}
