import { posix } from 'node:path';
import Joi, { type ArraySchema } from 'joi';
import { contentSchemas, writableFilePath } from '../../container/add-file/input.ts';
import { type CreateInput, containerSchemas } from '../../container/create/input.ts';
import { optionSchemas } from '../../container/create/options.ts';
import { ttl } from '../../container/expiry/ttl.ts';
import { bodyText, boundedList } from '../../schemas/bounds.ts';
import { image } from '../../schemas/names.ts';
import { readableBy, UnreadableValue } from '../../schemas/readable-by.ts';
import { containerPath, fileMode } from '../../schemas/text.ts';

/** A file that is put into the container before its command starts. */
export interface RunFile {
  readonly path: string;
  readonly content: string;
  readonly encoding?: 'utf8' | 'base64';
  /** Octal digits; default: `0644`. */
  readonly mode?: string;
}

/** Input of `POST /runs`. */
export interface RunInput extends Omit<CreateInput, 'name' | 'restart_policy' | 'dry_run'> {
  readonly stdin?: string;
  readonly files?: readonly RunFile[];
  /** Time limit of the command in seconds. */
  readonly timeout?: number;
  /** Paths of files to return. */
  readonly outputs?: readonly string[];
  /** Keeps the container. */
  readonly keep?: boolean;
}

const maxFiles = 100;
const maxOutputs = 50;
/** A day, as for an exec. */
const maxTimeoutSeconds = 86_400;

// A run ends with its command, so a restart policy has no use.
const { restart_policy: _restartPolicy, ...runOptions } = optionSchemas;

/** Returns the schema of a run, as in `POST /runs`. */
export function runInput() {
  return Joi.object<RunInput>({
    image: image().required(),
    ...containerSchemas,
    stdin: bodyText().description('Text for the stdin of the command. Default: empty.'),
    files: files(),
    timeout: Joi.number()
      .integer()
      .min(1)
      .max(maxTimeoutSeconds)
      .description('Time limit of the command in seconds. Default: `JOB_TIMEOUT`, which then includes the pull of the image.'),
    outputs: outputs(),
    keep: Joi.boolean().description('Keeps the container after its command has ended. Default: false.'),
    ttl: ttl().description('Seconds after which the run is ended at the latest; a container that is kept is removed then.'),
    ...runOptions,
  });
}

function files(): ArraySchema {
  const file = Joi.object<RunFile>({
    path: writableFilePath().required(),
    ...contentSchemas,
    mode: fileMode().description('Octal digits. Default: `0644`.'),
  });
  return boundedList(maxFiles, file)
    .prefs({ abortEarly: true })
    .custom(readableBy((given: readonly RunFile[]) => checkUnique(given.map(({ path }) => path))))
    .description('Files that are in the container before the command starts. They and their new directories belong to root.');
}

function outputs(): ArraySchema {
  const path = containerPath()
    .pattern(/[^/]$/)
    .pattern(/^[^*?[\\]*$/)
    .messages({ 'string.pattern.base': '{{#label}} must name a file: no "/" at the end, and none of * ? [ \\' });
  return boundedList(maxOutputs, path)
    .prefs({ abortEarly: true })
    .custom(readableBy(checkUnique))
    .description('Regular files that are returned after the command has ended: at most 1 MiB each, and 4 MiB in all.');
}

/** @throws UnreadableValue if a path is there twice */
function checkUnique(paths: readonly string[]): void {
  const seen = new Set<string>();
  for (const path of paths.map(given => posix.normalize(given))) {
    if (seen.has(path)) throw new UnreadableValue(`${path} is listed twice: name each file once`);
    seen.add(path);
  }
}
