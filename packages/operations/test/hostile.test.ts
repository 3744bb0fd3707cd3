import { posix } from 'node:path';
import { ApiError } from '@podman-api/errors';
import { type ParsedArgv, parseOperationArgv } from '@podman-api/testing/argv';
import { hostileDockerInputs, hostileInputs, secretMark } from '@podman-api/testing/hostile';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ContainerFeed,
  dockerTasks,
  enforcePolicy,
  fieldsOf,
  type Operation,
  operations,
  type RequestedTask,
  streamOperations,
  validateInput,
} from '../src/index.ts';
import { imagePatternsOf, patternsOf } from '../src/policy/patterns.ts';
import { flagsOfCreate, flagsOfDockerCreate, flagsOfRun, type Given, listOf, words } from './expected-flags.ts';
import { type Answers, context, type Recorded, recordingPodman, runAnswers } from './recording-podman.ts';

const numRuns = Number(process.env['HOSTILE_RUNS'] ?? 300);

/** Capabilities, registries and runtimes are not the subject of this test. */
const images = imagePatternsOf(['*', 'localhost:5000/*', '127.0.0.1:5000/*']);
const policy = { ...context.policy, capabilities: patternsOf(['ALL']), images, runtimes: patternsOf(['crun', 'constructor']) };

describe('hostile input', () => {
  it.each([...operations, ...streamOperations, ...dockerTasks].map(operation => [operation.name, operation] as const))(
    'stays in the arguments it belongs to: %s',
    async (name, operation) => {
      const inputs = hostileInputs[name] ?? hostileDockerInputs[name];
      if (!inputs) throw new Error('there are no hostile inputs for it');
      let accepted = 0;
      const given = new Set<string>();
      await fc.assert(
        fc.asyncProperty(inputs, async hostile => {
          for (const field of Object.keys(hostile)) given.add(field);
          const { calls, input } = await recorded(operation, hostile);
          if (!input || calls.length === 0) return;
          accepted += 1;
          const read = calls.map(({ args }) => parseOperationArgv(name, args));
          const [first] = read;
          if (input['dry_run'] === true) expect(['ps', 'ps image']).toContain(calls.map(({ args }) => args[0]).join(' '));
          else if (first) expectRequested(name, first, input);
          expect(calls.flatMap(({ args }) => args).filter(arg => arg.includes(secretMark))).toEqual([]);
        }),
        { numRuns },
      );
      expect(fieldsOf(operation.input).filter(field => !given.has(field))).toEqual([]);
      // If nearly all inputs were refused, this test would show nothing. Of lists for Docker's clients 5 % are accepted, of all
      // others more, and at most 0.5 % in less than one test of 100,000 (Poisson distribution).
      expect(accepted).toBeGreaterThan(numRuns * 0.005);
    },
  );

  it.each([
    ['container.start', ['start', '--all']],
    ['container.start', ['start', 'web']],
    ['container.start', ['start', '--', 'web', 'other']],
    ['container.start', ['start', '--', '-l']],
    ['container.list', ['system', 'reset', '--force']],
    ['container.create', ['run', '--detach', '--name=web', '--privileged', '--', 'alpine']],
    ['container.create', ['run', '--detach', '--name=web', '--network=host', '--', 'alpine']],
    ['container.create', ['run', '--detach', '--name=web', '--volume=/:/x:rw,exec', '--', 'alpine']],
    ['container.create', ['run', '--detach', '--env', 'A=secret', '--', 'alpine']],
    ['docker.create_container', ['create', '--detach', '--name=web', '--', 'alpine']],
    ['docker.create_container', ['create', '--privileged', '--name=web', '--', 'alpine']],
    ['docker.list_containers', ['ps', '--all', '--filter=volume=web']],
    ['container.exec', ['exec', '--env-file=/etc/shadow', '--', 'web', 'sh']],
    ['container.exec', ['exec', '--constructor', '--', 'web', 'sh']],
    ['container.exec', ['exec', '--', 'web', 'a\0b']],
  ])('is detected by the reader of arguments: %s %j', (operation, args) =>
    expect(() => parseOperationArgv(operation, args)).toThrow('podman was called as'),
  );
});

/** A container that a wait or a stream finds, which is removed at once. */
const waitedFor = (name: unknown) => ({
  ...{ Id: '0123456789ab', Names: [name], State: 'exited', Exited: true, ExitCode: 0, ExitedAt: 0, AutoRemove: false, Ports: null },
  ...{ status: 'running', started: '2026-01-05T09:30:00Z', health: 'healthy', check: { Test: ['CMD', 'true'] }, ends: '' },
  ...{ id: '0123456789ab'.padEnd(64, '0'), name, exitCode: 0 },
});
const containers: ContainerFeed = {
  subscribe(listener) {
    listener.onEvent?.({ id: '0123456789ab', status: 'remove', timeMs: Date.now(), exitCode: null });
    return () => {};
  },
};

const inspectedId = '0123456789abcdef'.repeat(4);
const inspected = JSON.stringify([
  {
    ...{ Id: inspectedId, Name: 'web', Image: 'f'.repeat(64), State: { Status: 'running' }, Config: { Env: ['A=secret'] } },
    HostConfig: { Memory: 0, NanoCpus: 0, PidsLimit: 0, RestartPolicy: { Name: 'no' } },
  },
]);

/** A volume or a network, as podman prints it. */
const inspectedResource = (name = '') =>
  JSON.stringify([{ Name: name, CreatedAt: '2026-01-05T09:30:00Z', name, id: '0123456789abcdef', created: '2026-01-05T09:30:00Z' }]);

const inspectedImage = JSON.stringify([{ Id: 'a'.repeat(64), Config: {}, Created: 0 }]);

function answerTo(operation: string): Answers['run'] {
  if (operation === 'run.create') return runAnswers().run;
  if (operation.startsWith('image.') && !['image.list', 'image.prune'].includes(operation)) return inspectedImage;
  if (operation === 'volume.create') return args => (args[1] === 'create' ? 'data\n' : inspectedResource(args.at(-1)));
  if (operation === 'network.create') return args => inspectedResource(args.at(-1));
  if (operation === 'docker.create_container') return '0123456789ab'.padEnd(64, '0');
  if (operation === 'docker.inspect_image') return inspectedImage;
  if (dockerReads.has(operation)) return (_args, calls) => dockerInspected(operation, calls);
  if (readingFirst.has(operation)) return inspected;
  if (operation === 'container.stats') return '{"ContainerID":"0123456789ab","Name":"web","PIDs":1}';
  return operation === 'container.create' ? '0123456789ab' : '[]';
}

/** Tasks of Docker's clients that read the container first. */
const dockerReads: ReadonlySet<string> = new Set([
  'docker.inspect_container',
  'docker.start_attached',
  'docker.attach',
  'docker.logs',
  'docker.tunnel',
]);

/** A container as podman prints it, in a state that lets the task continue. */
function dockerInspected(operation: string, calls: readonly Recorded[]): string {
  const isSetUp = calls.some(({ args }) => args[0] === 'init');
  const hasRun = calls.some(({ args }) => args[0] === 'start');
  const Status = operation === 'docker.attach' ? 'running' : isSetUp && !hasRun ? 'initialized' : 'exited';
  const StartedAt = hasRun ? '2026-01-05T09:30:00Z' : '0001-01-01T00:00:00Z';
  const State = { Status, Pid: Status === 'initialized' ? 7 : 0, ExitCode: 0, StartedAt };
  const [Config, HostConfig] = [{ Env: ['A=secret'] }, { RestartPolicy: { Name: 'no' } }];
  return JSON.stringify([{ Id: inspectedId, State, Mounts: [], Config, HostConfig, NetworkSettings: {} }]);
}

/** Operations that read the container first. */
const readingFirst: ReadonlySet<string> = new Set(['container.renew', 'container.update', 'container.commit']);

/** Operations whose first command of podman has no argument of the input. */
const withoutArgument: ReadonlySet<string> = new Set([
  'container.list',
  'container.prune',
  'container.wait',
  'docker.list_containers',
  'docker.list_images',
  'docker.list_networks',
  'docker.remove_labelled',
  'image.build',
  'image.list',
  'image.load',
  'image.prune',
  'network.list',
  'network.prune',
  'volume.list',
  'volume.prune',
]);

/** The podman calls of an operation; `input` is missing if the schema refuses it. */
async function recorded(
  operation: RequestedTask & Pick<Operation, 'poolOf' | 'inputFor'>,
  given: object,
): Promise<{ calls: readonly Recorded[]; input?: Given }> {
  const run = answerTo(operation.name);
  const podman = recordingPodman({
    ...(run !== undefined && { run }),
    line: operation.name === 'container.add_user' ? 'created' : 'done',
    shared: operation.reach === 'container' ? JSON.stringify(waitedFor(Object(given).name)) : '',
  });
  // The check whether a short id is a name always has the same arguments.
  const ownCalls = () =>
    podman.calls.filter(({ args: [verb] }) => operation.reach !== 'container' || withoutArgument.has(operation.name) || verb !== 'ps');
  try {
    const input = validateInput(operation, given);
    // The API runs `container.claim` instead.
    if (operation.poolOf?.(input) !== undefined) return { calls: [] };
    enforcePolicy(operation, input, policy);
    await operation.run(podman, input, { ...context, policy, containers }).catch(expectRefusal);
    return { calls: ownCalls(), input: Object.fromEntries(Object.entries(input)) };
  } catch (error) {
    expectRefusal(error);
    return { calls: ownCalls() };
  }
}

/** Checks that a hostile input was refused with a reason. This podman has no running containers, so a 404 and a 409 count as refusals. */
function expectRefusal(error: unknown): void {
  if (error instanceof Error && error.message.endsWith('printed an empty list')) return;
  expect(error).toBeInstanceOf(ApiError);
  expect(JSON.stringify(error)).not.toContain(secretMark);
  expect(error).toMatchObject({ status: expect.toSatisfy(status => [400, 403, 404, 409].includes(status)) });
}

/** Checks that the arguments after `--`, and the names and number of the flags before it, are those that the input requests. */
function expectRequested(operation: string, { flags, positionals }: ParsedArgv, input: Given): void {
  const counts = Object.fromEntries(flags.map(({ name }) => [name, flags.filter(flag => flag.name === name).length]));
  switch (operation) {
    case 'container.create':
    case 'run.create':
      expect(positionals).toEqual([input['image'], ...words(input['command'])]);
      expect(counts).toEqual(operation === 'run.create' ? flagsOfRun(input) : flagsOfCreate(input));
      return;
    case 'docker.create_container':
      expect(positionals).toEqual([input['image'], ...words(input['command'])]);
      expect(counts).toEqual(flagsOfDockerCreate(input));
      return;
    case 'container.exec':
    case 'container.terminal': {
      const { command = ['sh'] } = input;
      const isProgram = operation === 'container.terminal' && /^[\w./+-]+$/.test(String(command));
      const shell = typeof command !== 'string' ? listOf(command) : isProgram ? [command] : ['sh', '-c', command];
      expect(positionals[0]).toBe(input['name']);
      expect(positionals.slice(1)).toEqual(shell);
      return;
    }
    case 'container.add_user': {
      const { username, shell = '', password, uid = '', gid = '', groups, home = '' } = input;
      const secret = password === undefined ? '' : 'password';
      expect(positionals.slice(5)).toEqual([username, shell, secret, `${uid}`, `${gid}`, listOf(groups ?? []).join(','), home]);
      return;
    }
    case 'container.add_file': {
      const size = Buffer.byteLength(String(input['content']), input['encoding'] === 'base64' ? 'base64' : 'utf8');
      const { dest_path, mode = '', owner = '' } = input;
      const draft = expect.stringMatching(/^\.podman-api-[0-9a-f]{16}$/);
      expect(positionals.slice(5)).toEqual([posix.normalize(String(dest_path)), String(size), mode, owner, draft]);
      return;
    }
    case 'volume.create':
      expect(positionals).toEqual('name' in input ? [input['name']] : []);
      return;
    case 'container.renew':
    case 'container.update':
    case 'container.commit':
      expect([input['name'], inspectedId]).toContain(positionals[0]);
      return;
    case 'container.top':
      expect(positionals[0]).toBe(input['name']);
      return;
    default:
      expect(positionals).toEqual(withoutArgument.has(operation) ? [] : [input['name'] ?? input['source'] ?? input['reference']]);
  }
}
