import Joi from 'joi';
import { anyText, count, instant, listOf, shape, shortIdText, texts } from '../../schemas/shape.ts';
import { port } from '../create/ports.ts';
import { exampleListed } from '../list/shape.ts';
import type { ContainerDetails } from './details.ts';

/** What is told of a container, as it is answered. */
export const containerDetails = shape<ContainerDetails>('ContainerDetails', {
  id: shortIdText(),
  name: Joi.string(),
  status: Joi.string(),
  image: anyText(),
  image_id: anyText(),
  command: listOf(anyText()).description("The words after those of the entrypoint: the create's, or else the image's."),
  entrypoint: listOf(anyText()),
  created: instant(),
  expires_at: instant().allow(null).description('When it is removed by force; null where it may stay.'),
  started: instant().allow(null),
  finished: instant().allow(null),
  exit_code: Joi.number().integer().allow(null).description('Where it has ended.'),
  oom_killed: Joi.boolean(),
  restart_count: count(),
  environment: texts().description('Values are masked but for those of variables that hold no secret.'),
  ports: listOf(port()),
  volumes: listOf(
    shape<ContainerDetails['volumes'][number]>('Mount', {
      type: Joi.string(),
      name: Joi.string().allow(null),
      target: Joi.string(),
      mode: Joi.valid('ro', 'rw'),
    }),
  ).description('Where folders of the host are is not told.'),
  networks: texts().description("Networks and the container's address in each."),
  labels: texts(),
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

const { ports, labels, node, command, ...listed } = exampleListed;

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
