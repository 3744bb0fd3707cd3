import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { images, sharedService, testPodman } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCommandLine } from './command-line.ts';
import { hostileText, isPrintable } from './hostile-text.ts';
import { createInProcessRunner } from './in-process.ts';

/** An API whose containers, nodes, jobs and errors are hostile. */
const answers: Readonly<Record<string, object>> = {
  'GET /api/v1/containers': {
    containers: [
      {
        id: 'a',
        name: hostileText,
        status: hostileText,
        image: hostileText,
        command: [hostileText],
        created: hostileText,
        ports: [{ host_ip: hostileText, host_port: 1, container_port: 1, protocol: hostileText }],
        labels: { [hostileText]: hostileText },
        node: hostileText,
        exit_code: null,
      },
    ],
    unreachable: [hostileText],
  },
  'GET /api/v1/containers/c': { container: { name: hostileText, labels: { [hostileText]: hostileText } } },
  'GET /api/v1/containers/c/logs': { container: { name: 'c', logs: hostileText, truncated: true } },
  'GET /api/v1/nodes': {
    nodes: [
      { name: hostileText, status: hostileText, workers: 1, running: 1, queued: 1, containers: 1, labels: { [hostileText]: hostileText } },
    ],
  },
  'GET /api/v1/jobs': {
    jobs: [
      { id: hostileText, operation: hostileText, container: hostileText, node: hostileText, status: hostileText, created_at: hostileText },
    ],
    cursor: null,
  },
  'GET /api/v1/jobs/j': { job: { id: 'j', status: hostileText, error: { message: hostileText } } },
  'POST /api/v1/containers/c/exec': { job: { id: 'j', status: 'queued' } },
};
const output = [
  { id: 1, event: 'stdout', text: hostileText },
  { id: 2, event: 'error', status: 'failed', code: 500, message: hostileText },
];

describe('a hostile answer of the API', () => {
  let server: Server;
  let podmanApi: ReturnType<typeof createCommandLine>;
  let run: ReturnType<typeof createInProcessRunner>;
  beforeAll(async () => {
    server = createServer((request, response) => {
      const line = `${request.method} ${request.url?.replace(/\?.*/, '')}`;
      if (line === 'GET /api/v1/jobs/j/output') {
        response.end(output.map(event => `${JSON.stringify(event)}\n`).join(''));
        return;
      }
      const error = { code: 409, type: 'ConflictError', message: hostileText };
      response.end(JSON.stringify(answers[line] ? { success: true, ...answers[line] } : { success: false, error }));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    podmanApi = createCommandLine(url);
    run = createInProcessRunner(url);
  });
  afterAll(() => {
    server.close();
  });

  it.each([
    ['the list of containers', ['ps', '--all', '--no-trunc']],
    ['containers as JSON', ['ps', '--all', '--format', 'json']],
    ['the details of a container', ['inspect', 'c']],
    ['the list of nodes', ['nodes']],
    ['nodes as JSON', ['nodes', '--format', 'json']],
    ['the error of a node', ['nodes', 'drain', 'n']],
    ['the list of jobs', ['jobs']],
    ['jobs as JSON', ['jobs', '--format', 'json']],
    ['a job record', ['jobs', 'show', 'j']],
    ['the status of a job', ['jobs', 'cancel', 'j']],
    ['the error of rm', ['rm', 'c']],
    ['the error of start', ['start', 'c']],
    ['the error of cp', ['cp', '/etc/hostname', 'c:/x']],
    ['the error of run', ['run', '--rm', 'image', 'true']],
    ['a name', ['stop', hostileText]],
    ['a flag', ['run', '--pull', hostileText, 'image', 'true']],
    ['a command', [hostileText]],
  ])('is made printable in %s', async (_what, args) => {
    const { stdout, stderr } = await run(...args);
    expect(stdout + stderr).toMatch(/\\x1b|\\u001b/);
    expect(isPrintable(stdout)).toBe(true);
    expect(isPrintable(stderr)).toBe(true);
    // No hostile text has added a line.
    expect(stderr.split('\n')).not.toContain('podman-api: all is well');
    expect(stdout.split('\n').filter(line => line.startsWith('podman-api: '))).toEqual([]);
  });

  it('is made printable in the error of an exec, whose own output stays as it is', async () => {
    const { code, stdout, stderr } = await podmanApi.run('exec', 'c', 'true');
    expect(code).toBe(242);
    expect(stdout).toBe(hostileText);
    expect(isPrintable(stderr)).toBe(true);
    expect(stderr).toContain('\\x1b]0;owned\\x07');
  });

  it('stays as it is in a log', async () => {
    expect(await run('logs', 'c')).toMatchObject({ code: 0, stdout: hostileText, stderr: expect.stringContaining('longer') });
  });
});

describe('a hostile container', () => {
  it.each(['mv', 'chmod', 'cat'])('whose %s writes escape sequences cannot write them through cp', async program => {
    const name = await startContainer(images.debian);
    const script = `#!/bin/sh\nprintf '\\033]0;owned\\007' >&2\nexit 1\n`;
    await testPodman().run([
      'exec',
      '--',
      name,
      'sh',
      '-c',
      'printf %s "$0" >/hostile; chmod 755 /hostile; cp -f /hostile "$(command -v "$1")"',
      script,
      program,
    ]);
    const { stdout, stderr } = await createInProcessRunner(sharedService().url)('cp', '/etc/hostname', `${name}:/x`);
    expect(isPrintable(stdout + stderr)).toBe(true);
  });
});
