import Joi, { type AlternativesSchema } from 'joi';
import { boundedList, boundedMap, boundedText } from '../../schemas/bounds.ts';
import { quote, readableBy, UnreadableValue } from '../../schemas/readable-by.ts';
import { maxPathLength, pathFault, plainPath } from '../../schemas/text.ts';

/** Paths, each with optional mount options after a colon, or an object with the options by path. */
export type Tmpfs = readonly string[] | Readonly<Record<string, string>>;

const maxMounts = 100;
const maxOptionsLength = 1024;

/** Returns the schema of tmpfs mounts: `["/run", "/tmp:size=64m,mode=1777"]` or `{"/tmp": "size=64m"}`. */
export function tmpfs(): AlternativesSchema {
  return Joi.alternatives(
    boundedList(maxMounts, boundedText(maxPathLength + 1 + maxOptionsLength)),
    boundedMap(maxMounts, boundedText(maxPathLength), boundedText(maxOptionsLength).allow('')),
  )
    .prefs({ abortEarly: true })
    .custom(readableBy(tmpfsArguments))
    .messages({
      'alternatives.types': '{{#label}} must be a list such as ["/tmp:size=64m"], or an object such as \\{"/tmp": "size=64m"}',
    })
    .description('File systems in memory: `["/run", "/tmp:size=64m,mode=1777"]` or `{"/tmp": "size=64m"}`.');
}

/**
 * Returns podman's `--tmpfs` for each mount.
 * @throws UnreadableValue that quotes the one which cannot be read
 */
export function tmpfsArguments(value: Tmpfs): string[] {
  const mounts = isList(value) ? value.map(parse) : Object.entries(value).map(([path, options]) => ({ path, options }));
  const targets = new Set<string>();
  return mounts.map(({ path, options }) => {
    const given = options === '' ? path : `${path}:${options}`;
    const fault = pathFault(path) ?? (/[:,\0]/.test(path) ? 'must not contain ":", "," or NUL' : undefined);
    if (fault !== undefined) throw new UnreadableValue(`${quote(given)}: the path ${fault}`);
    if (!/^[a-zA-Z0-9=,%_-]*$/.test(options)) {
      throw new UnreadableValue(`${quote(given)}: the mount options must look like size=64m,mode=1777`);
    }
    const target = plainPath(path);
    if (targets.has(target)) throw new UnreadableValue(`${quote(path)} is listed twice: give each tmpfs its own path`);
    targets.add(target);
    return `--tmpfs=${given}`;
  });
}

function isList(value: Tmpfs): value is readonly string[] {
  return Array.isArray(value);
}

function parse(text: string): { readonly path: string; readonly options: string } {
  const colon = text.indexOf(':');
  return colon < 0 ? { path: text, options: '' } : { path: text.slice(0, colon), options: text.slice(colon + 1) };
}
