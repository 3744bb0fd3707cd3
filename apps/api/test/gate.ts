import { randomBytes } from 'node:crypto';
import { testPodman } from '@podman-api/testing';

/** Returns a path in a container's `/tmp` that no other test uses. */
export function uniquePath(): string {
  return `/tmp/${randomBytes(6).toString('hex')}`;
}

/** Holds commands in a container until a test lets them continue. */
export interface Gate {
  /** Shell command that waits until the gate is open. */
  readonly wait: string;
  open(): Promise<void>;
}

/** Creates a gate in the file system of a container. @param container a container with a shell */
export function createGate(container: string): Gate {
  const path = uniquePath();
  return {
    wait: `until [ -e ${path} ]; do sleep 0.1; done`,
    // Not through the API: all its workers may be waiting at the gate.
    async open() {
      await testPodman().run(['exec', '--', container, 'touch', path]);
    },
  };
}
