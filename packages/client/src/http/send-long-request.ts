import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { pipeline } from 'node:stream/promises';
import type { UploadContent } from './request.ts';

interface LongRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: UploadContent;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Sends a request whose response may take any time. `fetch` gives up after five minutes, which a build of an image can take.
 * @throws Error whose cause is that of the connection, as `fetch` does; or the reason of the signal
 */
export async function sendLongRequest(url: URL, { method, headers, bytes, signal }: LongRequest): Promise<Response> {
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  const outgoing: ClientRequest = send(url, { method, headers, ...(signal && { signal }) });
  const responding = once(outgoing, 'response');
  // An answer may come before the whole body is sent. Sending then fails, but the answer counts.
  pipeline(readContent(bytes), outgoing).catch(error => outgoing.destroy(error));
  try {
    const [message]: IncomingMessage[] = await responding;
    if (!message) throw new Error('there is no response');
    message.on('error', () => {});
    const body = Buffer.concat(await Array.fromAsync(message.iterator()));
    const response = new Response(body, { status: message.statusCode ?? 0, headers: readHeaders(message) });
    Object.defineProperty(response, 'url', { value: url.href });
    return response;
  } catch (cause) {
    throw new Error('the request failed', { cause });
  } finally {
    outgoing.destroy();
  }
}

async function* readContent(bytes: UploadContent): AsyncGenerator<Uint8Array> {
  if (typeof bytes === 'string') yield Buffer.from(bytes);
  else if (bytes instanceof Uint8Array) yield bytes;
  else yield* bytes instanceof Blob ? bytes.stream() : bytes;
}

function readHeaders({ headersDistinct }: IncomingMessage): Headers {
  return new Headers(
    Object.entries(headersDistinct).flatMap(([name, values = []]) => values.map((value): [string, string] => [name, value])),
  );
}
