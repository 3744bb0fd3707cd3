import { ApiError } from '@podman-api/errors';
import manifest from '../../../package.json' with { type: 'json' };
import type { DockerRoute } from '../route.ts';
import { apiVersion, minApiVersion } from '../versions.ts';

const ping: DockerRoute = {
  method: 'GET',
  path: '/_ping',
  handle({ ctx }) {
    ctx.set({
      'Builder-Version': '1',
      'Docker-Experimental': 'false',
      'Cache-Control': 'no-cache, no-store, must-revalidate',
      Pragma: 'no-cache',
    });
    ctx.type = 'text/plain';
    ctx.body = 'OK';
  },
};

/** Go's name of an architecture, which Docker's clients expect. */
const architectures: Readonly<Record<string, string>> = { x64: 'amd64' };

const version: DockerRoute = {
  method: 'GET',
  path: '/version',
  handle({ ctx, parts: { fleet } }) {
    const [node] = fleet.nodes.values();
    ctx.body = {
      Platform: { Name: 'podman-api' },
      Version: manifest.version,
      ApiVersion: apiVersion,
      MinAPIVersion: minApiVersion,
      Os: 'linux',
      Arch: architectures[node?.arch ?? ''] ?? node?.arch ?? 'amd64',
      GitCommit: '',
      GoVersion: '',
      KernelVersion: '',
      Components: [{ Name: 'Podman', Version: node?.podman_version ?? '', Details: {} }],
    };
  },
};

/** Describes the fleet as one host, with the sums over its nodes. */
const info: DockerRoute = {
  method: 'GET',
  path: '/info',
  handle({ ctx, parts: { fleet } }) {
    const nodes = [...fleet.nodes.values()].filter(({ status }) => status !== 'offline');
    if (nodes.length === 0) throw new ApiError('ServiceUnavailableError', 'No node has a worker: start one, and try again.');
    const sum = (read: (node: (typeof nodes)[number]) => number) => nodes.reduce((total, node) => total + read(node), 0);
    const [first] = nodes;
    ctx.body = {
      ID: 'podman-api',
      Name: nodes.map(({ name }) => name).join(','),
      ServerVersion: manifest.version,
      OperatingSystem: `podman-api (${nodes.length} nodes)`,
      OSType: 'linux',
      Architecture: first?.arch === 'x64' ? 'x86_64' : first?.arch,
      KernelVersion: '',
      NCPU: sum(({ cpus }) => cpus),
      MemTotal: sum(({ memory }) => memory),
      Containers: sum(({ containers }) => containers ?? 0),
      Driver: 'overlay',
      DriverStatus: [],
      IndexServerAddress: 'https://index.docker.io/v1/',
      RegistryConfig: { IndexConfigs: {}, InsecureRegistryCIDRs: [], Mirrors: [] },
      Runtimes: {},
      DefaultRuntime: '',
      Labels: [],
      Plugins: { Volume: ['local'], Network: ['bridge'], Log: [] },
      Swarm: { LocalNodeState: 'inactive' },
      SecurityOptions: [],
      Warnings: null,
      ExperimentalBuild: false,
    };
  },
};

/** The routes that describe the service. */
export const systemRoutes: readonly DockerRoute[] = [ping, version, info];
