import { describe, expect, it } from 'vitest';
import { useFakeApi } from './in-process.ts';

const fakeApi = useFakeApi();

const noWorker = { message: 'Node a has no worker.', code: 503, type: 'ServiceUnavailableError' };
const withdrawnEnd = { id: 1, event: 'error', status: 'withdrawn', exit_code: null, truncated: false, ...noWorker };

/** Answers to a request whose first job, `first`, is withdrawn, and whose second, `second`, succeeds. */
function withdrawFirst(request: string, result: object) {
  const job = { status: 'queued', url: '/api/v1/jobs/first', node: 'a' };
  const ids = ['first', 'second'];
  return {
    [request]: () => ({ job: { ...job, id: ids.shift() ?? 'third' } }),
    'GET /jobs/first/output': [withdrawnEnd],
    'GET /jobs/first': { job: { ...job, id: 'first', status: 'withdrawn', error: noWorker } },
    'GET /jobs/second/output': [
      { id: 1, event: 'stdout', text: 'hello\n' },
      { id: 2, event: 'exit', status: 'succeeded', exit_code: 3, truncated: false },
    ],
    'GET /jobs/second': { job: { ...job, id: 'second', status: 'succeeded', result } },
  };
}

describe('a job that is followed and withdrawn before it ran', () => {
  it('is submitted again by exec', async () => {
    const { runWithRetries, changes } = await fakeApi(withdrawFirst('POST /containers/box/exec', {}));
    expect(await runWithRetries('exec', 'box', 'echo', 'hello')).toMatchObject({ code: 3, stdout: 'hello\n', stderr: '' });
    const request = ['POST /containers/box/exec', { command: ['echo', 'hello'] }];
    expect(changes()).toEqual([request, request]);
  });

  it('is submitted again by run, in the same container', async () => {
    const { runWithRetries, changes } = await fakeApi({
      ...withdrawFirst('POST /containers/0123456789ab/exec', {}),
      'POST /containers': { job: { id: 'made' } },
      'GET /jobs/made': { job: { id: 'made', status: 'succeeded', result: { id: '0123456789ab', name: 'box', status: 'running' } } },
      'DELETE /containers/0123456789ab': { job: { id: 'removed' } },
      'GET /jobs/removed': { job: { id: 'removed', status: 'succeeded', result: {} } },
    });
    expect(await runWithRetries('run', '--rm', 'x', 'true')).toMatchObject({ code: 3, stdout: 'hello\n', stderr: '' });
    expect(changes().map(([line]) => line)).toEqual([
      'POST /containers',
      'POST /containers/0123456789ab/exec',
      'POST /containers/0123456789ab/exec',
      'DELETE /containers/0123456789ab?force=true',
    ]);
  });

  it('is submitted again by a run with files', async () => {
    const result = { files: [], oom_killed: false, timed_out: false };
    const { runWithRetries, changes } = await fakeApi(withdrawFirst('POST /runs', result));
    expect(await runWithRetries('run', '--rm', '--file', `${import.meta.filename}:/a`, 'x', 'true')).toMatchObject({
      code: 3,
      stdout: 'hello\n',
      stderr: '',
    });
    expect(changes()).toHaveLength(2);
  });

  it.each([
    ['pull', 'POST /images/pull', '91ef0af61f39\n'],
    ['push', 'POST /images/push', 'x\n'],
  ])('is submitted again by %s', async (command, request, stdout) => {
    const { runWithRetries, changes } = await fakeApi(withdrawFirst(request, { id: '91ef0af61f39' }));
    expect(await runWithRetries(command, '-q', 'x')).toMatchObject({ code: 0, stdout, stderr: '' });
    expect(changes()).toEqual([
      [request, { reference: 'x' }],
      [request, { reference: 'x' }],
    ]);
  });

  it('is submitted again only for its node after a pull on several nodes', async () => {
    const answers = withdrawFirst('POST /images/pull', { id: '91ef0af61f39' });
    let isFirst = true;
    const { runWithRetries, changes } = await fakeApi({
      ...answers,
      'POST /images/pull': () => {
        const { job } = answers['POST /images/pull'] instanceof Function ? answers['POST /images/pull']() : { job: {} };
        const answer = isFirst ? { jobs: [job], failed: [] } : { job };
        isFirst = false;
        return answer;
      },
    });
    expect(await runWithRetries('pull', '-q', '--all-nodes', 'x')).toMatchObject({ code: 0, stdout: 'a: 91ef0af61f39\n', stderr: '' });
    expect(changes()).toEqual([
      ['POST /images/pull', { reference: 'x', all_nodes: true }],
      ['POST /images/pull', { reference: 'x', node: 'a' }],
    ]);
  });

  it('ends the command with its error when the time for retries is over', async () => {
    const { run, changes } = await fakeApi(withdrawFirst('POST /containers/box/exec', {}));
    expect(await run('exec', 'box', 'true')).toMatchObject({ code: 243, stdout: '', stderr: 'podman-api: Node a has no worker.\n' });
    expect(changes()).toHaveLength(1);
  });

  it('is not submitted again by jobs follow, which did not submit it', async () => {
    const { runWithRetries, changes } = await fakeApi(withdrawFirst('POST /containers/box/exec', {}));
    expect(await runWithRetries('jobs', 'follow', 'first')).toMatchObject({ code: 243, stderr: 'podman-api: Node a has no worker.\n' });
    expect(changes()).toEqual([]);
  });
});
