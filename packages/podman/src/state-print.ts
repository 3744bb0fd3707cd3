import { statSync } from 'node:fs';
import { join } from 'node:path';

/** Where podman keeps the state of its containers: BoltDB, from podman 5 on SQLite, below the graph root. */
const databases = ['libpod/bolt_state.db', 'db.sql', 'db.sql-wal'];

/**
 * A text that changes with every change of podman's state, and not when podman only looks (measured with 4.3: `run`,
 * `exec`, `stop`, a container's own end and `rm` write into the database; `ps`, `inspect` and `logs` do not). Two writes
 * within the file system's clock tick, 4 ms, look like one; podman itself takes longer to start.
 * @returns nothing where there is no such file, as with a podman on another machine
 */
export function statePrint(graphRoot: string): string | undefined {
  const prints = databases.flatMap(name => {
    const stat = statSync(join(graphRoot, name), { bigint: true, throwIfNoEntry: false });
    return stat ? [`${stat.ino} ${stat.size} ${stat.mtimeNs}`] : [];
  });
  return prints.length === 0 ? undefined : prints.join();
}
