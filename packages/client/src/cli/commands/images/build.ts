import { readFile, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import type { BuildOptions } from '../../../routes/images.ts';
import { describeSystemError } from '../../../system-error.ts';
import { type IgnorePatterns, parseIgnorePatterns } from '../../../tar/ignore-patterns.ts';
import type { Job } from '../../../types.ts';
import type { CommandContext } from '../../context.ts';
import { defineCommand } from '../../define-command.ts';
import { UsageError } from '../../errors.ts';
import { omitUndefined, parseVariables } from '../../parse-flags.ts';
import { openPacking } from '../cp/copy-directory-in.ts';

/** Names of the file with patterns of what is not sent; the first that exists is used. */
const ignoreFiles = ['.containerignore', '.dockerignore'] as const;
/** Names of the Containerfile without `--file`. */
const containerfiles = ['Containerfile', 'Dockerfile'] as const;

export const build = defineCommand({
  positionals: '[DIRECTORY|-]',
  description: 'Builds an image from a Containerfile and its context, a directory or a tar archive on stdin, and prints its id.',
  example: 'podman-api build --tag localhost/app:1 .',
  flags: {
    tag: { type: 'string', short: 't', value: 'NAME', description: 'name of the image' },
    file: {
      type: 'string',
      short: 'f',
      value: 'FILE',
      description: 'the Containerfile in the context; default: Containerfile or Dockerfile',
    },
    target: { type: 'string', value: 'STAGE', description: 'the stage to build; default: the last one' },
    'build-arg': {
      type: 'string',
      multiple: true,
      value: 'KEY[=VALUE]',
      description: 'value of an ARG; without =VALUE, that of the variable KEY, which keeps secrets out of arguments',
    },
    platform: { type: 'string', value: 'OS/ARCH', description: "platform of the image; default: the node's" },
    pull: { type: 'boolean', description: 'ask the registries for newer base images' },
    memory: { type: 'string', short: 'm', value: 'SIZE', description: 'memory of each RUN, such as 512m; default: no limit' },
    cpus: { type: 'string', value: 'NUMBER', description: 'CPUs of each RUN; default: no limit' },
    node: { type: 'string', value: 'NAME', description: 'the node; default: the least loaded' },
    quiet: { type: 'boolean', short: 'q', description: 'do not show what podman prints' },
  },
  async run({ tag, file, 'build-arg': buildArgs, quiet = false, ...options }, [source = '.', ...rest], context) {
    if (tag === undefined) throw new UsageError('--tag NAME is missing: it is the name of the image.');
    if (rest.length > 0) throw new UsageError('The context must be the only argument.');
    const build_arg = parseVariables(buildArgs, 'build-arg');
    const query = { tag, ...omitUndefined({ ...options, build_arg }) };
    if (source === '-') {
      const image = await buildImage(() => ReadableStream.from(process.stdin), { ...query, ...omitUndefined({ file }) }, quiet, context);
      return printId(image, context);
    }
    const containerfile = file === undefined ? undefined : await findInContext(source, file);
    const packing = openPacking(source, await readPackOptions(source, containerfile), 'sending the context', context);
    try {
      const named = omitUndefined({ file: containerfile });
      return await printId(await buildImage(packing.open, { ...query, ...named }, quiet, context), context);
    } catch (error) {
      throw packing.explain(error);
    }
  },
});

async function printId({ id }: { readonly id: string }, { printLine }: CommandContext): Promise<number> {
  await printLine(id);
  return 0;
}

/** Builds an image, and writes what podman prints to stderr meanwhile. */
async function buildImage(openContent: () => ReadableStream<Uint8Array>, options: BuildOptions, isQuiet: boolean, context: CommandContext) {
  const { api, signal, progress } = context;
  let following = Promise.resolve();
  const onJob = (job: Job) => {
    progress.clear();
    if (isQuiet) return;
    following = followBuild(job, context);
    // It may fail long before the build ends; an unhandled rejection would end this process, and cancel the build.
    following.catch(() => {});
  };
  const [built] = await Promise.allSettled([api.images.build(openContent(), { ...options, signal, onJob })]);
  // The output of a failed build shows why it failed. An error of the output's stream is dropped: that of the build says more.
  await following.catch(() => {});
  if (built.status === 'rejected') throw built.reason;
  return built.value;
}

async function followBuild({ id }: Job, { api, signal, writeOutput, printMessage }: CommandContext): Promise<void> {
  for await (const event of api.jobs.output(id, { signal })) {
    if ('text' in event) await writeOutput('stderr', event.text);
    else if (event.truncated) printMessage('the output is longer than the API keeps (MAX_OUTPUT): a part of it is missing.');
  }
}

/** Returns the path of a Containerfile in the context. A path of this directory is tried first, as podman does. @throws UsageError */
async function findInContext(context: string, file: string): Promise<string> {
  for (const path of [resolve(file), resolve(context, file)]) {
    if (!(await stat(path).catch(() => undefined))?.isFile()) continue;
    const inContext = relative(resolve(context), path);
    if (inContext.startsWith(`..${sep}`)) throw new UsageError(`--file ${file} is not in the context ${context}: move it there.`);
    return inContext;
  }
  throw new UsageError(`--file ${file}: there is no such file.`);
}

/** Reads which files of a context are not sent. The Containerfile is always sent. @throws UsageError */
async function readPackOptions(context: string, containerfile: string | undefined) {
  const stats = await stat(context).catch(error => {
    throw new UsageError(`${context} cannot be read: ${describeSystemError(error)}.`);
  });
  if (!stats.isDirectory()) throw new UsageError(`${context} is not a directory: name the directory with the Containerfile.`);
  const patterns = await readIgnoreFile(context);
  if (!patterns) return {};
  const needed: readonly string[] = containerfile === undefined ? containerfiles : [containerfile];
  const isNeeded = (path: string) => needed.some(file => file === path || file.startsWith(`${path}/`));
  return {
    isExcluded: (path: string) => !isNeeded(path) && patterns.isExcluded(path),
    entersExcluded: patterns.hasExceptions,
  };
}

async function readIgnoreFile(context: string): Promise<IgnorePatterns | undefined> {
  for (const name of ignoreFiles) {
    const text = await readFile(join(context, name), 'utf8').catch(() => undefined);
    if (text !== undefined) return parseIgnorePatterns(text);
  }
  return undefined;
}
