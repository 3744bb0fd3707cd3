import { images } from '@podman-api/testing';
import { describe, expect, it } from 'vitest';
import { allCases } from './cases/index.ts';
import { runExec, startContainerPair } from './container-pair.ts';
import { describeEquivalence } from './equivalence.ts';

describeEquivalence(allCases, ['busybox', 'debian']);

describe('exec in a session', () => {
  it.each(['busybox', 'debian'] as const)('gives each of the 256 exit codes in a %s container', async image => {
    const { podman, name } = (await startContainerPair(images[image], ':')).warm;
    for (let exitCode = 0; exitCode < 256; exitCode += 1) {
      expect(await runExec(podman, { name, command: `exit ${exitCode}` })).toEqual({ exitCode, stdout: '', stderr: '' });
    }
    expect(podman.ranInSessions).toBeGreaterThan(0);
    await podman.close();
  });
});

describe('the cases', () => {
  it('are more than 150, of which less than a fifth never run in a session', () => {
    expect(allCases.length).toBeGreaterThan(150);
    expect(allCases.filter(({ cold }) => cold).length).toBeLessThan(allCases.length / 5);
  });
});
