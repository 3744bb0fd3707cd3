import { isAbsolute } from 'node:path';
import Joi from 'joi';
import { readableBy } from '../../schemas/readable-by.ts';

/** A folder of the host or a named volume in the container. */
export interface Volume {
  /** An absolute path of the host, or a volume's name. */
  readonly source: string;
  readonly target: string;
  readonly mode: 'ro' | 'rw';
}

type Target = string | { readonly bind: string; readonly mode?: string };

/** The three ways a request writes volumes, see `volumes()`. */
export type Volumes = Readonly<Record<string, Target>> | readonly string[];

/** `{"/host": "/container"}`, `{"/host": {"bind": "/container", "mode": "ro"}}`, or `["name:/container:ro"]`. */
export const volumes = () =>
  Joi.alternatives(
    Joi.array().items(Joi.string()),
    Joi.object().pattern(Joi.string(), Joi.alternatives(Joi.string(), Joi.object({ bind: Joi.string().required(), mode: Joi.string() }))),
  )
    .custom(readableBy(volumesOf))
    .description('`{"/host": "/container"}`, `{"name": {"bind": "/container", "mode": "ro"}}` or `["name:/container:ro"]`.');

/**
 * What a request's volumes mean.
 * @throws RangeError that says what is wrong with which
 */
export function volumesOf(value: Volumes): Volume[] {
  if (isList(value)) return value.map(parse);
  return Object.entries(value).map(([source, target]) =>
    typeof target === 'string' ? volume(source, target, 'rw') : volume(source, target.bind, target.mode ?? 'rw'),
  );
}

function isList(value: Volumes): value is readonly string[] {
  return Array.isArray(value);
}

function parse(text: string): Volume {
  const [source = '', target = '', mode = 'rw', ...rest] = text.split(':');
  if (rest.length > 0) throw new RangeError(`has "${text}", which is not source:/container[:ro|rw]`);
  return volume(source, target, mode);
}

function volume(source: string, target: string, mode: string): Volume {
  const wrong = (what: string) => new RangeError(`has "${source}:${target}:${mode}": ${what}`);
  if (!isAbsolute(source) && !/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(source)) {
    throw wrong("the source must be an absolute path of the host or a volume's name");
  }
  if (!isAbsolute(target) || target.split('/').includes('..')) throw wrong('the target must be an absolute path without ".."');
  if (/[:,\0\n]/.test(source + target)) throw wrong('a path must not contain ":", ",", NUL or a newline');
  if (mode !== 'ro' && mode !== 'rw') throw wrong('the mode must be ro or rw');
  return { source, target, mode };
}
