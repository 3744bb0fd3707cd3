import Joi, { type ObjectSchema } from 'joi';
import { type EnvironmentInput, environment } from '../../schemas/environment.ts';
import { containerName, image, poolName } from '../../schemas/names.ts';
import { labels, nodeName } from '../../schemas/nodes.ts';
import { queryFlag } from '../../schemas/query.ts';
import type { CommandInput } from '../../schemas/text.ts';
import { ttl } from '../expiry/ttl.ts';
import { command } from './command.ts';
import { type CreateOptions, optionSchemas } from './options.ts';
import { type Ports, ports } from './port-mappings.ts';
import { type Volumes, volumes } from './volumes.ts';

/** Input of `POST /containers`. */
export interface CreateInput extends CreateOptions {
  readonly image: string;
  readonly name: string;
  readonly command?: CommandInput;
  readonly environment?: EnvironmentInput;
  readonly ports?: Ports;
  readonly volumes?: Volumes;
  /** Name of the node. Only the API uses this and the next field, to choose the node. */
  readonly node?: string;
  readonly node_selector?: Readonly<Record<string, string>>;
  /** Seconds after which it is removed by force. */
  readonly ttl?: number;
  /** Opens an exec session in the background right after the start. */
  readonly exec_ready?: boolean;
  /** Creates nothing, and returns the result of a dry run. */
  readonly dry_run?: boolean;
  /** Name of a pool. Only in a request to the API, which then runs `container.claim` instead. */
  readonly pool?: string;
}

/** Schemas of the fields of a new container, except its name, its options and its ttl. */
export const containerSchemas = {
  command: command(),
  environment: environment(),
  ports: ports(),
  volumes: volumes(),
  node: nodeName().description('The node for the container. Default: chosen by the API.'),
  node_selector: labels().description('Labels that the chosen node must have.'),
};

/** Schemas of all fields of a create, none of them required. */
export const createSchemas = {
  image: image().description('An image reference, or the id of an image. Required without `pool`.'),
  name: containerName().description('Required without `pool`. A container of a pool has a generated name without it.'),
  ...containerSchemas,
  ttl: ttl().description('Seconds until the container is removed by force.'),
  exec_ready: Joi.boolean().description(
    'Opens an exec session right after the start, so that the first exec is as fast as later ones. Default: true if containers of the image usually get an exec soon after their start.',
  ),
  pool: poolName().description('Takes a container of this pool, with `name`, `ttl` and `labels` only.'),
  dry_run: queryFlag().description('Creates nothing, and returns what the request would create.'),
  ...optionSchemas,
} satisfies Record<keyof CreateInput, Joi.Schema>;

/** Schema of `POST /containers` for the OpenAPI document; see `createInputFor`. */
export const createInput = Joi.object<CreateInput>(createSchemas);

const imageInput = Joi.object<CreateInput>({ ...createSchemas, image: image().required(), name: containerName().required() });

const { pool, name, ttl: ttlOfClaim, labels: labelsOfClaim, ...decidedByPool } = createSchemas;
const forbiddenWithPool = Joi.forbidden().messages({ 'any.unknown': '{{#label}} cannot be given with pool: the pool decides it' });
const poolInput = Joi.object<CreateInput>({
  pool: pool.required(),
  name,
  ttl: ttlOfClaim,
  labels: labelsOfClaim,
  ...Object.fromEntries(Object.keys(decidedByPool).map(field => [field, forbiddenWithPool])),
});

/** Returns the schema of a request: with `pool` it may have a name, a ttl and labels, otherwise it needs an image and a name. */
export function createInputFor(given: object): ObjectSchema<CreateInput> {
  return 'pool' in given ? poolInput : imageInput;
}
