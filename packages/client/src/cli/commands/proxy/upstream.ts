import { type ClientRequest, request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect as connectTcp, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';
import type { Settings } from '../../../settings.ts';

/** Header that names the session of a request. */
const sessionHeader = 'X-Podman-Api-Session';

/** A request to the Docker-compatible API. */
export interface UpstreamRequest {
  readonly method: string;
  /** Path and query, such as `/v1.44/_ping`. */
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
}

/** The Docker-compatible API behind `PODMAN_API_URL`, as a session of the proxy uses it. */
export interface Upstream {
  /** Starts a request with the token and the session. The caller sends its body, and ends it. */
  request(request: UpstreamRequest): ClientRequest;
  /** Returns the response of a request without a body. @throws Error with a code if the API cannot be reached */
  read(request: UpstreamRequest): Promise<{ readonly status: number; readonly text: string }>;
  /** Opens a connection on which the head of a request is sent, for a connection that is taken over. */
  openRaw(request: UpstreamRequest): Socket;
  /** Starts a request for an upgrade on a connection of its own, which can be half-closed. */
  openTunnel(request: UpstreamRequest): ClientRequest;
}

/** Creates the upstream. @param session id of the session */
export function createUpstream({ baseUrl, token }: Pick<Settings, 'baseUrl' | 'token'>, session: string): Upstream {
  const url = new URL(baseUrl.replace(/\/api\/v1$/, '/docker'));
  const isTls = url.protocol === 'https:';
  const port = Number(url.port || (isTls ? 443 : 80));
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const ownHeaders = { host: url.host, ...(token !== undefined && { authorization: `Bearer ${token}` }), [sessionHeader]: session };
  const connect = () => {
    const socket = connectTcp({ host, port, allowHalfOpen: true, noDelay: true });
    return isTls ? connectTls({ socket, servername: host, ALPNProtocols: ['http/1.1'] }) : socket;
  };
  const optionsOf = ({ method, path, headers = {} }: UpstreamRequest) => ({
    host,
    port,
    method,
    path: url.pathname + path,
    headers: { ...headers, ...ownHeaders },
  });
  const request = (given: UpstreamRequest) => (isTls ? httpsRequest : httpRequest)(optionsOf(given));
  return {
    request,
    openTunnel: given => httpRequest({ ...optionsOf(given), createConnection: connect }),
    async read(given) {
      const sent = request(given);
      const response = new Promise<IncomingMessage>((resolve, reject) => sent.once('response', resolve).once('error', reject));
      sent.end();
      const received = await response;
      return { status: received.statusCode ?? 0, text: await text(received) };
    },
    openRaw({ method, path, headers = {} }) {
      const socket = connect();
      const lines = Object.entries({ ...headers, ...ownHeaders }).flatMap(([name, value]) =>
        (Array.isArray(value) ? value : [value]).map(one => `${name}: ${one}`),
      );
      socket.write(`${method} ${url.pathname}${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
      return socket;
    },
  };
}
