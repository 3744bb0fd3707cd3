import { realpath } from 'node:fs/promises';
import type { ErrorDetail } from '@podman-api/errors';
import Joi, { type ObjectSchema } from 'joi';
import { resolveAllowedFolders } from '../../container/mounts/allowed-folders.ts';
import { forbiddenError } from '../../policy/enforce-policy.ts';
import type { Policy } from '../../policy/policy.ts';
import { boundedText } from '../../schemas/bounds.ts';
import { maxPathLength } from '../../schemas/text.ts';

/** Options of the driver `local`, which are those of mount(8). */
export interface VolumeOptions {
  readonly type?: string;
  readonly device?: string;
  readonly o?: string;
}

const flag = 'bind|rbind|ro|rw|nosuid|nodev|noexec|size=\\d{1,15}[kmgKMG]?|mode=[0-7]{3,4}';

/** Returns the schema of a new volume's options. */
export const volumeOptions = (): ObjectSchema<VolumeOptions> =>
  Joi.object<VolumeOptions>({
    type: boundedText(32)
      .pattern(/^[a-z0-9]+$/)
      .messages({ 'string.pattern.base': '{{#label}} must be tmpfs or none' }),
    device: boundedText(maxPathLength)
      .pattern(/^[^\0\r\n]+$/)
      .messages({ 'string.pattern.base': '{{#label}} must be one line without NUL' }),
    o: boundedText(200)
      .pattern(new RegExp(`^(${flag})(,(${flag}))*$`))
      .messages({
        'string.pattern.base':
          '{{#label}} must be a list such as "nodev,mode=1777", of bind, ro, rw, nosuid, nodev, noexec, size= and mode=',
      }),
  })
    .messages({ 'object.base': '{{#label}} must be an object, such as \\{"type": "tmpfs", "device": "tmpfs"}' })
    .description(
      '`{"type": "tmpfs", "device": "tmpfs"}`, or a directory of the host that `ALLOWED_MOUNTS` lists: `{"type": "none", "o": "bind", "device": "/srv/data"}`.',
    );

/** Whether the options bind a folder. With `bind`, mount(8) ignores the type. */
const hasBind = ({ o = '' }: VolumeOptions) => /\br?bind\b/.test(o);
/** Whether the options mount a tmpfs, which is the memory of the host and no part of its files. */
const isTmpfs = (options: VolumeOptions) =>
  options.type === 'tmpfs' && (options.device === undefined || options.device === 'tmpfs') && !hasBind(options);
const isPlain = (options: VolumeOptions) => options.type === undefined && options.device === undefined && !hasBind(options);

/** Returns what the policy forbids without inspecting the host's folders: all file systems except tmpfs and folders. */
export function optionRefusals(options: VolumeOptions, { mounts }: Policy): readonly ErrorDetail[] {
  if (isPlain(options) || isTmpfs(options)) return [];
  const isFolder = (options.type === undefined || options.type === 'none' || options.type === 'bind') && options.device?.startsWith('/');
  if (!isFolder) return [refusal('a volume mounts nothing but a tmpfs, or a directory in ALLOWED_MOUNTS')];
  return mounts.length === 0 ? [refusal(notAllowedMessage(options.device))] : [];
}

/**
 * Returns the options for podman, with the real path of the folder. Podman looks up the folder again at each start, unchecked, so
 * only a folder of ALLOWED_MOUNTS itself is allowed, which no container can replace.
 * @param listed `ALLOWED_MOUNTS`
 * @throws ApiError (403) for any other folder
 */
export async function resolveOptions(options: VolumeOptions, listed: readonly string[]): Promise<VolumeOptions> {
  const { device } = options;
  if (device === undefined || isTmpfs(options)) return options;
  const path = device.split('/').includes('..') ? undefined : await realpath(device).catch(() => undefined);
  const folders = await resolveAllowedFolders(listed);
  if (path === undefined || !folders.includes(path)) throw forbiddenError([refusal(notAllowedMessage(device))]);
  return { ...options, device: path };
}

function notAllowedMessage(device: string | undefined): string {
  return `the directory ${device} is not in ALLOWED_MOUNTS; a volume can mount only a directory that is listed there itself`;
}

function refusal(why: string): ErrorDetail {
  return { path: 'options', message: `options: ${why}` };
}
