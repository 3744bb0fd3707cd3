import type { ImageName } from '@podman-api/testing';
import { describe, expect, it } from 'vitest';
import { exec, listProcesses, startWarmContainer } from './exec-in-session.ts';

/** Defines the tests of sessions in containers of several images. */
export function describeSessionImages(...names: readonly ImageName[]): void {
  describe.concurrent('exec in a session', () => {
    it.for([...names])('gives output and exit code of 70 execs in a %s container', async (image, context) => {
      const { podman, name } = await startWarmContainer(context, image);
      const before = podman.ranInSessions;
      // One set of pumps serves 32 of them. If a busy host makes an exec find the session in use, it runs without the session.
      for (let index = 0; podman.ranInSessions < before + 70; index += 1) {
        const code = index % 256;
        const result = await exec(podman, name, ['sh', '-c', `echo ${code}; echo ${-code} >&2; exit ${code}`]);
        expect(result).toMatchObject({ exitCode: code, stdout: `${code}\n`, stderr: `${-code}\n` });
      }
    });

    it.for([...names])('shows one line for each process in ps of a %s container', async (image, context) => {
      const { name } = await startWarmContainer(context, image);
      const processes = await listProcesses(name);
      // The container's own, the session's shell and its two pumps.
      expect(processes).toHaveLength(4);
      for (const args of processes) expect(args).toMatch(/^(sleep 600|sh|cat [89 ]{1,70})$/);
    });
  });
}
