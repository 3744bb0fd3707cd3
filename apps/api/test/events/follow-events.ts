import { onTestFinished } from 'vitest';

/** A line of the stream of events. */
export interface StreamedEvent {
  readonly id: string;
  readonly event: string;
  readonly action?: string;
  readonly [field: string]: unknown;
}

/** A stream of events that is being read. */
export interface EventStream {
  /** The events so far, without pings. */
  readonly events: readonly StreamedEvent[];
  /** Resolves when the API has ended the stream. */
  readonly ended: Promise<void>;
  /** Closes the connection. */
  close(): void;
}

/** Opens the stream of podman's events of an API process, as `followStream`. */
export const followEvents = (url: string, query: string, headers?: Record<string, string>): Promise<EventStream> =>
  followStream(url, `/events${query}`, headers);

/** Opens a stream of events, which is closed after the test. Resolves when it has begun. */
export async function followStream(url: string, path: string, headers: Record<string, string> = {}): Promise<EventStream> {
  const controller = new AbortController();
  onTestFinished(() => controller.abort());
  const response = await fetch(`${url}/api/v1${path}`, {
    headers: { Accept: 'application/x-ndjson', ...headers },
    signal: controller.signal,
  });
  if (response.status !== 200) throw new Error(await response.text());
  const events: StreamedEvent[] = [];
  const read = async () => {
    let text = '';
    for await (const piece of response.body ?? []) {
      text += Buffer.from(piece).toString();
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      events.push(...lines.map((line): StreamedEvent => JSON.parse(line)).filter(({ event }) => event !== 'ping'));
    }
  };
  const ended = read();
  ended.catch(() => {});
  return { events, ended, close: () => controller.abort() };
}
