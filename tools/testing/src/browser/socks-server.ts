import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { splice } from './splice.ts';

/** Values of the SOCKS protocol, RFC 1928, sections 3 to 6. */
const version = 5;
const noAuthentication = 0;
const addressTypes = { ipv4: 1, name: 3 } as const;
const replies = { succeeded: 0, notAllowed: 2, refused: 5 } as const;

/**
 * Creates a SOCKS5 proxy for the tests' browser. Names of this host and every `*.example` lead to 127.0.0.1. Refuses connections
 * to all other hosts.
 */
export function createSocksServer(): Server {
  return createServer(client => {
    serve(client).catch(() => client.destroy());
  });
}

async function serve(client: Socket): Promise<void> {
  client.on('error', () => client.destroy());
  const [, methodCount = 0] = await read(client, 2);
  await read(client, methodCount);
  client.write(Uint8Array.of(version, noAuthentication));
  const [, , , addressType] = await read(client, 4);
  const host = await readHost(client, addressType);
  const port = (await read(client, 2)).readUInt16BE();
  if (!isThisHost(host)) return refuse(client, replies.notAllowed);
  const target = connect(port, '127.0.0.1');
  try {
    await once(target, 'connect');
  } catch {
    return refuse(client, replies.refused);
  }
  client.write(createReply(replies.succeeded));
  splice(client, target);
}

async function readHost(client: Socket, addressType: number | undefined): Promise<string> {
  if (addressType === addressTypes.ipv4) return (await read(client, 4)).join('.');
  if (addressType !== addressTypes.name) throw new Error(`SOCKS address type ${addressType} is not supported`);
  const [length = 0] = await read(client, 1);
  return (await read(client, length)).toString();
}

function isThisHost(host: string): boolean {
  return host === '127.0.0.1' || host === 'localhost' || host.endsWith('.example');
}

function refuse(client: Socket, code: number): void {
  client.end(createReply(code));
}

/** Creates a reply. Its address is 0.0.0.0:0, because browsers ignore it. */
function createReply(code: number): Uint8Array {
  return Uint8Array.of(version, code, 0, addressTypes.ipv4, 0, 0, 0, 0, 0, 0);
}

/** Reads a number of bytes. @throws Error if the socket closes before */
async function read(socket: Socket, byteCount: number): Promise<Buffer> {
  if (byteCount === 0) return Buffer.alloc(0);
  for (;;) {
    const bytes: Buffer | null = socket.read(byteCount);
    if (bytes?.length === byteCount) return bytes;
    if (bytes !== null || socket.destroyed) throw new Error('the connection was closed');
    await Promise.race([once(socket, 'readable'), once(socket, 'close')]);
  }
}
