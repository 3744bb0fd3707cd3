import { setTimeout as delay } from 'node:timers/promises';
import { ApiError } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import { rejectOnAbort } from '@podman-api/runtime';
import type { ContainerEvent, ContainerState } from '../../container-feed.ts';
import type { TaskContext } from '../../operation.ts';
import { shortId } from '../../short-id.ts';
import { failedFor } from '../failed-for.ts';
import { type ContainerChanges, subscribeToContainer } from '../following/subscribe-to-container.ts';
import { findEntry, noContainerError } from '../lookup/find-entry.ts';
import { readHealthCheck } from '../lookup/health-check.ts';
import { type PsEntry, readContainers, toState } from '../lookup/ps.ts';
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
  const subscription = subscribeToContainer(containers, 'send the request again');
  try {
    const entry = findEntry(await readContainers(podman), input.name);
    const wait = new ConditionWait(podman, input, shortId(entry.Id));
    await wait.start(entry);
    signal.throwIfAborted();
    subscription.follow(wait.id, wait);
    const exitCode = await rejectOnAbort(wait.exitCode, signal, () => signal.reason);
    return { id: wait.id, name: entry.Names[0] ?? input.name, condition: wait.condition, exit_code: exitCode };
  } finally {
    subscription.end();
  }
}

/** A wait for a condition of a container that was found. */
class ConditionWait implements ContainerChanges {
  /** The short id of the container. */
  readonly id: string;
  readonly condition: WaitCondition;
  readonly #podman: Podman;
  readonly #name: string;
  readonly #end = Promise.withResolvers<number | null>();
  #isHealthCheckDue = false;
  readonly #checks = new StoppedChecks();

  constructor(podman: Podman, { name, condition = 'stopped' }: WaitInput, id: string) {
    this.#podman = podman;
    this.#name = name;
    this.condition = condition;
    this.id = id;
    // It may end before it is awaited.
    this.#end.promise.catch(() => {});
  }

  /** Resolves when the condition is met: the exit code of a container that has stopped, or else `null`. */
  get exitCode(): Promise<number | null> {
    return this.#end.promise;
  }

  /** Checks the state of the container as it was found. */
  async start(entry: PsEntry): Promise<void> {
    if (this.condition === 'healthy') await this.#checkHealth();
    else this.onState(toState(entry));
  }

  onEvent({ status, exitCode }: ContainerEvent, isOld: boolean): void {
    const { condition } = this;
    if (status === 'remove') this.#end.reject(noContainerError(this.#name));
    else if (isOld) this.#recheckLater();
    else if (condition === 'stopped' && status === 'died') this.#end.resolve(exitCode);
    else if (condition === 'running' && (status === 'start' || status === 'unpause')) this.#end.resolve(null);
    else if (condition === 'healthy') this.#recheckLater();
  }

  onState(state: ContainerState | undefined): void {
    const { condition } = this;
    if (state === undefined) this.#end.reject(noContainerError(this.#name));
    else if (condition === 'healthy') this.#recheckLater();
    else if (condition === 'running' && state.status === 'running') this.#end.resolve(null);
    else if (condition === 'stopped' && isStopped(state.status)) {
      if (state.exitCode === null && this.#checks.isExitCodePending(state.status)) this.#recheckLater();
      else this.#end.resolve(state.exitCode);
    }
  }

  onStop(error: ApiError): void {
    this.#end.reject(error);
  }

  async #checkHealth(): Promise<void> {
    const { status, health } = await readHealthCheck(this.#podman, this.id);
    if (health === undefined) throw noHealthCheckError(this.#name);
    if (status === 'running' && health === 'healthy') this.#end.resolve(null);
  }

  /** Queries podman after a short delay, once for all events until then. A failed query is repeated after the next event or list. */
  #recheckLater(): void {
    if (this.#isHealthCheckDue) return;
    this.#isHealthCheckDue = true;
    void this.#recheck().catch(error => {
      if (failedFor('no-container', error)) this.#end.reject(noContainerError(this.#name));
    });
  }

  async #recheck(): Promise<void> {
    await delay(healthDelayMs);
    this.#isHealthCheckDue = false;
    if (this.condition === 'healthy') return this.#checkHealth();
    const entries = await readContainers(this.#podman, true);
    const entry = entries.find(({ Id }) => shortId(Id) === this.id);
    return this.onState(entry && toState(entry));
  }
}

function noHealthCheckError(name: string): ApiError {
  return new ApiError('ConflictError', `The container ${name} has no health check: wait for another condition.`);
}
