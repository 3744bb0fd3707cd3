import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startChild } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { findDockerCompose } from '@podman-api/testing/docker-compose';
import { connectDocker, readStream } from './clients.ts';
import { createDockerCli, type DockerCli } from './docker-cli.ts';

/** A service with tokens, as a client reaches it. */
export interface PolicyTarget {
  /** URL of the API. */
  readonly url: string;
  /** URL of the Docker-compatible API. */
  readonly dockerUrl: string;
  readonly token: string;
}

/** What a client has printed or thrown. */
export interface ClientEnd {
  readonly isSuccess: boolean;
  readonly output: string;
}

/** What the container is made of. */
interface Reader {
  readonly image: string;
  /** Folder of the host that is mounted at `/data`. */
  readonly folder: string;
  /** Value of the label `policy`. */
  readonly label: string;
}

/** Runs `cat /data/which` in a new container, and removes the container. */
type ReadMounted = (target: PolicyTarget, reader: Reader) => Promise<ClientEnd>;

const file = '/data/which';
const program = fileURLToPath(new URL('../../../../packages/client/bin/podman-api.mjs', import.meta.url));
const script = fileURLToPath(new URL('testcontainers-mount-script.ts', import.meta.url));

/** Each client of the Docker-compatible API, unmodified. */
export const policyClients: Readonly<Record<string, ReadMounted>> = {
  'the docker command': (target, { image, folder, label }) =>
    withDockerCli(target, docker =>
      docker.run('run', '--rm', '--label', `policy=${label}`, '--volume', `${folder}:/data`, image, 'cat', file),
    ),
  dockerode: readByDockerode,
  'testcontainers-node behind podman-api proxy': readByTestcontainers,
  'docker compose': (target, reader) => withDockerCli(target, docker => readByCompose(docker, reader)),
};

/** Runs Docker's command line with the token in its settings. */
async function withDockerCli(
  { dockerUrl, token }: PolicyTarget,
  run: (docker: DockerCli) => ReturnType<DockerCli['run']>,
): Promise<ClientEnd> {
  const docker = createDockerCli(dockerUrl);
  mkdirSync(join(docker.folder, '.docker'));
  writeFileSync(join(docker.folder, '.docker/config.json'), JSON.stringify({ HttpHeaders: { Authorization: `Bearer ${token}` } }));
  try {
    const { code, stdout, stderr } = await run(docker);
    return { isSuccess: code === 0, output: stdout + stderr };
  } finally {
    docker.stop();
  }
}

async function readByCompose(docker: DockerCli, { image, folder, label }: Reader): ReturnType<DockerCli['run']> {
  const plugins = join(docker.folder, '.docker/cli-plugins');
  mkdirSync(plugins, { recursive: true });
  symlinkSync(findDockerCompose() ?? '', join(plugins, 'docker-compose'));
  const volumes = [{ type: 'bind', source: folder, target: '/data' }];
  const services = { reader: { image, command: ['cat', file], labels: { policy: label }, volumes } };
  writeFileSync(join(docker.folder, 'compose.yaml'), JSON.stringify({ services }));
  const compose = ['compose', '--project-name', uniqueContainerName(), '--file', join(docker.folder, 'compose.yaml')];
  const result = await docker.run(...compose, 'up', '--no-color', '--exit-code-from', 'reader');
  await docker.run(...compose, 'down', '--timeout', '0');
  return result;
}

async function readByDockerode({ dockerUrl, token }: PolicyTarget, { image, folder, label }: Reader): Promise<ClientEnd> {
  const docker = connectDocker(dockerUrl, token);
  try {
    const container = await docker.createContainer({
      Image: image,
      name: uniqueContainerName(),
      Cmd: ['cat', file],
      Labels: { policy: label },
      HostConfig: { Binds: [`${folder}:/data`] },
    });
    await container.start();
    await container.wait();
    const { stdout } = await readStream(docker, await container.logs({ follow: false, stdout: true, stderr: true }));
    await container.remove();
    return { isSuccess: true, output: stdout };
  } catch (error) {
    return { isSuccess: false, output: String(error) };
  }
}

async function readByTestcontainers({ url, token }: PolicyTarget, { image, folder, label }: Reader): Promise<ClientEnd> {
  const child = startChild(process.execPath, [program, 'proxy', '--', process.execPath, script, image, folder, label], {
    PODMAN_API_URL: url,
    PODMAN_API_TOKEN: token,
  });
  return { isSuccess: (await child.ended) === 0, output: child.output() };
}
