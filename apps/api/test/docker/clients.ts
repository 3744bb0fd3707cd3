import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { finished } from 'node:stream/promises';
import Docker from 'dockerode';

/** Returns a client of a Docker-compatible API. @param url `http://…` or `unix://…` */
export function connectDocker(url: string, token?: string): Docker {
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  if (url.startsWith('unix://')) return new Docker({ socketPath: url.slice('unix://'.length), headers });
  const { hostname, port } = new URL(url);
  return new Docker({ host: hostname, port: Number(port), protocol: 'http', headers });
}

/** Content of a stream of frames. */
interface Streams {
  readonly stdout: string;
  readonly stderr: string;
}

/** Reads a stream of frames to its end. */
export async function readStream(docker: Docker, source: NodeJS.ReadableStream | Buffer): Promise<Streams> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const stream = Buffer.isBuffer(source) ? PassThrough.from([source]) : source;
  docker.modem.demuxStream(stream, stdout, stderr);
  const texts = Promise.all([text(stdout), text(stderr)]);
  await finished(stream, { writable: false });
  stdout.end();
  stderr.end();
  const [out, err] = await texts;
  return { stdout: out, stderr: err };
}

/** Runs a command in a container as testcontainers-node does. */
export async function execIn(
  docker: Docker,
  container: Docker.Container,
  options: Docker.ExecCreateOptions,
): Promise<Streams & { readonly exitCode: number | null }> {
  const exec = await container.exec({ AttachStdout: true, AttachStderr: true, ...options });
  const stream = await exec.start({ stdin: true, Detach: false, Tty: false });
  const streams = await readStream(docker, stream);
  return { ...streams, exitCode: (await exec.inspect()).ExitCode };
}
