import Joi from 'joi';
import { anyText, instant, listOf, shape, shortIdText, stringMap } from '../../schemas/shape.ts';
import { type ContainerHealth, health } from '../health.ts';
import { type Port, port } from '../published-ports.ts';

/** A container in a list, as in the response. */
export interface ListedContainer {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly health: ContainerHealth;
  readonly image: string;
  readonly command: readonly string[];
  readonly created: string;
  /** When it is removed by force; `null` if it has no ttl. */
  readonly expires_at: string | null;
  readonly ports: readonly Port[];
  readonly labels: Readonly<Record<string, string>>;
  readonly node: string;
  /** `null` unless it has exited. */
  readonly exit_code: number | null;
  /** Whether its command, labels or ports are too large for a list and were left out. */
  readonly truncated: boolean;
}

/** Schema of `ListedContainer`. */
const listedContainer = shape<ListedContainer>('ListedContainer', {
  id: shortIdText(),
  name: anyText(),
  status: Joi.string(),
  health: health(),
  image: anyText(),
  command: listOf(anyText()).description("Arguments after the entrypoint: those of the create request, else the image's."),
  created: instant(),
  expires_at: instant().allow(null).description('When the container is removed by force; null if never.'),
  ports: listOf(port()),
  labels: stringMap(),
  node: Joi.string(),
  exit_code: Joi.number().integer().allow(null).description('The exit code, if the container has exited.'),
  truncated: Joi.boolean().description(
    'Whether its command, labels or ports are too large for a list and were left out; `GET /containers/:name` has them.',
  ),
});

/** Schema of the response. */
export const listedContainers = listOf(listedContainer);

/** Example for the OpenAPI document. */
export const exampleListed: ListedContainer = {
  id: '1f0c2a9b7d3e',
  name: 'web',
  status: 'running',
  health: 'none',
  image: 'docker.io/library/nginx:1.29',
  command: ['nginx', '-g', 'daemon off;'],
  created: '2026-01-05T09:30:00.000Z',
  expires_at: null,
  ports: [{ host_ip: '0.0.0.0', host_port: 8080, container_port: 80, protocol: 'tcp' }],
  labels: { team: 'ci' },
  node: 'local',
  exit_code: null,
  truncated: false,
};
