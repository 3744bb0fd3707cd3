import { makeCertificate } from './certificate.ts';
import { freePorts } from './port.ts';
import type { Parts } from './redis.ts';
import { dataSettings, startServer } from './server.ts';

/** One server on a socket. */
export async function startSingle(folder: string): Promise<Parts> {
  const server = await startServer(folder, 'single', dataSettings);
  return { url: `unix://${server.socket}`, servers: [server] };
}

/** What docs/redis.md says that an app's user needs. */
const rights = '~podman-api:* ~bull:* &podman-api:* +@all -@dangerous +info';

/** One server on a port that speaks TLS alone, with a password, as managed services have it. */
export async function startTls(folder: string): Promise<Parts> {
  const { cert, key, ca } = makeCertificate(folder);
  const [port = 0] = await freePorts(1);
  const tls = { 'tls-port': String(port), 'tls-cert-file': cert, 'tls-key-file': key, 'tls-ca-cert-file': ca, 'tls-auth-clients': 'no' };
  // The socket's user keeps its rights without a password, for tests look inside by it.
  const users = { user: `app on >its-password ${rights}` };
  const server = await startServer(folder, 'tls', { ...dataSettings, ...tls, ...users });
  return { url: `rediss://app:its-password@127.0.0.1:${port}`, servers: [server], env: { NODE_EXTRA_CA_CERTS: ca } };
}
