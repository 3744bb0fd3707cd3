import { once } from 'node:events';
import { connect } from 'node:net';
import { hasCode } from './error-code.ts';

/** Returns whether no process listens on a Unix socket: the process that created it has died. `false` if that is unknown. */
export async function isStaleSocket(path: string): Promise<boolean> {
  const probe = connect(path);
  try {
    await once(probe, 'connect');
    return false;
  } catch (error) {
    return hasCode(error, 'ECONNREFUSED');
  } finally {
    probe.destroy();
  }
}
