import type { Readable, Writable } from 'node:stream';
import { write } from '../hijack.ts';
import { sessionLabels } from '../placement.ts';

/** Longest line of a client. */
const maxLineBytes = 16 * 1024;
/** Filter sets of one connection; Testcontainers sends one for each session and each Compose project. */
const maxFilterSetsPerConnection = 1000;

/** The labels of one line, `name=value` each. */
export type FilterSet = readonly string[];

/**
 * Reads the lines of a client of Ryuk, such as `label=org.testcontainers.session-id=1f0c&label=a=b`, and answers `ACK` to each when it was
 * recorded (https://github.com/testcontainers/moby-ryuk). Returns when the client has half-closed the connection, or has sent a line that cannot be
 * accepted.
 * @throws Error if the signal is aborted, which means that `output` is closed
 */
export async function readFilterSets(
  input: Readable,
  output: Writable,
  onFilterSet: (labels: FilterSet) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  let rest = '';
  let count = 0;
  for await (const bytes of input.iterator({ destroyOnReturn: false })) {
    const lines = (rest + String(bytes)).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > maxLineBytes) return;
    for (const line of lines) {
      if (line.trim() === '') continue;
      const labels = parseFilterSet(line);
      count += 1;
      if (!labels || count > maxFilterSetsPerConnection) return;
      await onFilterSet(labels);
      await write(output, 'ACK\n', signal);
    }
  }
}

/**
 * Returns the labels of a line. One of them must name a session, because every program that reaches the port can send lines.
 * @returns `undefined` for a line that cannot be accepted
 */
export function parseFilterSet(line: string): FilterSet | undefined {
  const pairs = [...new URLSearchParams(line.trim())];
  const labels = pairs.map(([, value]) => value);
  const namesSession = labels.some(label => sessionLabels.some(name => label.startsWith(`${name}=`) && label.length > name.length + 1));
  const isValid = pairs.every(([key, value]) => key === 'label' && /^[^=]+=./.test(value) && value.length <= 1024);
  return isValid && namesSession ? labels : undefined;
}
