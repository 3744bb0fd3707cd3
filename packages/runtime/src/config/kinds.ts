import Joi from 'joi';
import { parseRedisUrl, type RedisAddress } from './redis-url.ts';

/** An environment variable: its check, its default, and its row in docs/configuration.md. */
export interface Variable<Value> {
  /** Value if the variable is unset or empty. */
  readonly fallback: Value;
  readonly schema: Joi.Schema;
  /** What a value must be, for error messages: `… must be <allowed>.` */
  readonly allowed: string;
  /** The type in docs/configuration.md, such as `integer` or `size`. */
  readonly type: string;
  /** What the variable sets, for docs/configuration.md. */
  readonly description: string;
  readonly unit?: string;
  /** Whether the value must not be printed. */
  readonly secret?: boolean;
}

interface Documentation {
  readonly description: string;
  readonly unit?: string;
}

interface Range {
  readonly min: number;
  readonly max: number;
}

/** An integer in a range. */
export function integer(fallback: number, { min, max, ...documentation }: Documentation & Range): Variable<number> {
  const schema = Joi.number().integer().min(min).max(max);
  return { fallback, schema, allowed: `a whole number from ${min} to ${max}`, type: `integer, ${min} to ${max}`, ...documentation };
}

/** An integer in a range; `undefined` by default. */
export function optionalInteger({ min, max, ...documentation }: Documentation & Range): Variable<number | undefined> {
  return { ...integer(min, { min, max, ...documentation }), fallback: undefined };
}

/** `true`, `1`, `false` or `0`. */
export function flag(fallback: boolean, documentation: Documentation): Variable<boolean> {
  const schema = Joi.boolean().truthy('1').falsy('0').sensitive();
  return { fallback, schema, allowed: 'true, 1, false or 0', type: 'boolean', ...documentation };
}

/** A string. */
export function text<Fallback extends string | undefined>(
  fallback: Fallback,
  rest: Documentation & { type: string; allowed: string; schema: Joi.StringSchema; secret?: boolean },
): Variable<string | Fallback> {
  return { fallback, ...rest };
}

const bytesPerUnit: Readonly<Record<string, number>> = { '': 1, B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

/** A size in bytes: `1048576`, `1MiB` or `1 MiB`. */
export function bytes(fallback: number, documentation: Documentation): Variable<number> {
  const schema = Joi.string().custom((value: string, helpers) => {
    const [, digits, unit = ''] = /^(\d{1,12}) ?(B|KiB|MiB|GiB)?$/.exec(value) ?? [];
    const size = Number(digits) * (bytesPerUnit[unit] ?? Number.NaN);
    return size >= 1024 && size <= 1024 ** 4 ? size : helpers.error('any.invalid');
  });
  const allowed = 'a size of at least 1 KiB, in bytes or with a unit (B, KiB, MiB, GiB)';
  return { fallback, schema, allowed, type: 'size, 1 KiB to 1 TiB', unit: 'bytes', ...documentation };
}

/** A node's name. It has no colon and no underscore, which are separators in queue names and job ids. */
export function nodeName(fallback: string, documentation: Documentation): Variable<string> {
  const schema = Joi.string().pattern(/^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/);
  const allowed = 'up to 63 of a-z, 0-9, "." and "-", beginning and ending with a letter or digit';
  return { fallback, schema, allowed, type: 'name', ...documentation };
}

/** The address of Redis, see `parseRedisUrl`. */
export function redisUrl(fallback: RedisAddress, documentation: Documentation): Variable<RedisAddress> {
  const schema = Joi.string().custom((value: string, helpers) => parseRedisUrl(value) ?? helpers.error('any.invalid'));
  const allowed = 'a redis://, rediss://, unix://, redis+sentinel://host,host/master or redis+cluster://host,host URL';
  return { fallback, schema, allowed, type: 'URL', secret: true, ...documentation };
}

/** An absolute path. */
export function folder(fallback: string, documentation: Documentation): Variable<string> {
  return { fallback, schema: Joi.string().pattern(/^\//), allowed: 'an absolute path', type: 'path', ...documentation };
}

/** An absolute path; `undefined` by default. */
export function path(fallback: undefined, documentation: Documentation): Variable<string | undefined> {
  return { ...folder('/', documentation), fallback };
}

/** Absolute paths, separated by colons; empty by default. */
export function pathList(documentation: Documentation): Variable<readonly string[]> {
  const schema = Joi.string().custom((value: string, helpers) => {
    const paths = value.split(':').filter(path => path !== '');
    return paths.every(path => path.startsWith('/')) ? paths : helpers.error('any.invalid');
  });
  return { fallback: [], schema, allowed: 'absolute paths, separated by colons', type: 'paths, separated by colons', ...documentation };
}

/** Origins of web pages (RFC 6454), separated by commas, without a default port or a path; empty by default. */
export function originList(documentation: Documentation): Variable<readonly string[]> {
  const schema = Joi.string().custom((value: string, helpers) => {
    const given = value.split(',').map(origin => origin.trim());
    const origins = given.map(asOrigin);
    return origins.every(origin => origin !== undefined) ? origins : helpers.error('any.invalid');
  });
  const allowed = 'origins such as https://example.com or http://localhost:8080, separated by commas';
  return { fallback: [], schema, allowed, type: 'origins, separated by commas', ...documentation };
}

function asOrigin(text: string): string | undefined {
  return /^https?:\/\/[^/?#@\\\s*]+$/i.test(text) && URL.canParse(text) ? new URL(text).origin : undefined;
}

/** Patterns in which `*` stands for any characters, separated by commas; `undefined` by default. */
export function patternList(documentation: Documentation): Variable<readonly string[] | undefined> {
  const schema = Joi.string().custom((value: string, helpers) => {
    const patterns = value.split(',').map(pattern => pattern.trim());
    return patterns.every(pattern => /^[^\s]+$/.test(pattern)) ? patterns : helpers.error('any.invalid');
  });
  const allowed = 'patterns without spaces, separated by commas';
  return { fallback: undefined, schema, allowed, type: 'patterns, separated by commas', ...documentation };
}

/** Labels (`name=value`), separated by commas; empty by default. */
export function labelMap(documentation: Documentation): Variable<Readonly<Record<string, string>>> {
  const schema = Joi.string().custom((value: string, helpers) => {
    const pairs = value.split(',').map(pair => /^\s*([^\s=,]{1,255})=([^\s,]{0,255})\s*$/.exec(pair));
    return pairs.every(pair => pair !== null)
      ? Object.fromEntries(pairs.map(([, name, text]) => [name, text]))
      : helpers.error('any.invalid');
  });
  return {
    fallback: {},
    schema,
    allowed: 'labels such as gpu=yes, separated by commas',
    type: 'labels, separated by commas',
    ...documentation,
  };
}
