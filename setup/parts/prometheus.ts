import { findPrometheus, prometheusFolder } from '@podman-api/testing/prometheus/programs';
import { unpack } from '../install.ts';
import type { Part } from '../part.ts';
import { run } from '../run.ts';

const part = 'Prometheus';

/** The server that scrapes the API in the tests. It is unpacked and not installed: installed, it would start on its own. */
export const prometheus: Part = {
  async check() {
    const program = findPrometheus('promtool') && findPrometheus('prometheus');
    const version = program && /^prometheus, version \S+/m.exec(run(program, ['--version']).output)?.[0];
    if (version) return { part, ok: true, text: version };
    return {
      part,
      ok: false,
      text: 'not there',
      remedy: 'Bring prometheus and promtool onto the path, which the tests need; nothing else does.',
      testsOnly: true,
    };
  },
  async mend() {
    unpack('prometheus', prometheusFolder);
  },
};
