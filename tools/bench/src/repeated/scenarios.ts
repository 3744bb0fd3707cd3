import type { Host } from '../host.ts';
import type { LatencySummary, MeasuredCall } from '../latency-meter.ts';
import { createApiTarget } from '../targets/api.ts';
import { createCommandLineTarget } from '../targets/command-line.ts';
import { send } from '../targets/http.ts';
import { createPodmanServiceTarget } from '../targets/podman-service.ts';
import type { Floor } from './floor.ts';

/** An operation that is repeated on one target. */
export interface Scenario {
  readonly operation: string;
  readonly target: string;
  /** Calls in a round, of all callers together. */
  readonly calls: number;
  readonly call: MeasuredCall;
}

/** Latency of a scenario with a number of concurrent callers. */
export interface ScenarioResult extends Pick<Scenario, 'operation' | 'target'> {
  readonly callers: number;
  readonly latency: LatencySummary;
}

const execTrue = 'exec of `true`';
const wholeFile = 'file of 10 KiB, written atomically';
const firstExec = 'first exec in a container';
const listOf100 = 'list of 100 containers';

const api = 'this API';
const apiWithoutSessions = 'this API, EXEC_SESSIONS=0';
const commandLine = 'podman command line';
const service = "podman's service";

const fileContent = 'x'.repeat(10 * 1024);

/**
 * Returns the scenarios with commands and files in one container.
 * @param hostWithoutSessions host of the same API without exec sessions
 */
export async function containerScenarios(
  host: Host,
  hostWithoutSessions: Host,
  floor: Floor,
  container: string,
): Promise<readonly Scenario[]> {
  const own = createApiTarget(host.url, host.token);
  const targetWithoutSessions = createApiTarget(hostWithoutSessions.url, hostWithoutSessions.token);
  const line = createCommandLineTarget(host.env, host.file);
  const libpod = await createPodmanServiceTarget(host.socket);
  return [
    { operation: execTrue, target: api, calls: 300, call: () => own.exec(container) },
    { operation: execTrue, target: apiWithoutSessions, calls: 20, call: () => targetWithoutSessions.exec(container) },
    { operation: execTrue, target: commandLine, calls: 20, call: () => line.exec(container) },
    { operation: execTrue, target: service, calls: 20, call: () => libpod.exec(container) },
    { operation: execTrue, target: 'floor: runc exec', calls: 20, call: () => floor.runcExec() },
    { operation: execTrue, target: 'floor: a bare resident shell', calls: 300, call: caller => floor.shellCommand(caller) },
    { operation: wholeFile, target: api, calls: 100, call: writeFileCall(host, container) },
    { operation: wholeFile, target: apiWithoutSessions, calls: 20, call: writeFileCall(hostWithoutSessions, container) },
    { operation: wholeFile, target: commandLine, calls: 20, call: async () => line.wholeFile?.(container) },
  ];
}

/**
 * Returns the scenarios with the first command in each of some containers, which must not wait until a session is open.
 * @param hostWithoutSessions host of the same API without exec sessions
 */
export function firstExecScenarios(host: Host, hostWithoutSessions: Host, containers: readonly string[]): readonly Scenario[] {
  const calls = Math.floor(containers.length / 2);
  const execInEach = ({ url, token }: Host, names: readonly string[]) => {
    const target = createApiTarget(url, token);
    const remaining = names.values();
    return () => target.exec(remaining.next().value ?? '');
  };
  return [
    { operation: firstExec, target: api, calls, call: execInEach(host, containers.slice(0, calls)) },
    { operation: firstExec, target: apiWithoutSessions, calls, call: execInEach(hostWithoutSessions, containers.slice(calls, 2 * calls)) },
  ];
}

/** Returns the scenarios that list all containers of the host. */
export async function listScenarios(host: Host): Promise<readonly Scenario[]> {
  const own = createApiTarget(host.url, host.token);
  const line = createCommandLineTarget(host.env, host.file);
  const libpod = await createPodmanServiceTarget(host.socket);
  return [
    { operation: listOf100, target: api, calls: 1000, call: () => own.list() },
    { operation: listOf100, target: commandLine, calls: 20, call: () => line.list() },
    { operation: listOf100, target: service, calls: 40, call: () => libpod.list() },
  ];
}

function writeFileCall({ url, token }: Host, container: string): MeasuredCall {
  const { hostname, port } = new URL(url);
  const path = `/api/v1/containers/${container}/files`;
  const request = { hostname, port, method: 'POST', path, headers: { Authorization: `Bearer ${token}` } };
  return () => send(request, { dest_path: '/tmp/file', content: fileContent });
}
