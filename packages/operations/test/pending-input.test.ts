import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate } from 'node:timers/promises';
import { collectGarbage } from '@podman-api/testing/garbage';
import { describe, expect, it } from 'vitest';
import { PendingInput } from '../src/container/terminal/pending-input.ts';

/** More than may be pending. */
const large = new Uint8Array(300_000);

/** A command whose reads the test controls. */
function createReader() {
  let drained = Promise.withResolvers<void>();
  const written: number[] = [];
  return {
    written,
    async write(bytes: Uint8Array) {
      written.push(bytes.length);
      await drained.promise;
    },
    read() {
      drained.resolve();
      drained = Promise.withResolvers();
    },
  };
}

describe('PendingInput', () => {
  it('accepts input of a new connection only when the command has read that of the previous one', async () => {
    const command = createReader();
    const input = new PendingInput();
    await input.write(command, large, new AbortController().signal);
    let isWritten = false;
    const writing = input.write(command, new Uint8Array(1), new AbortController().signal).then(() => {
      isWritten = true;
    });
    await setImmediate();
    expect(isWritten).toBe(false);
    command.read();
    await writing;
    expect(command.written).toEqual([large.length, 1]);
  });

  it('discards input of a closed connection that the command has not read', async () => {
    const command = createReader();
    const input = new PendingInput();
    await input.write(command, large, new AbortController().signal);
    for (let count = 0; count < 3; count += 1) {
      const connection = new AbortController();
      const writing = input.write(command, large, connection.signal);
      connection.abort();
      await expect(writing).rejects.toThrow('closed');
    }
    expect(command.written).toEqual([large.length]);
  });

  it('keeps nothing of a closed connection while the command reads nothing', async () => {
    const command = createReader();
    const input = new PendingInput();
    await input.write(command, large, new AbortController().signal);
    const context = new AsyncLocalStorage<object>();
    const writeInContext = async () => {
      const attachment = { number: 1 };
      const connection = new AbortController();
      const writing = context.run(attachment, () => input.write(command, large, connection.signal));
      connection.abort();
      await expect(writing).rejects.toThrow('closed');
      return new WeakRef(attachment);
    };
    const attachment = await writeInContext();
    await collectGarbage();
    expect(attachment.deref()).toBeUndefined();
    // Uses both after the garbage collection, which would otherwise collect them too.
    const writing = input.write(command, large, new AbortController().signal);
    command.read();
    await writing;
  });
});
