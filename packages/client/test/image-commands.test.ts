import { describe, expect, it } from 'vitest';
import { useFakeApi } from './in-process.ts';

const fakeApi = useFakeApi();

const image = {
  id: '91ef0af61f39',
  references: ['docker.io/library/alpine:3.20', 'localhost:5000/alpine'],
  digest: 'sha256:1e',
  size: 8_083_456,
  created: new Date(Date.now() - 3 * 86_400_000).toISOString(),
  labels: {},
  in_use: true,
  node: 'a',
};

describe('images', () => {
  it('lists a row for each name, and names nodes that did not answer', async () => {
    const dangling = { ...image, id: 'ab13f7e2c9d0', references: [], size: 999, in_use: false };
    const { run, requests } = await fakeApi({ 'GET /images': { images: [image, dangling], unreachable: ['b'] } });
    const { code, stdout, stderr } = await run(
      'images',
      'alp*',
      '-f',
      'label=a=1',
      '-f',
      'label=b',
      '--filter',
      'dangling=false',
      '--node',
      'a',
    );
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        'REPOSITORY                TAG     IMAGE ID      CREATED     SIZE     IN USE  NODE',
        'docker.io/library/alpine  3.20    91ef0af61f39  3 days ago  8.08 MB  yes     a',
        'localhost:5000/alpine     <none>  91ef0af61f39  3 days ago  8.08 MB  yes     a',
        '<none>                    <none>  ab13f7e2c9d0  3 days ago  999 B    no      a',
        '',
      ].join('\n'),
    );
    expect(stderr).toBe('podman-api: these nodes did not answer, and their images are missing: b\n');
    expect(requests[0]?.line).toBe('GET /images?reference=alp*&dangling=false&label=a%3D1&label=b&node=a');
  });

  it('prints ids once with -q, and JSON with --format json', async () => {
    const { run } = await fakeApi({ 'GET /images': { images: [image, { ...image, node: 'b' }] } });
    expect(await run('images', '-q')).toMatchObject({ code: 0, stdout: '91ef0af61f39\n', stderr: '' });
    expect(JSON.parse((await run('image', 'ls', '--format', 'json')).stdout)).toMatchObject([{ node: 'a' }, { node: 'b' }]);
  });

  it.each([
    [['--format', 'yaml'], /--format must be table or json/],
    [['--filter', 'size=1'], /--filter accepts reference, dangling, label, but not "size"/],
    [['--filter', 'dangling'], /KEY=VALUE/],
    [['--filter', 'dangling=maybe'], /dangling must be true or false/],
    [['a', '--filter', 'reference=b'], /reference can be used once/],
    [['a', 'b'], /one reference/],
  ])('refuses %j before it sends anything', async (args, message) => {
    const { run, requests } = await fakeApi({});
    expect(await run('images', ...args)).toMatchObject({ code: 240, stdout: '', stderr: expect.stringMatching(message) });
    expect(requests).toEqual([]);
  });
});

describe('pull', () => {
  const job = { id: 'j', status: 'queued', url: '/api/v1/jobs/j', node: 'a' };
  const progress = [
    { id: 1, event: 'stderr', text: 'Trying to pull x...\nCopying blob sha256:526b36d23927\n' },
    { id: 2, event: 'stdout', text: '{"layer":"526b36d23927","status":"copying","bytes":1200000,"total_bytes":' },
    { id: 3, event: 'stdout', text: '2400000}\n{"layer":"8a49fdb3b6a5","status":"exists"}\nnot JSON\n[1]\n' },
    { id: 4, event: 'exit', status: 'succeeded', exit_code: null, truncated: false },
  ];
  const answers = {
    'POST /images/pull': { job },
    'GET /jobs/j/output': progress,
    'GET /jobs/j': { job: { ...job, status: 'succeeded', result: { id: '91ef0af61f39', node: 'a' } } },
  };

  it("writes podman's lines to stderr and the id to stdout", async () => {
    const { run, changes } = await fakeApi(answers);
    expect(await run('pull', '--node', 'a', '--policy', 'missing', 'x')).toMatchObject({
      code: 0,
      stdout: '91ef0af61f39\n',
      stderr: 'Trying to pull x...\nCopying blob sha256:526b36d23927\n',
    });
    expect(changes()).toEqual([['POST /images/pull', { reference: 'x', node: 'a', pull_policy: 'missing' }]]);
    expect(await run('pull', '-q', 'x')).toMatchObject({ code: 0, stdout: '91ef0af61f39\n', stderr: '' });
  });

  it('shows a line for each layer on a terminal, with a bar if podman reports bytes', async () => {
    const { runOnTerminal } = await fakeApi(answers);
    const { stdout, stderr, shown } = await runOnTerminal('pull', 'x');
    expect([stdout, stderr]).toEqual(['91ef0af61f39\n', '']);
    expect(shown.at(-1)).toEqual([
      'Trying to pull x...',
      '526b36d23927 copying [============>           ] 1.2 MB of 2.4 MB',
      '8a49fdb3b6a5 exists',
    ]);
  });

  it('pulls on several nodes, names each in its lines, and exits with the code of an error', async () => {
    const other = { ...job, id: 'k', node: 'b' };
    const refused = { message: 'The registry refuses access.', code: 400, type: 'ValidationError' };
    const { run, changes } = await fakeApi({
      ...answers,
      'POST /images/pull': {
        jobs: [job, other],
        failed: [{ node: 'c', error: { message: 'No worker.', code: 503, type: 'ServiceUnavailableError' } }],
      },
      'GET /jobs/k/output': [{ id: 1, event: 'error', status: 'failed', exit_code: null, truncated: false, ...refused }],
      'GET /jobs/k': { job: { ...other, status: 'failed', error: refused } },
    });
    const { code, stdout, stderr } = await run('pull', '--selector', 'zone=east', 'x');
    expect([code, stdout]).toEqual([241, 'a: 91ef0af61f39\n']);
    expect(stderr).toBe(
      [
        'a: Trying to pull x...',
        'a: Copying blob sha256:526b36d23927',
        'podman-api: c: No worker.',
        'podman-api: b: The registry refuses access.',
        '',
      ].join('\n'),
    );
    expect(changes()).toEqual([['POST /images/pull', { reference: 'x', node_selector: { zone: 'east' } }]]);
  });

  it.each([
    [[], /name of an image is missing/],
    [['--node', 'a', '--all-nodes', 'x'], /cannot be used together/],
    [['--policy', 'never', 'x'], /--policy must be/],
    [['--username', 'ci', 'x'], /must be used together/],
    [['--password-stdin', 'x'], /must be used together/],
  ])('refuses %j before it sends anything', async (args, message) => {
    const { run, requests } = await fakeApi({});
    expect(await run('pull', ...args)).toMatchObject({ code: 240, stderr: expect.stringMatching(message) });
    expect(requests).toEqual([]);
  });
});

describe('rmi and tag', () => {
  it('continue after an error and exit with its code', async () => {
    const { run, changes } = await fakeApi({
      'DELETE /images/a': { job: { id: 'j' } },
      'POST /images/a%2Fb/tag': { job: { id: 'j' } },
      'GET /jobs/j': { job: { id: 'j', status: 'succeeded', result: { reference: 'c:1' } } },
      'DELETE /images/b': { code: 409, type: 'ConflictError', message: 'A container uses the image.' },
    });
    expect(await run('rmi', '--force', '--node', 'n', 'b', 'a')).toMatchObject({
      code: 241,
      stdout: 'a\n',
      stderr: 'podman-api: b: A container uses the image.\n',
    });
    expect(await run('tag', 'a/b', 'c:1')).toMatchObject({ code: 0, stdout: 'c:1\n' });
    expect(changes()).toEqual([
      ['DELETE /images/b?force=true&node=n', {}],
      ['DELETE /images/a?force=true&node=n', {}],
      ['POST /images/a%2Fb/tag', { reference: 'c:1' }],
    ]);
    expect(await run('tag', 'a')).toMatchObject({ code: 240 });
  });
});

describe('image prune', () => {
  it('needs --force without a terminal, and prints what was removed', async () => {
    const { run, changes } = await fakeApi({ 'POST /images/prune': { images: [image, { ...image, references: [] }], unreachable: ['b'] } });
    expect(await run('image', 'prune')).toMatchObject({
      code: 240,
      stderr:
        'podman-api: This removes all images without a name that no container uses, on all nodes. Confirm with --force. See: podman-api image prune --help\n',
    });
    expect(await run('image', 'prune', '--all', '--filter', 'until=24h', '--filter', 'label=a', '-f')).toMatchObject({
      code: 0,
      stdout: 'docker.io/library/alpine:3.20\n91ef0af61f39\n',
      stderr: expect.stringMatching(/did not answer in time.*: b\n$/),
    });
    expect(changes()).toEqual([['POST /images/prune', { all: true, until: '24h', label: ['a'] }]]);
  });
});
