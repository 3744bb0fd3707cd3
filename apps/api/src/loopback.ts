/** Names that resolve to this host without DNS (RFC 6761, section 6.3), with or without a port. */
const loopback = /^(([a-z0-9_-]+\.)*localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$|^::1$/i;

/** Returns whether a value of a `Host` header or of HOST is a loopback address or name. */
export function isLoopback(host: string): boolean {
  return loopback.test(host);
}
