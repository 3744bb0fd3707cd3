import { ApiError, JobOutcomeError } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import { describe, expect, it } from 'vitest';
import { renew } from '../src/container/renew/index.ts';
import { operations, validateInput } from '../src/index.ts';
import { context, recordingPodman } from './recording-podman.ts';

const id = '0123456789abcdef'.repeat(4);

const container = {
  Id: id,
  Created: '2026-01-05T09:30:00Z',
  Path: 'sleep',
  Args: [],
  Name: 'web',
  Image: id,
  ImageName: 'alpine',
  RestartCount: 0,
  State: { Status: 'running', Pid: 7, OOMKilled: false, ExitCode: 0, Error: '', StartedAt: '2026-01-05T09:30:00Z', FinishedAt: '' },
  Mounts: [],
  NetworkSettings: { Ports: {}, Networks: {} },
  Config: { Hostname: '', User: '', Env: [], Cmd: [], Entrypoint: '', WorkingDir: '/', Labels: {} },
  HostConfig: { RestartPolicy: { Name: 'no', MaximumRetryCount: 0 }, Memory: 0, NanoCpus: 0, PidsLimit: 0, NetworkMode: 'bridge' },
};
const image = {
  Id: id,
  Digest: 'sha256:1',
  Size: 1,
  Created: '2026-01-05T09:30:00Z',
  RepoTags: [],
  RepoDigests: [],
  Config: {},
  Labels: {},
};
const network = { name: 'back', id, driver: 'bridge', created: '2026-01-05T09:30:00Z', subnets: [], labels: {} };
const volume = { Name: 'data', Driver: 'local', CreatedAt: '2026-01-05T09:30:00Z', Labels: {}, Options: {} };
const listed = {
  ...{ Id: id, Names: ['web'], State: 'exited', Image: 'alpine', ImageID: id, Command: null, Created: 1, Exited: true, ExitedAt: 1 },
  ...{ AutoRemove: false, ExitCode: 0, Labels: {}, Health: '', ServiceLabels: {}, Ports: null },
};

/** Answers roughly as podman does, so that most operations get past their first calls. */
function answer(args: readonly string[]): string {
  const [noun, verb] = args;
  if (verb === 'inspect') {
    const entries: Readonly<Record<string, object>> = { container, image, network, volume };
    return args.some(arg => arg.startsWith('--format')) ? '[]' : JSON.stringify([entries[noun ?? '']]);
  }
  if (noun === 'network' && verb === 'ls') return JSON.stringify([network]);
  if (noun === 'volume' && verb === 'ls') return JSON.stringify([volume]);
  if (noun === 'images' || (noun === 'image' && verb === 'ls')) return JSON.stringify([image]);
  if (noun === 'ps') return JSON.stringify(listed);
  return `${id}\n`;
}

/**
 * Runs an operation whose job is aborted in a call of podman.
 * @param index that of the call
 * @param isGone whether all later calls fail, as if the container were gone
 * @returns what the operation throws; `undefined` if it made fewer calls, or succeeded
 */
async function findError(operation: (typeof operations)[number], index: number, isGone: boolean): Promise<unknown> {
  const controller = new AbortController();
  const podman = recordingPodman({ run: answer, shared: JSON.stringify(listed) });
  let calls = 0;
  const check = () => {
    calls += 1;
    if (calls <= index) return;
    if (!controller.signal.aborted) {
      controller.abort(reason);
      throw reason;
    }
    if (isGone) throw new ApiError('NotFoundError', 'no such container');
  };
  const watch =
    <Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      check();
      return call(...args);
    };
  const watched: Podman = {
    ...podman,
    run: watch(podman.run),
    shared: watch(podman.shared),
    read: watch(podman.read),
    pipe: watch(podman.pipe),
    exec: watch(podman.exec),
    script: watch(podman.script),
    files: watch(podman.files),
    logs: watch(podman.logs),
    startAttached: watch(podman.startAttached),
  };
  const input = validateInput(operation, operation.example.input);
  const error = await operation.run(watched, input, { ...context, signal: controller.signal }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return controller.signal.aborted ? error : undefined;
}

const reason = new JobOutcomeError('cancelled', 'The job was cancelled.');
/** More calls than any operation makes with these answers. */
const maxCalls = 12;

describe('an operation whose job is aborted', () => {
  const ofJobs = operations.filter(({ lane, name }) => lane !== 'waits' && name !== 'container.terminal');

  it.each(ofJobs.map(operation => [operation.name, operation] as const))(
    '%s ends with the reason, or as unknown',
    async (_name, operation) => {
      for (const isGone of [false, true]) {
        for (let index = 0; index < maxCalls; index += 1) {
          const error = await findError(operation, index, isGone);
          const isUnknown = error instanceof JobOutcomeError && error.outcome === 'unknown';
          if (error !== undefined && !isUnknown) expect(error, `call ${index}, later ones fail: ${isGone}`).toBe(reason);
        }
      }
    },
  );

  it('container.renew ends with the reason while it waits', async () => {
    const controller = new AbortController();
    const renewals = {
      ...context.renewals,
      isEnding() {
        queueMicrotask(() => controller.abort(reason));
        return true;
      },
    };
    const podman = recordingPodman({ run: answer });
    const renewing = renew.run(podman, { name: 'web', ttl: 60 }, { ...context, renewals, signal: controller.signal });
    await expect(renewing).rejects.toBe(reason);
  });
});
