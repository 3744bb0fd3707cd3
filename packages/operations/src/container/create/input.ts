import Joi from 'joi';
import { type Environment, environment } from '../../schemas/environment.ts';
import { containerName, image } from '../../schemas/names.ts';
import { labels, nodeName } from '../../schemas/nodes.ts';
import { queryFlag } from '../../schemas/query.ts';
import type { Command } from '../../schemas/text.ts';
import { ttl } from '../expiry/ttl.ts';
import { command } from './command.ts';
import { type CreateOptions, optionSchemas } from './options.ts';
import { type Ports, ports } from './port-mappings.ts';
import { type Volumes, volumes } from './volumes.ts';

export interface CreateInput extends CreateOptions {
  readonly image: string;
  readonly name: string;
  readonly command?: Command;
  readonly environment?: Environment;
  readonly ports?: Ports;
  readonly volumes?: Volumes;
  /** Name of the node. Only the API uses this and the next field, to choose the node. */
  readonly node?: string;
  readonly node_selector?: Readonly<Record<string, string>>;
  /** Seconds after which it is removed by force. */
  readonly ttl?: number;
  /** Creates nothing, and returns what a create would do. */
  readonly dry_run?: boolean;
}

/** Schemas of the fields of a new container, beside its name, its options and its ttl. */
export const containerSchemas = {
  command: command(),
  environment: environment(),
  ports: ports(),
  volumes: volumes(),
  node: nodeName().description('The node for the container. Default: chosen by the API.'),
  node_selector: labels().description('Labels that the chosen node must have.'),
};

/** Schema of `POST /containers`. */
export const createInput = Joi.object<CreateInput>({
  image: image().required(),
  name: containerName().required(),
  ...containerSchemas,
  ttl: ttl().description('Seconds until the container is removed by force.'),
  dry_run: queryFlag().description('Creates nothing, and returns what the request would create.'),
  ...optionSchemas,
});
