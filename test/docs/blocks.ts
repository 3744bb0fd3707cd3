import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The root of the checkout, with a slash at its end. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/** A block of shell commands in a page. */
export interface ShellBlock {
  readonly commands: string;
  /** The comment on the line before the block, without `<!--` and `-->`; `undefined` if there is none. */
  readonly note: string | undefined;
  /** The block of output that follows the commands; `undefined` if another text does. */
  readonly output: string | undefined;
}

/** Reads the shell blocks of a page, in their order. A page is a path below the root. */
export function readShellBlocks(page: string): readonly ShellBlock[] {
  const text = readFileSync(root + page, 'utf8');
  const pattern = /^(?:<!-- (.*) -->\n)?```sh\n([\s\S]*?)^```\n(?:\n```(?:json|text)\n([\s\S]*?)^```)?/gm;
  return [...text.matchAll(pattern)].map(([, note, commands = '', output]) => ({ commands, note, output }));
}

/** Returns whether no test runs a block. Its note then gives the reason. */
export function isNotRun({ note }: ShellBlock): boolean {
  return note?.startsWith('not run: ') ?? false;
}

/**
 * Replaces what differs from run to run in output (ids, times, durations, addresses), and the wording of error messages.
 */
export function normalizeOutput(text: string): string {
  return (
    text
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
      .replaceAll(/[\w.-]+_[0-9a-f]{28}/g, '<job>')
      .replaceAll(/\b[0-9a-f]{12}\b/g, '<id>')
      // A wait of a second may end before a worker of a busy host has started the job.
      .replaceAll(/(?<="job":\{"id":"<job>","status":)"(?:running|withdrawn)"/g, '<running or withdrawn>')
      // On a busy host, a stream has pings, and one event has the output of a second.
      .replaceAll(/(?:id: \d+\n)?event: ping\ndata: \{\}\n\n/g, '')
      .replaceAll(/"\}\n\nid: \d+\nevent: stdout\ndata: \{"text":"/g, '')
      .replaceAll(/^id: \d+$/gm, 'id: <number>')
      // A busy host is degraded.
      .replaceAll(/(?<=is )(?:healthy|degraded)(?=\.)/g, '<healthy or degraded>')
      .replaceAll(/"duration_ms":\d+/g, '"duration_ms":<ms>')
      .replaceAll(/"message":"(?:[^"\\]|\\.)*"/g, '"message":"<text>"')
      .replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, '<url>')
  );
}
