/** Returns the token of `Authorization: Bearer <token>` (RFC 6750); `''` if there is none. */
export function parseBearerToken(header: string): string {
  return /^Bearer +([\w.~+/-]+=*) *$/i.exec(header)?.[1] ?? '';
}

/** Returns the password of `Authorization: Basic <user>:<password>` (RFC 7617), for any user. */
export function parseBasicPassword(header: string): string {
  const [, encoded = ''] = /^Basic +([\w+/-]+=*) *$/i.exec(header) ?? [];
  return /^[^:]*:(.*)$/s.exec(Buffer.from(encoded, 'base64').toString())?.[1] ?? '';
}
