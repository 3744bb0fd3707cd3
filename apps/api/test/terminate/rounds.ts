import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type CallResponse, type ImageName, images, type Service, startService, testPodman, until } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uniquePath } from '../gate.ts';
import { type Variant, variants } from './variants.ts';

/** A way to end a command. */
type Ending = 'timeout' | 'cancel';

/** A container in which rounds run one after the other. */
interface TestContainer {
  readonly service: Service;
  readonly name: string;
  /** Folder of this host that is mounted at `/notes`. */
  readonly notes: string;
  readonly hasSessions: boolean;
}

const containersPerImage = 2;
const longWaitHeaders = { Prefer: 'wait=300' } as const;
const mainProcess = 'sleep 14400';
/** A session's shell and its pumps, and what proves a new session. */
const sessionProcess = /^(sh|cat .*)$/;

/**
 * Defines tests that end commands with traps, with and without sessions, by their time limit and by `DELETE /jobs/:id`.
 * @param defaultRounds how many commands each test ends; the variable TERMINATE_ROUNDS overrides it
 */
export function describeTermination(defaultRounds: number): void {
  const rounds = Number(process.env['TERMINATE_ROUNDS'] ?? defaultRounds);
  describe.each([
    { mode: 'by podman exec', sessions: '0' },
    { mode: 'in a session', sessions: '32' },
  ])('a command that runs $mode', ({ sessions }) => {
    const notes = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
    let service: Service;
    let containers: TestContainer[];
    beforeAll(async () => {
      service = await startService({ EXEC_SESSIONS: sessions, DEBUG: 'true' });
      const kinds: ImageName[] = Array.from({ length: containersPerImage }, (): ImageName[] => ['busybox', 'debian']).flat();
      containers = await Promise.all(
        kinds.map(async image => ({ service, name: await startRoundContainer(image, notes), notes, hasSessions: sessions !== '0' })),
      );
    });
    afterAll(async () => {
      await service.stop();
      rmSync(notes, { recursive: true });
    });

    it.each(['timeout', 'cancel'] as const)(`gets SIGTERM once, and leaves no process: ${rounds} rounds by %s`, async ending => {
      let next = 0;
      let inSessions = 0;
      let failure: unknown;
      const runRounds = async (container: TestContainer) => {
        while (next < rounds && failure === undefined) {
          const variant = variants[next % variants.length];
          next += 1;
          if (variant && (await runRound(container, variant, ending))) inSessions += 1;
        }
      };
      const onFailure = (error: unknown) => {
        failure ??= error;
      };
      // Waits for all containers, because the next test uses the same containers.
      await Promise.all(containers.map(container => runRounds(container).catch(onFailure)));
      if (failure !== undefined) throw failure;
      if (sessions === '0') expect(inSessions).toBe(0);
      else expect(inSessions).toBeGreaterThan(rounds / 2);
    });
  });
}

async function startRoundContainer(image: ImageName, notes: string): Promise<string> {
  const name = uniqueContainerName();
  const flags = ['--detach', `--name=${name}`, '--network=none', '--pull=never', `--volume=${notes}:/notes`];
  await testPodman().run(['run', ...flags, '--', images[image], ...mainProcess.split(' ')]);
  return name;
}

/** Ends one command, and checks its traps and the caller's response. @returns whether it ran in a session */
async function runRound(container: TestContainer, variant: Variant, ending: Ending): Promise<boolean> {
  const { service, name, notes, hasSessions } = container;
  if (hasSessions) await awaitSession(container);
  const { response, file } = ending === 'timeout' ? await timeOut(container, variant) : await cancel(container, variant);
  const hint = `${variant.title}, ${ending}`;
  const left = (await processesIn(name)).filter(args => args !== mainProcess && !(hasSessions && sessionProcess.test(args)));
  expect(left, hint).toEqual([]);
  const stdout = `ready\n${variant.finalOutput}`;
  expect(response.field('error.execution'), hint).toMatchObject({ exit_code: null, success: false, truncated: false, stdout });
  const path = join(notes, basename(file));
  const noted = existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n').sort() : [];
  expect(noted, hint).toEqual(variant.signalled.map(process => `got-TERM ${process}`).sort());
  const id = String(response.field('job_id'));
  const status = ending === 'timeout' ? 'timed_out' : 'cancelled';
  expect((await service.call('GET', `/jobs/${id}`)).field('job.status'), hint).toBe(status);
  return ranInSession(service, id);
}

const newFile = () => `/notes/${basename(uniquePath())}`;

/** Runs the command with a time limit in which it gets ready: a busy machine may need longer than a second for that. */
async function timeOut(
  { service, name }: TestContainer,
  { title, command, stopTimeout }: Variant,
): Promise<{ response: CallResponse; file: string }> {
  for (let timeout = 1; ; timeout *= 2) {
    const file = newFile();
    const body = { command: command(file), timeout, stop_timeout: stopTimeout };
    const response = await service.call('POST', `/containers/${name}/exec`, body, longWaitHeaders);
    expect(response, title).toMatchObject({ status: 408, body: { error: { type: 'TimeoutError', job: { status: 'timed_out' } } } });
    if (String(response.field('error.execution.stdout')).startsWith('ready\n')) return { response, file };
  }
}

/** Cancels the command once it is ready, while a caller waits for it. */
async function cancel(
  { service, name }: TestContainer,
  { title, command, stopTimeout }: Variant,
): Promise<{ response: CallResponse; file: string }> {
  const file = newFile();
  const body = { command: command(file), stop_timeout: stopTimeout };
  const headers = { 'Idempotency-Key': randomUUID() };
  const accepted = await service.call('POST', `/containers/${name}/exec`, body, { ...headers, Prefer: 'respond-async' });
  const id = String(accepted.field('job_id'));
  const waiting = service.call('POST', `/containers/${name}/exec`, body, { ...headers, ...longWaitHeaders });
  await awaitOutput(service, id, 'ready');
  expect(await service.call('DELETE', `/jobs/${id}`), title).toMatchObject({ status: 200, body: { job: { status: 'cancelled' } } });
  const response = await waiting;
  expect(response, title).toMatchObject({ status: 409, body: { error: { type: 'ConflictError', job: { status: 'cancelled' } } } });
  return { response, file };
}

/** Resolves once a job has written a string. */
async function awaitOutput({ url }: Service, id: string, wanted: string): Promise<void> {
  const response = await fetch(`${url}/api/v1/jobs/${id}/output`, { headers: { Accept: 'application/x-ndjson' } });
  let text = '';
  for await (const piece of response.body ?? []) {
    text += Buffer.from(piece).toString();
    if (text.includes(wanted)) return;
  }
  throw new Error(`The job ended before it wrote "${wanted}": ${text}`);
}

/** Resolves once an exec in the container has run in a session, so that the next one can. */
async function awaitSession({ service, name }: TestContainer): Promise<void> {
  await until(async () => {
    const response = await service.call('POST', `/containers/${name}/exec`, { command: ':' }, longWaitHeaders);
    return ranInSession(service, String(response.field('job_id')));
  });
}

/** Returns whether a finished job ran in a session, by the line that the worker logs for each command. */
async function ranInSession({ worker }: Service, id: string): Promise<boolean> {
  const line = await until(() =>
    worker
      .output()
      .split('\n')
      .findLast(text => text.includes(`"${id}"`) && text.includes('"podman":"exec"')),
  );
  return line.includes('"session":true');
}

/** Returns the arguments of each process in a container, except zombies, which are in brackets: `sleep` does not reap its children. */
async function processesIn(name: string): Promise<string[]> {
  const lines = (await testPodman().run(['top', name, 'args'])).trim().split('\n').slice(1);
  return lines.map(line => line.trim()).filter(args => !args.startsWith('['));
}
