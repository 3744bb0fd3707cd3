import Joi, { type ObjectSchema } from 'joi';
import { boundedMap, boundedText } from '../../schemas/bounds.ts';
import { readableBy, UnreadableValue } from '../../schemas/readable-by.ts';

/** Limits of processes by their names, with the forms of Compose: one number, or a soft and a hard one; -1 is no limit. */
export type Ulimits = Readonly<Record<string, number | { readonly soft: number; readonly hard: number }>>;

/**
 * Limits that podman knows (setrlimit(2)), except `nice`, `rtprio` and `rttime`: a process that may raise its own priority can take
 * the processors from the host.
 */
const names = ['core', 'cpu', 'data', 'fsize', 'locks', 'memlock', 'msgqueue', 'nofile', 'nproc', 'rss', 'sigpending', 'stack'] as const;

/** Returns the schema of ulimits: `{"nofile": 1024}` or `{"nofile": {"soft": 1024, "hard": 2048}}`. */
export function ulimits(): ObjectSchema<Ulimits> {
  const limit = Joi.number().integer().min(-1);
  const limits = Joi.alternatives(limit, Joi.object({ soft: limit.required(), hard: limit.required() })).messages({
    'alternatives.types': '{{#label}} must be a number such as 1024, or an object such as \\{"soft": 1024, "hard": 2048\\}',
    'alternatives.match': '{{#label}} must be a number such as 1024, or an object such as \\{"soft": 1024, "hard": 2048\\}',
  });
  return boundedMap(names.length, boundedText(20).valid(...names), limits)
    .custom(readableBy(ulimitArguments))
    .messages({
      'object.base': '{{#label}} must be an object, such as \\{"nofile": 1024\\}',
      'object.unknown': `{{#label}} is not a limit that can be set; choose from ${names.join(', ')}`,
    })
    .description('`{"nofile": 1024}` or `{"nofile": {"soft": 1024, "hard": 2048}}`; -1 is no limit.');
}

/**
 * Returns podman's `--ulimit` for each limit.
 * @throws UnreadableValue for a soft limit above the hard one
 */
export function ulimitArguments(given: Ulimits): string[] {
  return Object.entries(given).map(([name, value]) => {
    const { soft, hard } = typeof value === 'number' ? { soft: value, hard: value } : value;
    if (hard !== -1 && (soft === -1 || soft > hard)) throw new UnreadableValue(`${name}: the soft limit must not be above the hard limit`);
    return `--ulimit=${name}=${soft}:${hard}`;
  });
}
