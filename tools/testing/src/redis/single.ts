import { createCertificate } from './certificate.ts';
import { findFreePorts } from './find-free-ports.ts';
import { dataSettings, type RedisDeployment, startServer } from './server.ts';

/** Starts one server on a Unix socket. */
export async function startSingle(folder: string): Promise<RedisDeployment> {
  const server = await startServer(folder, 'single', dataSettings);
  return { url: `unix://${server.socket}`, servers: [server] };
}

/** ACL rules of a user for the service, as documented in docs/redis.md. */
const aclRules = '~podman-api:* ~bull:* &podman-api:* +@all -@dangerous +info';

/** Starts one server on a TLS port, with a password, as managed services do. */
export async function startTls(folder: string): Promise<RedisDeployment> {
  const { cert, key, ca } = createCertificate(folder);
  const [port = 0] = await findFreePorts(1);
  const tls = { 'tls-port': String(port), 'tls-cert-file': cert, 'tls-key-file': key, 'tls-ca-cert-file': ca, 'tls-auth-clients': 'no' };
  // The default user keeps its rights without a password, so that tests can use the socket.
  const users = { user: `app on >its-password ${aclRules}` };
  const server = await startServer(folder, 'tls', { ...dataSettings, ...tls, ...users });
  return { url: `rediss://app:its-password@127.0.0.1:${port}`, servers: [server], env: { NODE_EXTRA_CA_CERTS: ca } };
}
