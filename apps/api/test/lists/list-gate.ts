import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Makes the lists of a node wait, by a program `podman` that calls the next one in the `PATH`. */
export interface ListGate {
  /** `PATH` of the node's worker. */
  readonly path: string;
  /** Makes each `podman ps` wait until `open` is called. */
  close(): void;
  /** Lets the lists continue. Idempotent. */
  open(): void;
  /** Removes the program. */
  remove(): void;
}

/** Creates a gate, which is open. */
export function createListGate(): ListGate {
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
  const closed = join(folder, 'closed');
  const program = `#!/bin/sh
case $* in 'ps --all'*) while [ -e ${closed} ]; do sleep 0.1; done ;; esac
PATH=\${PATH#*:}
exec podman "$@"
`;
  writeFileSync(join(folder, 'podman'), program, { mode: 0o755 });
  return {
    path: `${folder}:${process.env['PATH']}`,
    close: () => writeFileSync(closed, ''),
    open: () => rmSync(closed, { force: true }),
    remove: () => rmSync(folder, { recursive: true }),
  };
}
