import Joi from 'joi';
import { parseRedisUrl, type RedisAddress } from './redis-url.ts';

/** One environment variable: how it is checked, what it is when unset, and what the README says of it. */
export interface Variable<Value> {
  readonly fallback: Value;
  readonly schema: Joi.Schema;
  /** What a wrong value is told. */
  readonly allowed: string;
  readonly about: string;
  readonly unit?: string;
  /** The value is never printed. */
  readonly secret?: boolean;
}

interface Words {
  readonly about: string;
  readonly unit?: string;
}

/** A whole number within bounds. */
export function integer(fallback: number, { min, max, ...words }: Words & { min: number; max: number }): Variable<number> {
  return { fallback, schema: Joi.number().integer().min(min).max(max), allowed: `a whole number from ${min} to ${max}`, ...words };
}

/** A whole number within bounds, or nothing. */
export function optionalInteger({ min, max, ...words }: Words & { min: number; max: number }): Variable<number | undefined> {
  return { ...integer(min, { min, max, ...words }), fallback: undefined };
}

/** `true`, `1`, `false` or `0`. */
export function flag(fallback: boolean, words: Words): Variable<boolean> {
  return { fallback, schema: Joi.boolean().truthy('1').falsy('0').sensitive(), allowed: 'true, 1, false or 0', ...words };
}

/** A text; without a fallback it may be unset. */
export function text<Fallback extends string | undefined>(
  fallback: Fallback,
  rest: Words & { allowed: string; schema: Joi.StringSchema; secret?: boolean },
): Variable<string | Fallback> {
  return { fallback, ...rest };
}

const units: Readonly<Record<string, number>> = { '': 1, B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

/** A size in bytes: `1048576`, `1MiB` or `1 MiB`. */
export function bytes(fallback: number, words: Words): Variable<number> {
  const schema = Joi.string().custom((value: string, helpers) => {
    const [, digits, unit = ''] = /^(\d{1,12}) ?(B|KiB|MiB|GiB)?$/.exec(value) ?? [];
    const size = Number(digits) * (units[unit] ?? Number.NaN);
    return size >= 1024 && size <= 1024 ** 4 ? size : helpers.error('any.invalid');
  });
  return { fallback, schema, allowed: 'a size of at least 1 KiB, in bytes or with a unit (B, KiB, MiB, GiB)', unit: 'bytes', ...words };
}

/** A host's name, as it stands in queue names and job ids: no colon and no underscore (both separate there). */
export function nodeName(fallback: string, words: Words): Variable<string> {
  const schema = Joi.string().pattern(/^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/);
  return { fallback, schema, allowed: 'up to 63 of a-z, 0-9, "." and "-", ending in a letter or digit', ...words };
}

/** Where Redis is, see `parseRedisUrl`. */
export function redisUrl(fallback: RedisAddress, words: Words): Variable<RedisAddress> {
  const schema = Joi.string().custom((value: string, helpers) => parseRedisUrl(value) ?? helpers.error('any.invalid'));
  const allowed = 'a redis://, rediss://, unix://, redis+sentinel://host,host/master or redis+cluster://host,host URL';
  return { fallback, schema, allowed, secret: true, ...words };
}

/** An absolute path. */
export function folder(fallback: string, words: Words): Variable<string> {
  return { fallback, schema: Joi.string().pattern(/^\//), allowed: 'an absolute path', ...words };
}

/** An absolute path, or nothing. */
export function path(fallback: undefined, words: Words): Variable<string | undefined> {
  return { ...folder('/', words), fallback };
}

/** Absolute paths, parted by colons. */
export function pathList(words: Words): Variable<readonly string[]> {
  const schema = Joi.string().custom((value: string, helpers) => {
    const paths = value.split(':').filter(path => path !== '');
    return paths.every(path => path.startsWith('/')) ? paths : helpers.error('any.invalid');
  });
  return { fallback: [], schema, allowed: 'absolute paths, parted by colons', ...words };
}

/** Origins of web pages (RFC 6454), parted by commas, as a browser writes them: no default port, no path. */
export function originList(words: Words): Variable<readonly string[]> {
  const schema = Joi.string().custom((value: string, helpers) => {
    const given = value.split(',').map(origin => origin.trim());
    const origins = given.map(asOrigin);
    return origins.every(origin => origin !== undefined) ? origins : helpers.error('any.invalid');
  });
  return { fallback: [], schema, allowed: 'origins such as https://example.com or http://localhost:8080, parted by commas', ...words };
}

function asOrigin(text: string): string | undefined {
  return /^https?:\/\/[^/?#@\\\s*]+$/i.test(text) && URL.canParse(text) ? new URL(text).origin : undefined;
}

/** Patterns in which `*` stands for any characters, parted by commas; unset, nothing is said. */
export function patternList(words: Words): Variable<readonly string[] | undefined> {
  const schema = Joi.string().custom((value: string, helpers) => {
    const patterns = value.split(',').map(pattern => pattern.trim());
    return patterns.every(pattern => /^[^\s]+$/.test(pattern)) ? patterns : helpers.error('any.invalid');
  });
  return { fallback: undefined, schema, allowed: 'patterns without spaces, parted by commas', ...words };
}

/** Labels, `name=value` each, parted by commas. */
export function labelMap(words: Words): Variable<Readonly<Record<string, string>>> {
  const schema = Joi.string().custom((value: string, helpers) => {
    const pairs = value.split(',').map(pair => /^\s*([^\s=,]{1,255})=([^\s,]{0,255})\s*$/.exec(pair));
    return pairs.every(pair => pair !== null)
      ? Object.fromEntries(pairs.map(([, name, text]) => [name, text]))
      : helpers.error('any.invalid');
  });
  return { fallback: {}, schema, allowed: 'labels such as gpu=yes, parted by commas', ...words };
}
