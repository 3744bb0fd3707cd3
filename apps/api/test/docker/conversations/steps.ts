import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * A body as it is kept in a fixture: `lines` are JSON texts one after the other, `frames` a stream of Docker's frames by stream, and
 * `tar` an archive. Values that differ from one conversation to the next are placeholders, see placeholders.ts.
 */
export type RecordedBody =
  | { readonly json: unknown }
  | { readonly lines: readonly unknown[] }
  | { readonly frames: { readonly stdout: string; readonly stderr: string } }
  | { readonly tar: readonly TarEntry[] }
  | { readonly text: string };

/** A file or folder in an archive. */
export interface TarEntry {
  readonly name: string;
  readonly type: string;
  readonly text: string;
}

/** Headers by their names in lower case. */
export type RecordedHeaders = Readonly<Record<string, string>>;

/**
 * What happened in a conversation, in the order in which it was seen. Requests overlap: `exchange` is the number of the request that a
 * step belongs to.
 */
export type Step =
  | {
      readonly step: 'request';
      readonly exchange: number;
      readonly method: string;
      /** With the query. */
      readonly path: string;
      readonly headers: RecordedHeaders;
      readonly body: RecordedBody;
      /** Whether the client had not ended the body when the response began. */
      readonly isOpen?: true;
    }
  | { readonly step: 'response'; readonly exchange: number; readonly status: number; readonly headers: RecordedHeaders }
  | { readonly step: 'input'; readonly exchange: number; readonly text: string }
  | { readonly step: 'input_end'; readonly exchange: number }
  | {
      readonly step: 'end';
      readonly exchange: number;
      readonly body: RecordedBody;
      /** Whether the client disconnected before the response had ended. */
      readonly byClient?: true;
    };

/** What one client and the API have sent each other. */
export interface Conversation {
  /** Name and version. */
  readonly client: string;
  readonly steps: readonly Step[];
}

/** Clients whose conversations are kept. */
export const recordedClients = ['docker', 'dockerode', 'testcontainers-node', 'compose'] as const;

/** Name of a client whose conversation is kept. */
export type RecordedClient = (typeof recordedClients)[number];

const pathOf = (client: RecordedClient) => fileURLToPath(new URL(`fixtures/${client}.jsonl`, import.meta.url));

/** Reads a fixture: the client on the first line, and a step on each other one. */
export function readConversation(name: RecordedClient): Conversation {
  const [first = '{}', ...lines] = readFileSync(pathOf(name), 'utf8').trimEnd().split('\n');
  const { client }: Pick<Conversation, 'client'> = JSON.parse(first);
  return { client, steps: lines.map((line): Step => JSON.parse(line)) };
}

/** Writes a fixture. */
export function writeConversation(name: RecordedClient, { client, steps }: Conversation): void {
  writeFileSync(pathOf(name), `${[{ client }, ...steps].map(line => JSON.stringify(line)).join('\n')}\n`);
}
