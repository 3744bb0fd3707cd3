import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { images, startChild } from '@podman-api/testing';
import { uniqueContainerName, uniqueNetworkName, uniqueVolumeName } from '@podman-api/testing/containers';
import { findDockerCompose } from '@podman-api/testing/docker-compose';
import { connectDocker, execIn, readStream } from '../clients.ts';
import { createDockerCli, type DockerCli } from '../docker-cli.ts';
import type { RecordedContext } from './normalize.ts';
import type { RecordedClient } from './steps.ts';

/** The client of a script, and the names and ids that the script has used. */
interface ScriptResult extends RecordedContext {
  /** Name and version of the client. */
  readonly client: string;
}

const versionOf = (name: string): string => {
  const { version }: { readonly version: string } = createRequire(import.meta.url)(`${name}/package.json`);
  return version;
};

/** A conversation of each client with a Docker-compatible API at a URL, `http://…`. */
export const clientScripts: Readonly<Record<RecordedClient, (url: string) => Promise<ScriptResult>>> = {
  docker: runDockerCli,
  dockerode: runDockerode,
  'testcontainers-node': runTestcontainers,
  compose: runCompose,
};

/** Returns a shell command that waits for a file, so that a replay, which is faster than the client, gets the same responses. */
const waitFor = (file: string) => `until [ -e ${file} ]; do sleep 0.1; done`;

/** Creates a function that runs a command and throws if it fails in an unexpected way. */
const checked =
  (docker: DockerCli) =>
  async (args: readonly string[], { code: expected = 0, stdin = '' } = {}): Promise<string> => {
    const { code, stdout, stderr } = await docker.runWith(stdin, ...args);
    if (code !== expected) throw new Error(`docker ${args.join(' ')} exited with ${code}: ${stderr}`);
    return stdout.trim();
  };

async function runDockerCli(url: string): Promise<ScriptResult> {
  const docker = createDockerCli(url);
  const run = checked(docker);
  const [name, network, volume] = [uniqueContainerName(), uniqueNetworkName(), uniqueVolumeName()];
  try {
    const version = await run(['version', '--format', '{{.Client.Version}}']);
    await run(['run', '--rm', images.busybox, 'sh', '-c', 'echo out; echo err >&2; exit 5'], { code: 5 });
    await run(['run', '--rm', '-i', images.busybox, 'cat'], { stdin: 'hello\n' });
    await run(['network', 'create', '--label', 'team=ci', network]);
    await run(['volume', 'create', volume]);
    const flags = ['--label', 'team=ci', '-p', '80', '--network', network, '--network-alias', 'db', '-v', `${volume}:/data`];
    await run(['create', '--name', name, ...flags, images.busybox, 'sh', '-c', 'echo ready; exec sleep 300']);
    await run(['start', name]);
    await run(['ps', '--filter', `name=${name}`]);
    await run(['inspect', name]);
    await run(['exec', name, 'sh', '-c', 'echo out; echo err >&2; exit 3'], { code: 3 });
    await run(['exec', '-i', name, 'cat'], { stdin: 'hello\n' });
    await run(['exec', '-t', name, 'tty']);
    await run(['exec', name, 'no-such-program'], { code: 127 });
    writeFileSync(join(docker.folder, 'in.txt'), 'hello\n');
    await run(['cp', join(docker.folder, 'in.txt'), `${name}:/tmp/copied.txt`]);
    await run(['cp', `${name}:/tmp/copied.txt`, join(docker.folder, 'out.txt')]);
    await run(['stop', '--time', '0', name]);
    await run(['logs', name]);
    await run(['wait', name]);
    await run(['rm', name]);
    await run(['inspect', '--type=container', name], { code: 1 });
    await run(['network', 'rm', network]);
    await run(['volume', 'rm', volume]);
    return { client: `docker ${version}`, names: [name, network, volume], folder: docker.folder };
  } finally {
    docker.stop();
  }
}

async function runDockerode(url: string): Promise<ScriptResult> {
  const docker = connectDocker(url);
  const name = uniqueContainerName();
  await docker.version();
  await docker.info();
  await docker.getImage(images.busybox).inspect();
  const container = await docker.createContainer({
    Image: images.busybox,
    name,
    Cmd: ['sh', '-c', 'echo out; echo err >&2; read line; echo "got $line"; touch /tmp/got; exec sleep 300'],
    Env: ['GREETING=hi'],
    Labels: { team: 'ci' },
    OpenStdin: true,
    HostConfig: { NetworkMode: 'none', AutoRemove: true },
  });
  await container.inspect();
  const attached = await container.attach({ stream: true, hijack: true, stdin: true, stdout: true, stderr: true });
  const removed = container.wait({ condition: 'removed' });
  await container.start();
  await docker.listContainers({ filters: { name: [name] } });
  const log = await container.logs({ follow: true, stdout: true, stderr: true });
  attached.write('hello\n');
  await execIn(docker, container, { Cmd: ['sh', '-c', `${waitFor('/tmp/got')}; echo out; echo err >&2; exit 3`] });
  await container.kill();
  await Promise.all([readStream(docker, attached), readStream(docker, log), removed]);
  await container.inspect().catch(() => {});
  await docker.createContainer({ Image: 'localhost/podman-api/no-such-image' }).catch(() => {});
  await docker.createContainer({ Image: images.busybox, HostConfig: { Privileged: true } }).catch(() => {});
  return { client: `dockerode ${versionOf('dockerode')}`, names: [name] };
}

async function runTestcontainers(url: string): Promise<ScriptResult> {
  const name = uniqueContainerName();
  const script = fileURLToPath(new URL('testcontainers-script.ts', import.meta.url));
  const child = startChild(process.execPath, [script, images.busybox, name], {
    DOCKER_HOST: url.replace(/^http:/, 'tcp:'),
    TESTCONTAINERS_RYUK_DISABLED: 'true',
  });
  const code = await child.ended;
  if (code !== 0) throw new Error(`testcontainers-node exited with ${code}: ${child.output()}`);
  return { client: `testcontainers-node ${versionOf('testcontainers')}`, names: [name] };
}

const composeFile = `
services:
  db:
    image: ${images.busybox}
    command: sh -c 'echo from-db; touch /tmp/said; exec sleep 300'
    volumes: [data:/data]
    networks: { back: { aliases: [database] } }
  web:
    image: ${images.busybox}
    command: sleep 300
    depends_on: [db]
    networks: [back]
    ports: ["80"]
networks: { back: {} }
volumes: { data: {} }
`;

async function runCompose(url: string): Promise<ScriptResult> {
  const docker = createDockerCli(url);
  const run = checked(docker);
  const project = uniqueContainerName();
  const plugins = join(docker.folder, '.docker/cli-plugins');
  mkdirSync(plugins, { recursive: true });
  symlinkSync(findDockerCompose() ?? '', join(plugins, 'docker-compose'));
  writeFileSync(join(docker.folder, 'compose.yaml'), composeFile);
  const compose = ['compose', '--project-name', project, '--file', join(docker.folder, 'compose.yaml')];
  try {
    await run([...compose, 'up', '--detach']);
    await run([...compose, 'ps']);
    await run([...compose, 'exec', '-T', 'db', 'sh', '-c', `${waitFor('/tmp/said')}; echo out; exit 3`], { code: 3 });
    // The log of a stopped container is complete.
    await run([...compose, 'stop', '--timeout', '0', 'db']);
    await run([...compose, 'logs', '--no-color', 'db']);
    await run([...compose, 'down', '--volumes', '--timeout', '0']);
    const client = await run(['compose', 'version', '--short']);
    return { client: `docker compose ${client}`, names: [project], folder: docker.folder };
  } finally {
    docker.stop();
  }
}
