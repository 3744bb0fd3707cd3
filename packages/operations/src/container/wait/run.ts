import { setTimeout as delay } from 'node:timers/promises';
import { ApiError } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import type { ContainerEvent, ContainerListener, ContainerState } from '../../container-feed.ts';
import type { TaskContext } from '../../operation.ts';
import { shortId } from '../../short-id.ts';
import { failedFor } from '../failed-for.ts';
import { findEntry, noContainerError } from '../lookup/find-entry.ts';
import { readHealthCheck } from '../lookup/health-check.ts';
import { readContainers, toState } from '../lookup/ps.ts';
import { isStopped } from '../status.ts';
import { StoppedChecks } from '../stopped-checks.ts';
import type { WaitCondition, WaitInput } from './input.ts';

/** A container that met the condition, as in the response. */
export interface WaitedContainer {
  readonly id: string;
  readonly name: string;
  readonly condition: WaitCondition;
  /** For `stopped`: the observed exit code, else `null`. */
  readonly exit_code: number | null;
}

/** Podman 4.3 writes the result of a health check shortly after the last event of the check (measured: some milliseconds). */
const healthDelayMs = 300;

/**
 * Waits until a container meets a condition. It follows the events of the node and so needs no process while it waits.
 * @throws ApiError (404) if there is no such container or it is removed, (409) for the health of a container without a health check,
 *   (503) if the worker shuts down; the reason of the signal if it is aborted
 */
export async function waitForCondition(podman: Podman, input: WaitInput, { containers, signal }: TaskContext): Promise<WaitedContainer> {
  signal.throwIfAborted();
  const wait = new ConditionWait(podman, input);
  const abort = () => wait.fail(signal.reason);
  signal.addEventListener('abort', abort);
  const unsubscribe = containers.subscribe(wait);
  try {
    return await wait.run();
  } finally {
    unsubscribe();
    signal.removeEventListener('abort', abort);
  }
}

class ConditionWait implements ContainerListener {
  readonly #podman: Podman;
  readonly #name: string;
  readonly #condition: WaitCondition;
  readonly #startedAtMs = Date.now();
  readonly #end = Promise.withResolvers<number | null>();
  /** Events and lists from before the container was found. */
  readonly #early: (() => void)[] = [];
  #id: string | undefined;
  #isHealthCheckDue = false;
  readonly #checks = new StoppedChecks();

  constructor(podman: Podman, { name, condition = 'stopped' }: WaitInput) {
    this.#podman = podman;
    this.#name = name;
    this.#condition = condition;
    // It may end before `run` awaits it.
    this.#end.promise.catch(() => {});
  }

  /** Waits. Subscribe this object to the feed first, so that it misses no event. */
  async run(): Promise<WaitedContainer> {
    const [name, condition] = [this.#name, this.#condition];
    const entry = findEntry(await readContainers(this.#podman), name);
    const id = shortId(entry.Id);
    this.#id = id;
    if (condition === 'healthy') await this.#checkHealth(id);
    else this.#checkState(id, toState(entry));
    for (const handle of this.#early) handle();
    return { id, name: entry.Names[0] ?? name, condition, exit_code: await this.#end.promise };
  }

  fail(reason: unknown): void {
    this.#end.reject(reason);
  }

  onEvent(event: ContainerEvent): void {
    if (this.#id === undefined) this.#early.push(() => this.#handleEvent(event));
    else this.#handleEvent(event);
  }

  onList(containers: ReadonlyMap<string, ContainerState>, startedAtMs: number): void {
    const handle = () => {
      if (this.#id !== undefined && startedAtMs >= this.#startedAtMs) this.#checkState(this.#id, containers.get(this.#id));
    };
    if (this.#id === undefined) this.#early.push(handle);
    else handle();
  }

  onStop(): void {
    this.fail(new ApiError('ServiceUnavailableError', "The node's worker is shutting down: send the request again."));
  }

  #handleEvent({ id, status, timeMs, exitCode }: ContainerEvent): void {
    if (id !== this.#id) return;
    const condition = this.#condition;
    if (status === 'remove') this.fail(noContainerError(this.#name));
    // Events are repeated when the worker starts podman's stream of events again: an old one does not describe the present state.
    else if (timeMs < this.#startedAtMs) this.#recheckLater(id);
    else if (condition === 'stopped' && status === 'died') this.#end.resolve(exitCode);
    else if (condition === 'running' && (status === 'start' || status === 'unpause')) this.#end.resolve(null);
    else if (condition === 'healthy') this.#recheckLater(id);
  }

  #checkState(id: string, state: ContainerState | undefined): void {
    const condition = this.#condition;
    if (state === undefined) this.fail(noContainerError(this.#name));
    else if (condition === 'healthy') this.#recheckLater(id);
    else if (condition === 'running' && state.status === 'running') this.#end.resolve(null);
    else if (condition === 'stopped' && isStopped(state.status)) {
      if (state.exitCode === null && this.#checks.isExitCodePending(state.status)) this.#recheckLater(id);
      else this.#end.resolve(state.exitCode);
    }
  }

  async #checkHealth(id: string): Promise<void> {
    const { status, health } = await readHealthCheck(this.#podman, id);
    if (health === undefined) throw noHealthCheckError(this.#name);
    if (status === 'running' && health === 'healthy') this.#end.resolve(null);
  }

  /** Queries podman after a short delay, once for all events until then. A failed query is repeated after the next event or list. */
  #recheckLater(id: string): void {
    if (this.#isHealthCheckDue) return;
    this.#isHealthCheckDue = true;
    void this.#recheck(id).catch(error => {
      if (failedFor('no-container', error)) this.fail(noContainerError(this.#name));
    });
  }

  async #recheck(id: string): Promise<void> {
    await delay(healthDelayMs);
    this.#isHealthCheckDue = false;
    if (this.#condition === 'healthy') return this.#checkHealth(id);
    const entries = await readContainers(this.#podman, true);
    const entry = entries.find(({ Id }) => shortId(Id) === id);
    return this.#checkState(id, entry && toState(entry));
  }
}

function noHealthCheckError(name: string): ApiError {
  return new ApiError('ConflictError', `The container ${name} has no health check: wait for another condition.`);
}
