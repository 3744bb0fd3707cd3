import { describe, expect, it } from 'vitest';
import { changes } from '../src/container/changes/index.ts';
import { stats } from '../src/container/stats/index.ts';
import { parseStats } from '../src/container/stats/sample.ts';
import { top } from '../src/container/top/index.ts';
import { parseProcesses } from '../src/container/top/processes.ts';
import { callsOf, context, recordingPodman } from './recording-podman.ts';

const argsOf = (calls: readonly { readonly args: readonly string[] }[]) => calls.map(({ args }) => args);

describe('container.top', () => {
  it('runs podman top with the columns that it reads', async () => {
    const columns = ['pid', 'ppid', 'user', 'state', 'pcpu', 'etime', 'rss', 'args'];
    expect(argsOf(await callsOf(top, { name: 'web' }))).toEqual([['top', '--', 'web', ...columns]]);
  });

  it('keeps the newlines and spaces of commands', () => {
    const printed = [
      'PID         PPID        USER        STATE       %CPU        ELAPSED       RSS         COMMAND',
      '1           0           root        S           0.250       1h2m3.54s     1748        sh -c trap "exit 7" TERM; ',
      '# multi',
      'while :; do sleep 0.2; done ',
      '7           1           odd user    S           0.000       844.713769ms  1488        sleep  0.2 ',
      '',
    ].join('\n');
    const common = { state: 'S', cpu_percent: 0 };
    expect(parseProcesses(printed)).toEqual([
      {
        ...{ ...common, pid: 1, ppid: 0, user: 'root', cpu_percent: 0.25, elapsed_seconds: 3723.5, rss: 1748 * 1024 },
        command: 'sh -c trap "exit 7" TERM; \n# multi\nwhile :; do sleep 0.2; done',
      },
      { ...common, pid: 7, ppid: 1, user: 'odd user', elapsed_seconds: 0.8, rss: 1488 * 1024, command: 'sleep  0.2' },
    ]);
  });
});

describe('container.changes', () => {
  const json = '{\n  "changed": [\n    "/etc"\n ],\n "added": ["/a\\nb", "/c\\"d"],\n "deleted": ["/bin/vi"]\n}\n';
  const read = (text: string) => ({ ...recordingPodman(), read: async () => Buffer.from(text) });

  it('returns each path with its kind', async () => {
    expect(argsOf(await callsOf(changes, { name: 'web' }))).toEqual([['diff', '--format=json', '--', 'web']]);
    expect(await changes.run(read(json), { name: 'web' }, context)).toEqual({
      name: 'web',
      changes: [
        { path: '/etc', kind: 'changed' },
        { path: '/a\nb', kind: 'added' },
        { path: '/c"d', kind: 'added' },
        { path: '/bin/vi', kind: 'deleted' },
      ],
      truncated: false,
    });
  });

  it('says that there are more than it returns', async () => {
    const many = JSON.stringify({ added: Array.from({ length: 300_000 }, (_, at) => `/file-${at}`) }).slice(0, 4 * 1024 ** 2);
    const result = await changes.run(read(many), { name: 'web' }, context);
    expect(result).toMatchObject({ truncated: true, changes: { length: 10_000 } });
  });
});

describe('container.stats', () => {
  const common = { ContainerID: '0123456789abcdef', Name: 'web', CPU: 3.777, CPUNano: 5e6, MemUsage: 1024, MemLimit: 2048 };
  const line = (extraFields: object) => JSON.stringify({ ...common, BlockInput: 1, BlockOutput: 2, PIDs: 3, ...extraFields });

  it.each([
    ['4', { NetInput: 10, NetOutput: 20 }],
    ['5', { Network: { eth0: { RxBytes: 4, TxBytes: 8 }, eth1: { RxBytes: 6, TxBytes: 12 } } }],
  ])('reads what podman %s prints', (_version, extraFields) => {
    expect(parseStats(line(extraFields))).toMatchObject({
      ...{ id: '0123456789ab', name: 'web', cpu_percent: 3.78, cpu_ms: 5, memory: 1024, memory_limit: 2048 },
      ...{ network_input: 10, network_output: 20, block_input: 1, block_output: 2, pids: 3 },
    });
  });

  it('returns 409 for a container that does not run, of which podman prints zeros', async () => {
    const podman = recordingPodman({ run: line({ PIDs: 0 }) });
    await expect(stats.run(podman, { name: 'web' }, context)).rejects.toMatchObject({ status: 409 });
    expect(argsOf(podman.calls)).toEqual([['stats', '--no-stream', '--no-reset', '--format={{json .ContainerStats}}', '--', 'web']]);
  });
});
