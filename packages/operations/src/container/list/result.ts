import Joi from 'joi';
import { anyText, instant, listOf, shape, shortIdText, texts } from '../../schemas/shape.ts';
import { type Port, port } from '../published-ports.ts';

/** A container in a list, as in the response. */
export interface ListedContainer {
  readonly id: string;
  readonly name: string;
  readonly status: string;
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
}

/** Schema of `ListedContainer`. */
const listedContainer = shape<ListedContainer>('ListedContainer', {
  id: shortIdText(),
  name: anyText(),
  status: Joi.string(),
  image: anyText(),
  command: listOf(anyText()).description("The words after those of the entrypoint: the create's, or else the image's."),
  created: instant(),
  expires_at: instant().allow(null).description('When it is removed by force; null where it may stay.'),
  ports: listOf(port()),
  labels: texts(),
  node: Joi.string(),
  exit_code: Joi.number().integer().allow(null).description('Where it has ended.'),
});

/** Schema of the response. */
export const listedContainers = listOf(listedContainer);

/** Example for the OpenAPI document. */
export const exampleListed: ListedContainer = {
  id: '1f0c2a9b7d3e',
  name: 'web',
  status: 'running',
  image: 'docker.io/library/nginx:1.29',
  command: ['nginx', '-g', 'daemon off;'],
  created: '2026-01-05T09:30:00.000Z',
  expires_at: null,
  ports: [{ host_ip: '0.0.0.0', host_port: 8080, container_port: 80, protocol: 'tcp' }],
  labels: { team: 'ci' },
  node: 'local',
  exit_code: null,
};
