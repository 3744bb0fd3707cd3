import { images, sharedMaxOutputBytes, sharedService, until } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { beforeAll, describe, expect, it } from 'vitest';
import { createGate } from './gate.ts';

const service = sharedService();
let name: string;
beforeAll(async () => {
  name = await startContainer(images.busybox);
});

interface Event {
  readonly id: number;
  readonly event: string;
  readonly text?: string;
  readonly [field: string]: unknown;
}

/** Starts an exec without waiting for it. @returns its job's id */
async function start(command: string): Promise<string> {
  const accepted = await service.call('POST', `/containers/${name}/exec`, { command }, { Prefer: 'respond-async' });
  return String(accepted.field('job_id'));
}

const open = (id: string, headers: Record<string, string> = {}) =>
  fetch(`${service.url}/api/v1/jobs/${id}/output`, { headers: { Accept: 'application/x-ndjson', ...headers } });

/** Reads the events of a stream, except pings, which come on a busy machine. @param maxCount stops after this number of events */
async function readEvents(response: Response, maxCount = Number.POSITIVE_INFINITY): Promise<Event[]> {
  const events: Event[] = [];
  let text = '';
  for await (const piece of response.body ?? []) {
    text += Buffer.from(piece).toString();
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    events.push(...lines.map((line): Event => JSON.parse(line)).filter(({ event }) => event !== 'ping'));
    if (events.length >= maxCount) break;
  }
  return events;
}

const textOf = (events: readonly Event[], stream?: string) =>
  events
    .filter(({ event, text }) => text !== undefined && (stream === undefined || event === stream))
    .map(({ text }) => text)
    .join('');

describe('GET /jobs/:id/output', () => {
  it('follows output from its beginning, and ends with the exit code', async () => {
    const gate = createGate(name);
    // The second line is written once the first one was read, because the order of two streams is not defined.
    const second = createGate(name);
    const id = await start(`echo out; ${second.wait}; echo err >&2; ${gate.wait}; printf "last, no newline: ü"; exit 3`);
    expect(await readEvents(await open(id), 1)).toMatchObject([{ id: 1, event: 'stdout', text: 'out\n' }]);
    await second.open();
    expect(await readEvents(await open(id, { 'Last-Event-ID': '1' }), 1)).toMatchObject([{ id: 2, event: 'stderr', text: 'err\n' }]);
    const rest = open(id, { 'Last-Event-ID': '2' });
    await gate.open();
    expect(await readEvents(await rest)).toMatchObject([
      { id: 3, event: 'stdout', text: 'last, no newline: ü' },
      { id: 4, event: 'exit', exit_code: 3, status: 'succeeded', truncated: false },
    ]);
    // After the end it can be read again.
    const again = await readEvents(await open(id));
    expect(again.map(event => event.id)).toEqual([1, 2, 3, 4]);
    expect(textOf(again, 'stdout')).toBe('out\nlast, no newline: ü');
  });

  it('sends server-sent events by default, and the bytes as text/plain', async () => {
    const id = await start('echo one; echo two >&2');
    await service.call('GET', `/jobs/${id}?wait=300`);
    const events = await fetch(`${service.url}/api/v1/jobs/${id}/output`);
    expect(events.headers.get('Content-Type')).toMatch(/^text\/event-stream/);
    // The order of two streams is not defined.
    expect((await events.text()).replace(/^id: \d+\n/gm, '')).toContain('event: stdout\ndata: {"text":"one\\n"}\n\n');
    const plain = await open(id, { Accept: 'text/plain' });
    expect((await plain.text()).split('\n').sort()).toEqual(['', 'one', 'two']);
    expect((await open(id, { Accept: 'image/png' })).status).toBe(400);
    expect((await open(id, { 'Last-Event-ID': 'x' })).status).toBe(400);
    expect((await open(`${service.env['NODE_NAME']}_${'0'.repeat(28)}`)).status).toBe(404);
  });

  it('loses and repeats no line for a reader that reconnects again and again', async () => {
    const id = await start('for i in $(seq 300); do echo "line $i"; usleep 3000; done');
    const all: Event[] = [];
    while (all.at(-1)?.event !== 'exit') {
      const cut = await open(id, { 'Last-Event-ID': String(all.at(-1)?.id ?? 0) });
      all.push(...(await readEvents(cut, 7)));
    }
    expect(textOf(all)).toBe(Array.from({ length: 300 }, (_, index) => `line ${index + 1}\n`).join(''));
  });

  it('reports output as truncated only if the stream lacks a part of it', async () => {
    const read = async (bytes: number) => readEvents(await open(await start(`head -c ${bytes} /dev/zero | tr '\\0' x`)));
    const whole = await read(100_000);
    expect(textOf(whole)).toHaveLength(100_000);
    expect(whole.at(-1)).toMatchObject({ event: 'exit', truncated: false });
    const cut = await read(sharedMaxOutputBytes + 100_000);
    expect(textOf(cut).length).toBeLessThan(sharedMaxOutputBytes + 100_000);
    expect(cut.at(-1)).toMatchObject({ event: 'exit', truncated: true });
  });

  it('sends a slow reader all that is kept; the result has the beginning', async () => {
    const id = await start('seq 2000000');
    const whole = Array.from({ length: 700_000 }, (_, index) => `${index + 1}\n`)
      .join('')
      .slice(0, sharedMaxOutputBytes);
    const response = await open(id, { Accept: 'text/plain' });
    await until(async () => (await service.call('GET', `/jobs/${id}`)).field('job.status') === 'succeeded');
    expect((await response.text()) === whole).toBe(true);
    expect((await service.call('GET', `/jobs/${id}`)).field('job.result')).toMatchObject({
      exit_code: 0,
      truncated: true,
      stdout: whole.slice(0, 64 * 1024),
    });
  });
});
