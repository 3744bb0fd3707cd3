import Joi from 'joi';
import { image } from '../../schemas/names.ts';
import { labels } from '../../schemas/nodes.ts';
import { type CreateInput, createSchemas } from './input.ts';

/** The containers of a pool: the fields of a create, without a name and other fields that are set when a container is claimed. */
export type PoolSpecification = Omit<CreateInput, RefusedField> & { readonly [Field in RefusedField]?: never };

type RefusedField = 'name' | 'ttl' | 'node' | 'node_selector' | 'dry_run' | 'exec_ready' | 'pool';

/** A pool, as callers declare it. */
export interface PoolDeclaration {
  /** Idle containers that each node keeps. */
  readonly size: number;
  /** Idle containers are replaced after this time; default: never. */
  readonly max_idle_seconds?: number;
  /** Labels of the nodes that keep containers; default: all nodes. */
  readonly node_selector?: Readonly<Record<string, string>>;
  readonly container: PoolSpecification;
}

/** Each idle container has its processes and, with exec sessions, about 8 MiB for its session. */
const maxSize = 1000;
/** Shorter than that, a node would do nothing but replace containers. */
const minIdleSeconds = 60;
/** A year. */
const maxIdleSeconds = 31_536_000;

const decidedLater = Joi.forbidden().messages({
  'any.unknown': '{{#label}} cannot be given here: it is decided when a container is claimed',
});
const chosenBySelector = Joi.forbidden().messages({ 'any.unknown': '{{#label}} cannot be given here: use node_selector of the pool' });

/** Schema of the containers of a pool. */
export const poolSpecification = Joi.object<PoolSpecification>({
  ...createSchemas,
  image: image().required(),

  name: decidedLater,
  ttl: decidedLater,
  dry_run: decidedLater,
  exec_ready: decidedLater,
  pool: decidedLater,
  node: chosenBySelector,
  node_selector: chosenBySelector,
});

/** Schema of a pool. */
export const poolDeclaration = Joi.object<PoolDeclaration>({
  size: Joi.number().integer().min(0).max(maxSize).required().description('Idle containers that each matching node keeps.'),
  max_idle_seconds: Joi.number()
    .integer()
    .min(minIdleSeconds)
    .max(maxIdleSeconds)
    .description('Idle containers are replaced after this time. Default: never.'),
  node_selector: labels().description('Labels of the nodes that keep containers. Default: all nodes.'),
  container: poolSpecification
    .required()
    .description('Fields of `POST /containers` without `name`, `ttl`, `node`, `node_selector`, `exec_ready` and `dry_run`.'),
});
