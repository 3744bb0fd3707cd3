import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { send } from './http.ts';
import { command, content, image, type Target } from './target.ts';

/** Creates a target that calls podman's own REST service. */
export async function createPodmanServiceTarget(socketPath: string): Promise<Target> {
  const call = (method: string, path: string, body?: object | Uint8Array) =>
    send({ socketPath, method, path: `/v4.0.0/libpod${path}` }, body);
  const archive = pack();
  archive.entry({ name: 'file' }, content);
  archive.finalize();
  const tar = await buffer(archive);
  const parseId = (response: Buffer): string => {
    const { Id }: { Id: string } = JSON.parse(response.toString());
    return Id;
  };
  const stop = (name: string) => call('POST', `/containers/${name}/stop?timeout=0`);
  const remove = (name: string) => call('DELETE', `/containers/${name}?force=true&timeout=0&v=true`);
  return {
    name: "podman's service",
    async create(name) {
      await call('POST', '/containers/create', { image, name, command, netns: { nsmode: 'none' } });
      await call('POST', `/containers/${name}/start`);
    },
    start: name => call('POST', `/containers/${name}/start`),
    stop,
    remove,
    end: name => stop(name).then(() => remove(name)),
    list: () => call('GET', '/containers/json?all=true'),
    inspect: name => call('GET', `/containers/${name}/json`),
    logs: name => call('GET', `/containers/${name}/logs?stdout=true&stderr=true&tail=100`),
    async exec(name) {
      const id = parseId(await call('POST', `/containers/${name}/exec`, { Cmd: ['true'], AttachStdout: true, AttachStderr: true }));
      await startExec(socketPath, `/v4.0.0/libpod/exec/${id}/start`);
      const { ExitCode, Running }: { ExitCode: number; Running: boolean } = JSON.parse((await call('GET', `/exec/${id}/json`)).toString());
      if (Running || ExitCode !== 0) throw new Error(`exec: ${ExitCode}`);
    },
    file: name => call('PUT', `/containers/${name}/archive?path=/tmp`, tar),
  };
}

/** Starts an exec session and waits for its end: the service sends the output over the connection, then closes it. */
function startExec(socketPath: string, path: string): Promise<void> {
  const body = '{"Detach":false,"Tty":false}';
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    socket.resume();
    socket.on('end', () => socket.end());
    socket.on('close', () => resolve());
    socket.on('error', reject);
  });
}
