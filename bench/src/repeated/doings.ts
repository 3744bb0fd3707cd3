import type { Host } from '../host.ts';
import { api } from '../ways/api.ts';
import { commandLine } from '../ways/command-line.ts';
import { send } from '../ways/http.ts';
import { service } from '../ways/service.ts';
import type { Floor } from './floor.ts';

/** What is done again and again, in one way. */
export interface Doing {
  readonly what: string;
  readonly way: string;
  /** Calls in a turn, all callers together. */
  readonly calls: number;
  readonly call: (caller: number) => Promise<unknown>;
}

const exec = 'exec of `true`';
const file = 'file of 10 KiB, whole or not at all';
const first = 'first exec in a container';
const list = 'list of 100 containers';
const content = 'x'.repeat(10 * 1024);

/** Commands and files in one container. @param cold the same API without sessions */
export async function inContainer(host: Host, cold: Host, floor: Floor, name: string): Promise<readonly Doing[]> {
  const [ours, coldly, line, libpod] = [api(host.url, host.token), api(cold.url, cold.token), lineOf(host), await service(host.socket)];
  return [
    { what: exec, way: 'this API', calls: 300, call: () => ours.exec(name) },
    { what: exec, way: 'this API, EXEC_SESSIONS=0', calls: 20, call: () => coldly.exec(name) },
    { what: exec, way: 'podman command line', calls: 20, call: () => line.exec(name) },
    { what: exec, way: "podman's service", calls: 20, call: () => libpod.exec(name) },
    { what: exec, way: 'floor: runc exec', calls: 20, call: () => floor.runc() },
    { what: exec, way: 'floor: a bare resident shell', calls: 300, call: caller => floor.shell(caller) },
    { what: file, way: 'this API', calls: 100, call: put(host, name) },
    { what: file, way: 'this API, EXEC_SESSIONS=0', calls: 20, call: put(cold, name) },
    { what: file, way: 'podman command line', calls: 20, call: async () => line.wholeFile?.(name) },
  ];
}

/** The first command in each of some containers: what sessions are opened for must not wait for them. */
export function firstExecs(host: Host, cold: Host, names: readonly string[]): readonly Doing[] {
  const calls = Math.floor(names.length / 2);
  const half = (from: number, { url, token }: Host) => {
    const left = names.slice(from, from + calls);
    return () => api(url, token).exec(left.pop() ?? '');
  };
  return [
    { what: first, way: 'this API', calls, call: half(0, host) },
    { what: first, way: 'this API, EXEC_SESSIONS=0', calls, call: half(calls, cold) },
  ];
}

/** Lists of all containers of the host. */
export async function ofLists(host: Host): Promise<readonly Doing[]> {
  const [ours, line, libpod] = [api(host.url, host.token), lineOf(host), await service(host.socket)];
  return [
    { what: list, way: 'this API', calls: 1000, call: () => ours.list() },
    { what: list, way: 'podman command line', calls: 20, call: () => line.list() },
    { what: list, way: "podman's service", calls: 40, call: () => libpod.list() },
  ];
}

function lineOf({ env, file: path }: Host) {
  return commandLine(env, path);
}

function put({ url, token }: Host, name: string): () => Promise<unknown> {
  const { hostname, port } = new URL(url);
  const to = { hostname, port, method: 'POST', path: `/api/v1/containers/${name}/files`, headers: { Authorization: `Bearer ${token}` } };
  return () => send(to, { dest_path: '/tmp/file', content });
}
