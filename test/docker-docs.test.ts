import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const recordings = ['docker', 'dockerode', 'testcontainers-node', 'compose'];

/** Returns the client of a recorded conversation, such as `docker 28.2.2`, without the revision of a Debian package. */
function readClient(recording: string): string {
  const [line = ''] = read(`apps/api/test/docker/conversations/fixtures/${recording}.jsonl`).split('\n');
  const { client }: { readonly client: string } = JSON.parse(line);
  return client.replace(/-\d+$/, '');
}

describe('docs/docker.md', () => {
  it('lists the clients with the versions that the conversations were recorded with', () => {
    const [, table = ''] = /^\| client \| version \| tested \|\n\|[-|]*\|\n((?:\|.*\n)*)/m.exec(read('docs/docker.md')) ?? [];
    const rows = [...table.matchAll(/^\| `?([^|`]*)`?(?: \([^|]*\))? \| ([^ |]+) \|/gm)].map(
      ([, client, version]) => `${client} ${version}`,
    );
    expect(rows).toEqual(recordings.map(readClient));
  });
});
