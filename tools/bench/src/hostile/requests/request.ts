import { maxHeaderSize } from 'node:http';

/** A request as it goes over the wire. */
export interface HostileRequest {
  /** Short name of its fault, for the report. */
  readonly kind: string;
  /**
   * Whether it is incomplete, or ends with bytes that are not read. It may get no response then: a connection that is
   * closed with unread bytes can lose its last response (RFC 9112, section 9.6).
   */
  readonly isIncomplete: boolean;
  /** @param job the id of a recent job, which replaces each `{job}` in the request */
  encode(job: string): Buffer;
}

/** Parts of a request that is HTTP. */
export interface Parts {
  readonly kind: string;
  readonly method: string;
  readonly target: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: Uint8Array;
  /** How a request declares the length of its body: in a header, by chunks, not at all, or wrongly. */
  readonly framing?: 'length' | 'chunked' | 'none' | 'too-long';
}

/** Builds a request from its parts. Its connection is closed after the response. */
export function requestOf({ kind, method, target, headers = [], body, framing = 'length' }: Parts): HostileRequest {
  const named = new Set(headers.map(([name]) => name.toLowerCase()));
  const own = [
    ...(named.has('host') ? [] : [['Host', '127.0.0.1']]),
    ['Connection', 'close'],
    ...(body === undefined || framing === 'none' ? [] : [framingHeader(framing, body)]),
  ];
  const unread = target.length + [...headers].flat().join('').length > maxHeaderSize - 1000;
  return {
    kind,
    isIncomplete: unread || (body !== undefined && (framing === 'too-long' || framing === 'none')),
    encode(job) {
      const lines = [...headers, ...own].map(([name, value]) => `${name}: ${value}\r\n`).join('');
      const head = `${method} ${target.replaceAll('{job}', job)} HTTP/1.1\r\n${lines}\r\n`;
      if (body === undefined) return Buffer.from(head);
      const chunks = framing === 'chunked' ? [`${body.length.toString(16)}\r\n`, body, '\r\n0\r\n\r\n'] : [body];
      return Buffer.concat([head, ...(body.length === 0 && framing === 'chunked' ? ['0\r\n\r\n'] : chunks)].map(part => Buffer.from(part)));
    },
  };
}

function framingHeader(framing: Parts['framing'], body: Uint8Array): string[] {
  if (framing === 'chunked') return ['Transfer-Encoding', 'chunked'];
  return ['Content-Length', String(body.length + (framing === 'too-long' ? 1000 : 0))];
}
