import { EventEmitter, getEventListeners } from 'node:events';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { onResponseEnd } from '../src/request/response-end.ts';
import { createWait } from '../src/request/wait.ts';

function createRequest() {
  const socket = new Socket();
  const req = new IncomingMessage(socket);
  return { req, res: new ServerResponse(req), socket };
}

/** Counts the listeners that a wait can leave. */
const countListeners = ({ res, socket }: ReturnType<typeof createRequest>, stopping: AbortSignal) =>
  EventEmitter.listenerCount(res, 'close') + EventEmitter.listenerCount(socket, 'close') + getEventListeners(stopping, 'abort').length;

describe('a wait', () => {
  it.each<[string, (request: ReturnType<typeof createRequest>, end: () => void) => void]>([
    ['when it is ended', (_request, end) => end()],
    ['when the response has ended', ({ res }) => res.emit('close')],
    ['when a connection that was taken over is closed', ({ socket }) => socket.emit('close')],
  ])('is over, and leaves no listeners, %s', (_title, endWait) => {
    const request = createRequest();
    const { signal: stopping } = new AbortController();
    const before = countListeners(request, stopping);
    const { signal, end } = createWait(request, 1000, stopping);
    expect(signal.aborted).toBe(false);
    endWait(request, end);
    expect(signal.aborted).toBe(true);
    expect(countListeners(request, stopping)).toBe(before);
  });

  it.each<[string, (request: ReturnType<typeof createRequest>, stopping: AbortController) => void]>([
    ['the client has disconnected', ({ socket }) => socket.destroy()],
    ['the process stops', (_request, stopping) => stopping.abort()],
  ])('is over at once if %s', (_title, prepare) => {
    const request = createRequest();
    const stopping = new AbortController();
    prepare(request, stopping);
    const before = countListeners(request, stopping.signal);
    expect(createWait(request, 1000, stopping.signal).signal.aborted).toBe(true);
    expect(countListeners(request, stopping.signal)).toBe(before);
  });

  it('is over after its timeout', async () => {
    const request = createRequest();
    const { signal } = createWait(request, 0.001, new AbortController().signal);
    await new Promise(resolve => signal.addEventListener('abort', resolve));
    expect(EventEmitter.listenerCount(request.socket, 'close')).toBe(EventEmitter.listenerCount(new Socket(), 'close'));
  });
});

describe('onResponseEnd', () => {
  it('calls the listener once, and not after it was removed', () => {
    const request = createRequest();
    let count = 0;
    onResponseEnd(request, () => {
      count += 1;
    });
    onResponseEnd(request, () => {
      count += 10;
    })();
    request.res.emit('close');
    request.socket.emit('close');
    expect(count).toBe(1);
  });
});
