/** Names that lead to this host without asking anybody (RFC 6761, section 6.3), with or without a port. */
const loopback = /^(([a-z0-9_-]+\.)*localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$|^::1$/i;

/** Whether a host, as it stands in a `Host` header or in HOST, is this one by its loopback interface. */
export function isLoopback(host: string): boolean {
  return loopback.test(host);
}
