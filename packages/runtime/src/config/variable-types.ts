import Joi from 'joi';
import { parseRedisUrl, type RedisAddress } from './redis-url.ts';

/** Definition of an environment variable: schema, default and documentation. */
export interface Variable<Value> {
  /** Value if the variable is unset or empty. */
  readonly defaultValue: Value;
  readonly schema: Joi.Schema;
  /** Description of valid values, for error messages: `… must be <allowed>.` */
  readonly allowed: string;
  /** Type in docs/configuration.md, such as `integer` or `size`. */
  readonly type: string;
  /** Description in docs/configuration.md. */
  readonly description: string;
  readonly unit?: string;
  /** Whether the value must not be printed. Default: false. */
  readonly isSecret?: boolean;
}

interface Documentation {
  readonly description: string;
  readonly unit?: string;
}

interface NumberRange {
  readonly min: number;
  readonly max: number;
}

/** An integer in a range. */
export function integer(defaultValue: number, { min, max, ...documentation }: Documentation & NumberRange): Variable<number> {
  const schema = Joi.number().integer().min(min).max(max);
  return { defaultValue, schema, allowed: `a whole number from ${min} to ${max}`, type: `integer, ${min} to ${max}`, ...documentation };
}

/** An integer in a range; `undefined` by default. */
export function optionalInteger({ min, max, ...documentation }: Documentation & NumberRange): Variable<number | undefined> {
  return { ...integer(min, { min, max, ...documentation }), defaultValue: undefined };
}

/** `true`, `1`, `false` or `0`. */
export function flag(defaultValue: boolean, documentation: Documentation): Variable<boolean> {
  const schema = Joi.boolean().truthy('1').falsy('0').sensitive();
  return { defaultValue, schema, allowed: 'true, 1, false or 0', type: 'boolean', ...documentation };
}

/** A string. */
export function text<Default extends string | undefined>(
  defaultValue: Default,
  rest: Documentation & { type: string; allowed: string; schema: Joi.StringSchema; isSecret?: boolean },
): Variable<string | Default> {
  return { defaultValue, ...rest };
}

const bytesPerUnit: Readonly<Record<string, number>> = { '': 1, B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

/** An address to listen on: a path of a unix socket, or a host and a port. */
export type ListenAddress = { readonly path: string } | { readonly host: string; readonly port: number };

/** `unix:///path` or `tcp://host:port`; `undefined` by default. Port 0 lets the system choose. */
export function listenAddress(documentation: Documentation): Variable<ListenAddress | undefined> {
  const schema = Joi.string().custom((value: string, helpers) => {
    const [, path] = /^unix:\/\/(\/[^\0]{1,100})$/.exec(value) ?? [];
    if (path !== undefined) return { path };
    const [, host = '', port] = /^tcp:\/\/(\[[0-9a-fA-F:.]+\]|[a-zA-Z0-9.-]+):(\d{1,5})$/.exec(value) ?? [];
    return port !== undefined && Number(port) <= 65_535
      ? { host: host.replace(/^\[|\]$/g, ''), port: Number(port) }
      : helpers.error('any.invalid');
  });
  return { defaultValue: undefined, schema, allowed: 'unix:///<path> or tcp://<host>:<port>', type: 'address', ...documentation };
}

/** A size in bytes: `1048576`, `1MiB` or `1 MiB`. */
export function bytes(defaultValue: number, documentation: Documentation): Variable<number> {
  const schema = Joi.string().custom((value: string, helpers) => {
    const [, digits, unit = ''] = /^(\d{1,12}) ?(B|KiB|MiB|GiB)?$/.exec(value) ?? [];
    const size = Number(digits) * (bytesPerUnit[unit] ?? Number.NaN);
    return size >= 1024 && size <= 1024 ** 4 ? size : helpers.error('any.invalid');
  });
  const allowed = 'a size of at least 1 KiB, in bytes or with a unit (B, KiB, MiB, GiB)';
  return { defaultValue, schema, allowed, type: 'size, 1 KiB to 1 TiB', unit: 'bytes', ...documentation };
}

/** A node's name. It has no colon and no underscore, which are separators in queue names and job ids. */
export function nodeName(defaultValue: string, documentation: Documentation): Variable<string> {
  const schema = Joi.string().pattern(/^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/);
  const allowed = 'up to 63 of a-z, 0-9, "." and "-", starting and ending with a letter or digit';
  return { defaultValue, schema, allowed, type: 'name', ...documentation };
}

/** The address of Redis, see `parseRedisUrl`. */
export function redisUrl(defaultValue: RedisAddress, documentation: Documentation): Variable<RedisAddress> {
  const schema = Joi.string().custom((value: string, helpers) => parseRedisUrl(value) ?? helpers.error('any.invalid'));
  const allowed = 'a redis://, rediss://, unix://, redis+sentinel://host,host/master or redis+cluster://host,host URL';
  return { defaultValue, schema, allowed, type: 'URL', isSecret: true, ...documentation };
}

/** An absolute path. */
export function folder(defaultValue: string, documentation: Documentation): Variable<string> {
  return { defaultValue, schema: Joi.string().pattern(/^\//), allowed: 'an absolute path', type: 'path', ...documentation };
}

/** An absolute path; `undefined` by default. */
export function path(defaultValue: undefined, documentation: Documentation): Variable<string | undefined> {
  return { ...folder('/', documentation), defaultValue };
}

/** Absolute paths, separated by colons; empty by default. */
export function pathList(documentation: Documentation): Variable<readonly string[]> {
  const schema = Joi.string().custom((value: string, helpers) => {
    const paths = value.split(':').filter(path => path !== '');
    return paths.every(path => path.startsWith('/')) ? paths : helpers.error('any.invalid');
  });
  return { defaultValue: [], schema, allowed: 'absolute paths, separated by colons', type: 'paths, separated by colons', ...documentation };
}

/** Origins of web pages (RFC 6454), separated by commas, without a default port or a path; empty by default. */
export function originList(documentation: Documentation): Variable<readonly string[]> {
  const schema = Joi.string().custom((value: string, helpers) => {
    const items = value.split(',').map(origin => origin.trim());
    const origins = items.map(parseOrigin);
    return origins.every(origin => origin !== undefined) ? origins : helpers.error('any.invalid');
  });
  const allowed = 'origins such as https://example.com or http://localhost:8080, separated by commas';
  return { defaultValue: [], schema, allowed, type: 'origins, separated by commas', ...documentation };
}

function parseOrigin(text: string): string | undefined {
  return /^https?:\/\/[^/?#@\\\s*]+$/i.test(text) && URL.canParse(text) ? new URL(text).origin : undefined;
}

/** Patterns in which `*` matches any characters, separated by commas; `undefined` by default. */
export function patternList(documentation: Documentation): Variable<readonly string[] | undefined> {
  const schema = Joi.string().custom((value: string, helpers) => {
    const patterns = value.split(',').map(pattern => pattern.trim());
    return patterns.every(pattern => /^[^\s]+$/.test(pattern)) ? patterns : helpers.error('any.invalid');
  });
  const allowed = 'patterns without spaces, separated by commas';
  return { defaultValue: undefined, schema, allowed, type: 'patterns, separated by commas', ...documentation };
}

/** Hosts, `*.<domain>` or `*`, each with an optional port, separated by commas; empty by default. IPv6 addresses have brackets. */
export function hostList(documentation: Documentation): Variable<readonly string[]> {
  const pattern = /^(\*|(\*\.)?[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]+\])(:\d{1,5})?$/;
  const schema = Joi.string().custom((value: string, helpers) => {
    const hosts = value.split(',').map(host => host.trim().toLowerCase());
    return hosts.every(host => pattern.test(host)) ? hosts : helpers.error('any.invalid');
  });
  const allowed = 'hosts such as ci.example.com, *.example.com or 10.0.0.7:8080, separated by commas';
  return { defaultValue: [], schema, allowed, type: 'hosts, separated by commas', ...documentation };
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
    defaultValue: {},
    schema,
    allowed: 'labels such as gpu=yes, separated by commas',
    type: 'labels, separated by commas',
    ...documentation,
  };
}
