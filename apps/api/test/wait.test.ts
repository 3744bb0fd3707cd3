import { EventEmitter, getEventListeners, once } from 'node:events';
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

describe('createWait', () => {
  it.each<[string, (request: ReturnType<typeof createRequest>, end: () => void) => void]>([
    ['when it is ended', (_request, end) => end()],
    ['when the response has ended', ({ res }) => res.emit('close')],
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
    const { signal: stopping } = new AbortController();
    const before = countListeners(request, stopping);
    const { signal } = createWait(request, 0.001, stopping);
    await new Promise(resolve => signal.addEventListener('abort', resolve));
    expect(countListeners(request, stopping)).toBe(before);
  });
});

describe('onResponseEnd', () => {
  it('calls the listener once for a response that is aborted, and not if it was removed', async () => {
    const request = createRequest();
    request.res.assignSocket(request.socket);
    let count = 0;
    onResponseEnd(request, () => {
      count += 1;
    });
    onResponseEnd(request, () => {
      count += 10;
    })();
    request.socket.destroy();
    await once(request.socket, 'close');
    expect(count).toBe(1);
  });

  it('calls the listener when a connection that was taken over is closed', () => {
    const request = createRequest();
    request.res.assignSocket(request.socket);
    request.res.detachSocket(request.socket);
    let isCalled = false;
    onResponseEnd(request, () => {
      isCalled = true;
    });
    request.socket.emit('close');
    expect(isCalled).toBe(true);
  });
});
