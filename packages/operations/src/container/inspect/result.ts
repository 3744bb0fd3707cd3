import Joi from 'joi';
import { anyText, count, instant, listOf, shape, shortIdText, stringMap } from '../../schemas/shape.ts';
import { type ContainerHealth, health } from '../health.ts';
import { exampleListed } from '../list/result.ts';
import { type Port, port } from '../published-ports.ts';

/** Details of a container, as in the response. */
export interface ContainerDetails {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly health: ContainerHealth;
  readonly image: string;
  readonly image_id: string;
  /** The words after those of the entrypoint, as a create gives them. */
  readonly command: readonly string[];
  readonly entrypoint: readonly string[];
  readonly created: string;
  /** When it is removed by force; `null` if it has no ttl. */
  readonly expires_at: string | null;
  readonly started: string | null;
  readonly finished: string | null;
  /** `null` unless it has exited. */
  readonly exit_code: number | null;
  readonly oom_killed: boolean;
  readonly restart_count: number;
  /** Values are masked, except those of a few variables that hold no secret. */
  readonly environment: Readonly<Record<string, string>>;
  readonly ports: readonly Port[];
  /** Without the paths of the host's folders, which callers must not learn. */
  readonly volumes: readonly { readonly type: string; readonly name: string | null; readonly target: string; readonly mode: 'ro' | 'rw' }[];
  readonly networks: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly user: string;
  readonly work_dir: string;
  readonly hostname: string;
  readonly restart_policy: string;
  readonly read_only: boolean;
  /** Bytes; 0 is no limit, as for the next two. */
  readonly memory: number;
  readonly cpus: number;
  readonly pids_limit: number;
  readonly cap_add: readonly string[];
  readonly cap_drop: readonly string[];
  readonly node: string;
}

/** Schema of `ContainerDetails`. */
export const containerDetails = shape<ContainerDetails>('ContainerDetails', {
  id: shortIdText(),
  name: Joi.string(),
  status: Joi.string(),
  health: health(),
  image: anyText(),
  image_id: anyText(),
  command: listOf(anyText()).description("Arguments after the entrypoint: those of the create request, else the image's."),
  entrypoint: listOf(anyText()),
  created: instant(),
  expires_at: instant().allow(null).description('When the container is removed by force; null if never.'),
  started: instant().allow(null),
  finished: instant().allow(null),
  exit_code: Joi.number().integer().allow(null).description('The exit code, if the container has exited.'),
  oom_killed: Joi.boolean(),
  restart_count: count(),
  environment: stringMap().description('Values are masked, except those of variables that hold no secret.'),
  ports: listOf(port()),
  volumes: listOf(
    shape<ContainerDetails['volumes'][number]>('Mount', {
      type: Joi.string(),
      name: Joi.string().allow(null),
      target: Joi.string(),
      mode: Joi.valid('ro', 'rw'),
    }),
  ).description('Paths of the host are not included.'),
  networks: stringMap().description("Networks and the container's address in each."),
  labels: stringMap(),
  user: anyText(),
  work_dir: anyText(),
  hostname: anyText(),
  restart_policy: Joi.string(),
  read_only: Joi.boolean(),
  memory: count().description('Bytes; 0 is no limit.'),
  cpus: Joi.number().min(0).description('0 is no limit.'),
  pids_limit: count().description('0 is no limit.'),
  cap_add: listOf(Joi.string()),
  cap_drop: listOf(Joi.string()),
  node: Joi.string(),
});

const { ports, labels, node, command, truncated: _, ...listed } = exampleListed;

/** Example for the OpenAPI document. */
export const exampleDetails: ContainerDetails = {
  ...listed,
  image_id: '9c1b6dd6c1e6',
  command,
  entrypoint: ['/docker-entrypoint.sh'],
  started: '2026-01-05T09:30:01.000Z',
  finished: null,
  oom_killed: false,
  restart_count: 0,
  environment: { PATH: '/usr/local/bin:/usr/bin:/bin', API_KEY: '***' },
  ports,
  volumes: [{ type: 'volume', name: 'site', target: '/usr/share/nginx/html', mode: 'ro' }],
  networks: { podman: '10.88.0.2' },
  labels,
  user: '',
  work_dir: '/',
  hostname: '1f0c2a9b7d3e',
  restart_policy: 'no',
  read_only: false,
  memory: 0,
  cpus: 0,
  pids_limit: 2048,
  cap_add: [],
  cap_drop: [],
  node,
};
