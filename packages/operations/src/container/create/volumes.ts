import { isAbsolute } from 'node:path';
import Joi, { type AlternativesSchema } from 'joi';
import { boundedList, boundedMap, boundedText } from '../../schemas/bounds.ts';
import { quote, readableBy, UnreadableValue } from '../../schemas/readable-by.ts';
import { maxPathLength, pathFault, plainPath } from '../../schemas/text.ts';

/** A folder of the host, a named volume or a new volume without a name in the container. */
export interface VolumeMount {
  /** An absolute path of the host, or a volume's name; `undefined` for a new volume that is removed with the container. */
  readonly source?: string;
  readonly target: string;
  readonly mode: 'ro' | 'rw';
  /** SELinux: gives the files a label that all containers (`z`), or this one alone (`Z`), can use; podman-run(1). */
  readonly relabel?: 'z' | 'Z';
}

type TargetInput = string | { readonly bind: string; readonly mode?: string };

/** The forms of volumes in a request, see `volumes()`. */
export type Volumes = Readonly<Record<string, TargetInput>> | readonly string[];

const maxVolumes = 500;
const maxModeLength = 20;
const pathText = () => boundedText(maxPathLength);

/**
 * Returns the schema of volumes: `{"/host": "/container"}`, `{"/host": {"bind": "/container", "mode": "ro,z"}}`, or
 * `["name:/container:ro", "/container"]`.
 */
export function volumes(): AlternativesSchema {
  const target = Joi.alternatives(
    pathText(),
    Joi.object({ bind: pathText().required(), mode: boundedText(maxModeLength) }).prefs({ abortEarly: true }),
  ).messages({ 'alternatives.types': '{{#label}} must be a path, or an object such as \\{"bind": "/data", "mode": "ro"}' });
  return Joi.alternatives(
    boundedList(maxVolumes, boundedText(2 * maxPathLength + maxModeLength + 2)),
    boundedMap(maxVolumes, pathText(), target),
  )
    .prefs({ abortEarly: true })
    .custom(readableBy(checkVolumes))
    .messages({ 'alternatives.types': '{{#label}} must be a list such as ["name:/data:ro"], or an object such as \\{"name": "/data"}' })
    .description(
      '`{"/host": "/container"}`, `{"name": {"bind": "/container", "mode": "ro"}}` or `["name:/container:ro", "/container"]`; a path alone is a new volume that is removed with the container. `z` and `Z` are for SELinux.',
    );
}

/**
 * Reads a request's volumes.
 * @throws UnreadableValue that quotes the one which cannot be read
 */
export function parseVolumes(value: Volumes): VolumeMount[] {
  if (isList(value)) return value.map(parse);
  return Object.entries(value).map(([source, target]) =>
    typeof target === 'string'
      ? volume({ [source]: target }, source, target, [])
      : volume({ [source]: target }, source, target.bind, target.mode?.split(',') ?? []),
  );
}

function isList(value: Volumes): value is readonly string[] {
  return Array.isArray(value);
}

function parse(text: string): VolumeMount {
  const parts = text.split(':');
  const [source = '', target = '', options] = parts;
  if (parts.length === 1 && isAbsolute(text)) return volume(text, undefined, text, []);
  if (parts.length < 2 || parts.length > 3) {
    throw new UnreadableValue(`${quote(text)} is not source:/container[:ro|rw], for example "name:/data:ro", or a path of the container`);
  }
  return volume(text, source, target, options?.split(',') ?? []);
}

/** @param given the caller's value, for the message */
function volume(given: unknown, source: string | undefined, target: string, options: readonly string[]): VolumeMount {
  const unreadableVolume = (what: string) => new UnreadableValue(`${quote(given)}: ${what}`);
  if (source !== undefined && !isAbsolute(source) && !/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(source)) {
    throw unreadableVolume("the source must be an absolute path of the host or a volume's name");
  }
  const fault = pathFault(target);
  if (fault !== undefined) throw unreadableVolume(`the target ${fault}`);
  if (plainPath(target) === '/') throw unreadableVolume('the target must not be the root of the container');
  if (/[:,\0\n]/.test(`${source ?? ''}${target}`)) throw unreadableVolume('a path must not contain ":", ",", NUL or a newline');
  return { ...(source !== undefined && { source }), target, ...readOptions(options, unreadableVolume) };
}

function readOptions(options: readonly string[], wrong: (what: string) => Error): Pick<VolumeMount, 'mode' | 'relabel'> {
  if (options.includes('U')) {
    // Podman walks over the volume by path as root, while other containers can put symlinks to the host's files into it.
    throw wrong('the option U is not available, because podman would change owners on the host; use "user", or chown in the container');
  }
  const modes = options.filter(option => option === 'ro' || option === 'rw');
  const relabels = options.filter(option => option === 'z' || option === 'Z');
  if (modes.length > 1 || relabels.length > 1 || modes.length + relabels.length < options.length) {
    throw wrong('the mode must be ro or rw, and may have z or Z after a comma');
  }
  const [mode = 'rw'] = modes;
  const [relabel] = relabels;
  return { mode, ...(relabel !== undefined && { relabel }) };
}

/** @throws UnreadableValue if one cannot be read, or two have the same target */
function checkVolumes(value: Volumes): void {
  const targets = new Set<string>();
  for (const { target } of parseVolumes(value)) {
    const path = plainPath(target);
    if (targets.has(path)) throw new UnreadableValue(`${quote(path)} is the target of two volumes: give each its own target`);
    targets.add(path);
  }
}
