import type { Writable } from 'node:stream';
import type { Podman } from '@podman-api/podman';
import type { ByteChannel } from '@podman-api/runtime';
import { parseTerminalRequest } from '../container/terminal/messages.ts';

/** The stdin and the terminal that a client controls. */
interface InputTarget {
  /** The full id of the container, whose terminal is resized. */
  readonly container: string;
  /** `undefined` if the client sends nothing, or the container reads nothing. */
  readonly stdin: Writable | undefined;
  /** Whether the stdin is closed when the client ends its input. */
  readonly closesStdin: boolean;
}

/** Passes on what a client sends: bytes for the stdin, its end, and sizes of the terminal. Resolves when the client has disconnected. */
export async function serveInput(podman: Podman, channel: ByteChannel, target: InputTarget): Promise<void> {
  try {
    for (let frame = await channel.read(); frame; frame = await channel.read()) {
      if (frame.bytes) await writeTo(target.stdin, frame.bytes);
      else await handleRequest(podman, target, frame.message);
    }
  } catch {
    // The client has disconnected, or has sent an invalid message.
  }
}

async function handleRequest(podman: Podman, { container, stdin, closesStdin }: InputTarget, message: object): Promise<void> {
  const request = parseTerminalRequest(message);
  if (request.type === 'end_stdin' && closesStdin) stdin?.end();
  if (request.type === 'resize') await podman.resizeTerminal(container, request);
}

async function writeTo(stdin: Writable | undefined, bytes: Uint8Array): Promise<void> {
  if (!stdin?.writable) return;
  await new Promise<void>(resolve => stdin.write(bytes, () => resolve()));
}
