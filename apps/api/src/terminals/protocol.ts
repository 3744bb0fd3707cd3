import type { ApiError, ErrorBody } from '@podman-api/errors';
import { parseTerminalRequest, type TerminalRequest, validationError } from '@podman-api/operations';
import type { TerminalEvent } from './terminal-session.ts';

/** A message of a WebSocket: text, or bytes. */
export type Message = string | Uint8Array;

/** Message of a client: bytes for the command's stdin, or a request. */
export type ClientMessage =
  | { readonly bytes: Uint8Array; readonly request?: never }
  | { readonly request: TerminalRequest; readonly bytes?: never };

/** Protocol between a client and a terminal on a WebSocket. */
export interface TerminalProtocol {
  /** The subprotocol. */
  readonly name: string;
  /** Returns the message for an event; `undefined` if the protocol has none. */
  encode(event: TerminalEvent): Message | undefined;
  encodeError(error: ErrorBody): Message;
  /** Reads a message of a client; `undefined` if it requires no action. @throws ApiError (400) if it is not valid */
  decode(data: Buffer, isBinary: boolean): ClientMessage | undefined;
}

/** The subprotocol of this service, see `createOwnProtocol`. */
export const ownProtocol = 'podman-api.terminal.v1';
/** The subprotocol of `kubectl exec`, see `createKubernetesProtocol`. */
export const kubernetesProtocol = 'v5.channel.k8s.io';
/** The subprotocols that are supported, the preferred one first. */
export const protocolNames = [ownProtocol, kubernetesProtocol] as const;

const streamNumbers = { stdout: 1, stderr: 2 } as const;

/**
 * Returns the protocol of this service, see docs/terminals.md: bytes are binary messages, everything else is JSON.
 * @param sessionOf returns the id of the terminal, which is known when it is open
 */
export function createOwnProtocol(sessionOf: () => string): TerminalProtocol {
  let isTerminal = true;
  return {
    name: ownProtocol,
    encode({ output, report }) {
      if (output) return isTerminal ? output.bytes : Buffer.concat([Buffer.of(streamNumbers[output.stream]), output.bytes]);
      if (report.type !== 'ready') return JSON.stringify(report);
      isTerminal = report.tty;
      return JSON.stringify({ type: 'ready', session: sessionOf(), offset: report.offset, tty: report.tty });
    },
    encodeError: error => JSON.stringify({ type: 'error', error }),
    decode: (data, isBinary) => (isBinary ? { bytes: data } : { request: parseClientRequest(parseJson(data)) }),
  };
}

/** Channels of Kubernetes' protocol. */
const channels = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;

/**
 * Returns Kubernetes' protocol for exec (apimachinery/pkg/util/remotecommand/constants.go): the first byte of a binary message is its
 * channel; 255 and a channel closes that channel.
 */
export function createKubernetesProtocol(): TerminalProtocol {
  const encodeStatus = (status: object) => Buffer.concat([Buffer.of(channels.error), Buffer.from(JSON.stringify(status))]);
  return {
    name: kubernetesProtocol,
    encode({ output, report }) {
      if (output) return Buffer.concat([Buffer.of(channels[output.stream]), output.bytes]);
      return report.type === 'exit' ? encodeStatus(exitStatus(report.exit_code)) : undefined;
    },
    encodeError: ({ message, code }) => encodeStatus({ metadata: {}, status: 'Failure', message, reason: 'InternalError', code }),
    decode(data) {
      const [channel, closed] = data;
      if (channel === channels.stdin) return { bytes: data.subarray(1) };
      if (channel === channels.close) return closed === channels.stdin ? { request: { type: 'end_stdin' } } : undefined;
      if (channel !== channels.resize) throw invalidMessage('the first byte of a message must be the channel 0, 4 or 255');
      const { Width: cols, Height: rows }: { readonly Width?: unknown; readonly Height?: unknown } = parseJson(data.subarray(1));
      return { request: parseTerminalRequest({ type: 'resize', cols, rows }) };
    },
  };
}

/** Returns the status of a command that has ended, in Kubernetes' format. */
function exitStatus(exitCode: number | null): object {
  if (exitCode === 0) return { metadata: {}, status: 'Success' };
  const code = String(exitCode ?? 'unknown');
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: exit status ${code}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: code }] },
  };
}

function parseClientRequest(message: object): TerminalRequest {
  const request = parseTerminalRequest(message);
  // Only the API itself sends `attach`.
  if (request.type === 'attach') throw invalidMessage('type must be resize, signal or end_stdin');
  return request;
}

function parseJson(data: Buffer): object {
  try {
    const value: unknown = JSON.parse(data.toString());
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Reported below.
  }
  throw invalidMessage('a text message must be a JSON object, such as {"type":"resize","cols":80,"rows":24}');
}

function invalidMessage(message: string): ApiError {
  return validationError([{ path: 'message', message }]);
}
