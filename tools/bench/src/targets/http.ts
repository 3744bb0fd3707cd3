import { Agent, type RequestOptions, request } from 'node:http';

const agent = new Agent({ keepAlive: true, maxSockets: 128 });

/**
 * Sends a request over a kept-alive connection.
 * @param body a tar archive, or an object that is sent as JSON
 * @returns the body of the response
 * @throws Error for a status of 400 or more
 */
export function send(to: RequestOptions, body?: Uint8Array | object): Promise<Buffer> {
  const bytes = body === undefined || body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body));
  const type = body instanceof Uint8Array ? 'application/x-tar' : 'application/json';
  return new Promise((resolve, reject) => {
    const sent = request(
      { agent, ...to, headers: { ...to.headers, ...(bytes && { 'Content-Type': type, 'Content-Length': bytes.length }) } },
      response => {
        const chunks: Buffer[] = [];
        response.on('data', chunk => chunks.push(chunk));
        response.on('end', () => {
          const bytes = Buffer.concat(chunks);
          const { statusCode = 0 } = response;
          if (statusCode >= 200 && statusCode < 400) resolve(bytes);
          else reject(new Error(`${to.method} ${to.path}: ${statusCode} ${bytes}`));
        });
      },
    );
    sent.on('error', reject);
    sent.end(bytes);
  });
}
