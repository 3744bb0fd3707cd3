import { callAllNodes, type SendRequest, testPodman, until } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { images } from '@podman-api/testing/images';

/** A container as a list shows it, as far as these tests need it. */
export interface Listed {
  readonly id: string;
  readonly name: string;
}

/** The pools of a test file. */
export interface TestPools {
  /** Declares a pool, of busybox containers unless it is given others. Waits until one of these is full. @returns its name */
  declare(settings?: { readonly size?: number; readonly container?: object }): Promise<string>;
  idleOf(pool: string): Promise<readonly Listed[]>;
  /** Removes all pools, and waits until their idle containers are gone. */
  remove(): Promise<void>;
}

/** Specification of the containers of a pool. */
export const specification = { image: images.busybox, command: ['sleep', '600'], network: 'none', labels: { kind: 'pooled' } };

/** Creates the pools of a test file, without one at first. */
export function createTestPools(call: SendRequest): TestPools {
  const names: string[] = [];
  const idleOf = async (pool: string) => listedIn((await callAllNodes(call, 'GET', `/containers?pool=${pool}`)).field('containers'));
  return {
    idleOf,
    async declare({ size = 1, container } = {}) {
      const name = `p-${uniqueContainerName().slice(2)}`;
      names.push(name);
      const { status } = await call('PUT', `/pools/${name}`, { size, container: container ?? specification });
      if (status !== 201) throw new Error(`the pool was not declared: ${status}`);
      if (container) return name;
      // A list may lack a node that was too busy to answer.
      await until(async () => (await call('GET', `/pools/${name}`)).field('pool.idle') === size && (await idleOf(name)).length === size);
      return name;
    },
    async remove() {
      const podman = testPodman();
      for (const name of names) await call('DELETE', `/pools/${name}`);
      for (const name of names) {
        await until(async () => (await podman.run(['ps', '--all', `--filter=name=^pool-${name}-`, '--quiet'])) === '');
      }
    },
  };
}

/** Returns the containers of a list. */
export function listedIn(containers: unknown): readonly Listed[] {
  return Array.isArray(containers) ? containers : [];
}
