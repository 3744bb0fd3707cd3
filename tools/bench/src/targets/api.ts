import { send } from './http.ts';
import { command, content, image, type Target } from './target.ts';

/** Creates a target that calls the API of this project. */
export function createApiTarget(url: string, token: string): Target {
  const { hostname, port } = new URL(url);
  const headers = { Authorization: `Bearer ${token}` };
  const call = (method: string, path: string, body?: object) =>
    send({ hostname, port, method, path: `/api/v1/containers${path}`, headers }, body);
  const file = (name: string) => call('POST', `/${name}/files`, { dest_path: '/tmp/file', content });
  const stop = (name: string) => call('POST', `/${name}/stop?timeout=0`);
  const remove = (name: string) => call('DELETE', `/${name}?force=true`);
  return {
    name: 'this API',
    create: name => call('POST', '', { image, name, command, network: 'none' }),
    start: name => call('POST', `/${name}/start`),
    stop,
    remove,
    end: name => stop(name).then(() => remove(name)),
    list: () => call('GET', ''),
    inspect: name => call('GET', `/${name}`),
    logs: name => call('GET', `/${name}/logs?tail=100`),
    exec: name => call('POST', `/${name}/exec`, { command: ['true'] }),
    file,
    wholeFile: file,
  };
}
