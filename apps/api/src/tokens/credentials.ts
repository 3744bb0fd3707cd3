/** The token of `Authorization: Bearer <token>` (RFC 6750); an empty text where there is none. */
export function bearerOf(header: string): string {
  return /^Bearer +([\w.~+/-]+=*) *$/i.exec(header)?.[1] ?? '';
}

/** The password of `Authorization: Basic <user>:<password>` (RFC 7617), whoever the user is. */
export function passwordOf(header: string): string {
  const [, encoded = ''] = /^Basic +([\w+/-]+=*) *$/i.exec(header) ?? [];
  return /^[^:]*:(.*)$/s.exec(Buffer.from(encoded, 'base64').toString())?.[1] ?? '';
}
