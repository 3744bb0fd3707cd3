import { randomBytes } from 'node:crypto';
import { invalidField } from '@podman-api/errors';
import { type DockerCreateInput, podmanNetworkName } from '@podman-api/operations';
import type { BodyReader } from '../body-reader.ts';
import { omitUndefined } from '../omit-undefined.ts';
import { notImplemented } from '../route.ts';
import { readHealthcheck } from './healthcheck.ts';
import { readMounts } from './mounts.ts';

/** Fields that only affect the client itself; dockerode repeats the query in the body. */
const clientFields = ['AttachStdin', 'AttachStdout', 'AttachStderr', 'StdinOnce', 'ArgsEscaped', 'OnBuild', 'name', 'platform'];
const hostClientFields = ['ContainerIDFile', 'ConsoleSize'];

/**
 * Translates the body of Docker's create.
 * @param name the query parameter `name`; default: one is generated
 * @throws ApiError (400) for a field that cannot be read, (501) for one that is not supported
 */
export function readCreateBody(body: BodyReader, name: string | undefined, platform: string | undefined): DockerCreateInput {
  const image = body.string('Image');
  if (image === undefined) throw invalidField('Image', 'Image is missing: name the image of the container.');
  const host = body.object('HostConfig');
  body.ignore(...clientFields);
  const network = readNetwork(body, host);
  const options = omitUndefined({
    platform,
    command: nonEmpty(body.strings('Cmd')),
    entrypoint: readEntrypoint(body.strings('Entrypoint')),
    environment: readEnvironment(body.strings('Env') ?? []),
    labels: body.stringMap('Labels'),
    user: body.string('User'),
    work_dir: body.string('WorkingDir'),
    hostname: body.string('Hostname'),
    stop_signal: body.string('StopSignal'),
    stop_timeout: body.number('StopTimeout'),
    tty: body.flag('Tty') || undefined,
    stdin_open: body.flag('OpenStdin') || undefined,
    expose: nonEmpty(body.object('ExposedPorts').names.map(withProtocol)),
    healthcheck: readHealthcheck(body.object('Healthcheck')),
    ...readHost(host),
    ...network,
    volumes: readMounts(body, host),
  });
  body.finish();
  return {
    image,
    name: name?.replace(/^\//, '') ?? `docker-${randomBytes(6).toString('hex')}`,
    pull_policy: 'never',
    ...options,
  };
}

function readHost(host: BodyReader) {
  host.ignore(...hostClientFields);
  host.ignoreValues('MemorySwappiness', -1);
  host.ignoreValues('CgroupnsMode', 'private');
  host.ignoreValues('IpcMode', 'private', 'shareable');
  host.ignoreValues('Isolation', 'default');
  host.object('LogConfig').ignoreValues('Type', 'json-file', 'local', 'k8s-file');
  if (host.flag('Privileged'))
    throw notImplemented('HostConfig.Privileged', 'add single capabilities with CapAdd, as far as the policy allows');
  const cpus = host.number('NanoCpus');
  const restart = host.object('RestartPolicy');
  const restartName = restart.string('Name') ?? 'no';
  const times = restart.number('MaximumRetryCount');
  return {
    auto_remove: host.flag('AutoRemove') || undefined,
    publish_all: host.flag('PublishAllPorts') || undefined,
    ports: readPorts(host.object('PortBindings')),
    restart_policy: restartName === 'no' ? undefined : `${restartName}${times === undefined ? '' : `:${times}`}`,
    memory: host.number('Memory'),
    cpus: cpus === undefined ? undefined : cpus / 1e9,
    pids_limit: host.number('PidsLimit'),
    cap_add: nonEmpty(host.strings('CapAdd')),
    cap_drop: nonEmpty(host.strings('CapDrop')),
    read_only: host.flag('ReadonlyRootfs') || undefined,
    tmpfs: host.stringMap('Tmpfs'),
    init: host.flag('Init') || undefined,
    shm_size: host.number('ShmSize'),
    ulimits: readUlimits(host.objects('Ulimits')),
    extra_hosts: nonEmpty(host.strings('ExtraHosts')),
    dns: nonEmpty(host.strings('Dns')),
    runtime: host.string('Runtime'),
  };
}

/** Returns the container's network, and its names in that network. */
function readNetwork(body: BodyReader, host: BodyReader) {
  const mode = host.string('NetworkMode');
  const endpoints = body.object('NetworkingConfig').object('EndpointsConfig');
  const [named, ...others] = endpoints.names;
  if (others.length > 0)
    throw notImplemented('NetworkingConfig.EndpointsConfig with several networks', 'connect the container to the others afterwards');
  const endpoint = named === undefined ? undefined : endpoints.object(named);
  const isDefaultMode = mode === undefined || mode === 'default' || mode === 'bridge';
  const network = isDefaultMode && named !== undefined && named !== 'bridge' && named !== 'default' ? named : mode;
  endpoint?.ignore('NetworkID', 'EndpointID');
  const aliases = nonEmpty(endpoint?.strings('Aliases'));
  return {
    network: network === undefined || network === 'default' || network === 'bridge' ? undefined : podmanNetworkName(network),
    network_aliases: aliases,
  };
}

/** Reads `{"80/tcp": [{"HostIp": "", "HostPort": "8080"}]}`; without a port, podman chooses one. */
function readPorts(bindings: BodyReader): readonly string[] | undefined {
  return nonEmpty(
    bindings.names.flatMap(port => {
      const hosts = bindings.objects(port);
      const read = hosts.map(host => {
        const address = host.string('HostIp');
        const ip = address?.includes(':') ? `[${address}]` : address;
        const hostPort = host.string('HostPort');
        return `${ip === undefined ? '' : `${ip}:`}${hostPort === '0' ? '' : (hostPort ?? '')}:${withProtocol(port)}`;
      });
      return hosts.length === 0 ? [`:${withProtocol(port)}`] : read;
    }),
  );
}

function withProtocol(port: string): string {
  return port.includes('/') ? port : `${port}/tcp`;
}

function readUlimits(limits: readonly BodyReader[]): DockerCreateInput['ulimits'] {
  if (limits.length === 0) return undefined;
  return Object.fromEntries(
    limits.map(limit => [limit.string('Name') ?? '', { soft: limit.number('Soft') ?? 0, hard: limit.number('Hard') ?? 0 }]),
  );
}

/** Reads an entrypoint: `[""]` removes that of the image. */
function readEntrypoint(words: readonly string[] | undefined): DockerCreateInput['entrypoint'] {
  if (words === undefined || words.length === 0) return undefined;
  return words.length === 1 && words[0] === '' ? '' : words;
}

/** Reads `NAME=value`. A name alone, which removes a variable of the image, is refused. */
export function readEnvironment(variables: readonly string[]): Readonly<Record<string, string>> | undefined {
  if (variables.length === 0) return undefined;
  return Object.fromEntries(
    variables.map((variable, index) => {
      const [name = '', ...value] = variable.split('=');
      if (value.length === 0) throw invalidField(`Env.${index}`, `Env.${index} must have the form NAME=value.`);
      return [name, value.join('=')];
    }),
  );
}

function nonEmpty(list: readonly string[] | undefined): readonly string[] | undefined {
  return list === undefined || list.length === 0 ? undefined : list;
}
