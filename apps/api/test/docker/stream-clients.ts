import { fileURLToPath } from 'node:url';
import { startChild } from '@podman-api/testing';

/** A request whose connection stays open. */
export interface StreamRequest {
  /** Method and path. */
  readonly line: string;
  /** Lines of the header. */
  readonly headers?: readonly string[];
  /** The beginning of the body. */
  readonly body?: string;
  /** Whether nothing is read after the first bytes of the response. */
  readonly stopsReading?: boolean;
}

/** Connections of one process. */
export interface StreamClients {
  /** Returns the bytes that each connection has received. */
  received(): readonly number[];
  /** Kills the process by SIGKILL, and with it all its connections. */
  kill(): Promise<unknown>;
}

const script = fileURLToPath(new URL('stream-clients-script.ts', import.meta.url));

/** Starts a process that sends requests to a Docker-compatible API. @param url `http://…` */
export function startStreamClients(url: string, requests: readonly StreamRequest[]): StreamClients {
  const { hostname, port } = new URL(url);
  const child = startChild(process.execPath, [script, hostname, port, JSON.stringify(requests)]);
  return {
    received() {
      const report: readonly number[] = JSON.parse(child.output().split('\n').at(-2) || '[]');
      return requests.map((_request, index) => report[index] ?? 0);
    },
    kill: () => child.end('SIGKILL'),
  };
}
