import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ApiError, type ErrorDetail, invalidField } from '@podman-api/errors';
import type { BuildIsolation, FileSource, Podman } from '@podman-api/podman';
import { isReservedVariable } from '@podman-api/podman/environment-arguments';
import Joi from 'joi';
import { memoryBytes, parseCpus } from '../../container/create/resources.ts';
import { readContent, runFileRequest } from '../../container/files/files.ts';
import { podmanProcessEnv, waitForPodman } from '../../container/job-processes.ts';
import type { TaskContext } from '../../operation.ts';
import { forbiddenError } from '../../policy/enforce-policy.ts';
import { localImageName } from '../../policy/new-image.ts';
import type { Policy } from '../../policy/policy.ts';
import { isLocalImage } from '../../policy/registry.ts';
import { imageRefusals } from '../../policy/rules.ts';
import { image } from '../../schemas/names.ts';
import { shortId } from '../../short-id.ts';
import { validateAgainst } from '../../validate-input.ts';
import { inspectImage } from '../lookup/inspect-image.ts';
import { pullImage } from '../pull/run.ts';
import { type Containerfile, readContainerfile } from './containerfile.ts';

/** Input of `POST /images/build`. */
export interface BuildInput {
  readonly tag: string;
  readonly file?: string;
  readonly target?: string;
  /** `NAME=value` each. */
  readonly build_arg?: readonly string[];
  /** `NAME=value` each. */
  readonly label?: readonly string[];
  readonly platform?: string;
  readonly pull?: boolean;
  readonly memory?: string | number;
  readonly cpus?: string | number;
  readonly node?: string;
}

/** An image that was built. */
export interface BuiltImage {
  readonly id: string;
  readonly reference: string;
  /** Bytes. */
  readonly size: number;
  readonly node: string;
}

/** Maximum size of the Containerfile, and of the list of files that are left out. */
const maxFileBytes = 1024 ** 2;
/** Period of a quota of CPU time in microseconds, podman's own default. */
const cpuPeriodUs = 100_000;
/** Isolation of a build whose RUN instructions have no network. */
const withoutNetwork: BuildIsolation = { args: ['--isolation=oci', '--network=none'], env: {} };

/**
 * Builds an image from the context on the job's channel. Images that it is built from are pulled first, and podman gets their ids
 * and the instructions that were checked, so that it queries no registry and reads nothing else.
 */
export async function buildImage(podman: Podman, input: BuildInput, context: TaskContext): Promise<BuiltImage> {
  const { job, node, signal } = context;
  const buildArgs = parseBuildArgs(input.build_arg ?? []);
  const folder = await podman.createTempFolder(job);
  try {
    await mkdir(join(folder, 'context'));
    const source: FileSource = { kind: 'folder', path: join(folder, 'context'), mounts: [] };
    const content = readContent(await context.channel());
    const unpack = { verb: 'extract', path: '/', draft: '.podman-api-context', dropsOwners: true } as const;
    await runFileRequest(podman, source, unpack, context, 'body', { content });
    const containerfile = readContainerfile(await readContainerfileText(podman, source, input.file, context), buildArgs);
    const ignored = await readContextFile(podman, source, ['.containerignore', '.dockerignore'], context);
    // Podman itself would follow a link to a file of the host, and looks for one in the context if the list is empty.
    await writeFile(ignoreFileIn(folder), `${ignored ?? ''}\npodman-api-${job}\n`, { mode: 0o600 });
    const ids = await prepareImages(podman, containerfile, input, context);
    await writeFile(
      join(folder, 'Containerfile'),
      containerfile.render(name => ids.get(name) ?? name),
      { mode: 0o600 },
    );
    await runBuild(podman, folder, input, buildArgs, context);
    const { Id, Size } = await inspectImage(podman, (await readFile(join(folder, 'id'), 'utf8')).trim(), signal);
    return { id: shortId(Id), reference: localImageName(input.tag), size: Size, node };
  } catch (error) {
    if (signal.aborted) await podman.removeBuild(job, markerOf(context));
    throw error;
  } finally {
    await podman.removeTempFolder(job);
  }
}

/** @throws ApiError (400) for a variable that would influence podman, in whose environment the values are */
function parseBuildArgs(given: readonly string[]): Readonly<Record<string, string>> {
  const entries = given.map(text => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)] as const);
  const reserved = entries.find(([name]) => isReservedVariable(name));
  if (reserved) throw invalidField('build_arg', `build_arg: ${reserved[0]} is a variable that podman reads itself: use another name.`);
  return Object.fromEntries(entries);
}

/** Returns the path of the copy of the context's list of files that are left out. */
function ignoreFileIn(folder: string): string {
  return join(folder, 'ignore');
}

/** Reads the Containerfile of the context. @throws ApiError (400) */
async function readContainerfileText(podman: Podman, source: FileSource, file: string | undefined, context: TaskContext): Promise<string> {
  const text = await readContextFile(podman, source, file === undefined ? ['Containerfile', 'Dockerfile'] : [file], context);
  if (text !== undefined) return text;
  throw invalidField('file', `file: the context has no ${file ?? 'Containerfile or Dockerfile'}: send its path in the context.`);
}

/**
 * Reads the first file of some in the context that is there; links lead to files of the context only.
 * @returns `undefined` if none is there
 * @throws ApiError (400)
 */
async function readContextFile(
  podman: Podman,
  source: FileSource,
  names: readonly string[],
  context: TaskContext,
): Promise<string | undefined> {
  for (const name of names) {
    const pieces: Buffer[] = [];
    let bytes = 0;
    const onBytes = async (piece: Buffer) => {
      bytes += piece.length;
      if (bytes > maxFileBytes) throw invalidField('file', `file: ${name} has more than ${maxFileBytes} bytes.`);
      pieces.push(piece);
    };
    try {
      await runFileRequest(podman, source, { verb: 'read', path: `/${name}` }, context, 'file', { onBytes });
      return Buffer.concat(pieces).toString();
    } catch (error) {
      if (!(error instanceof ApiError) || error.type !== 'NotFoundError') throw error;
    }
  }
  return undefined;
}

/**
 * Pulls the images that a Containerfile names, unless the node has them.
 * @returns their ids
 * @throws ApiError (403) if the policy forbids one, (400) if one is not a reference, or adds instructions of its own (ONBUILD)
 */
async function prepareImages(
  podman: Podman,
  { images }: Containerfile,
  { pull = false, platform }: BuildInput,
  context: TaskContext,
): Promise<ReadonlyMap<string, string>> {
  for (const name of images) validateAgainst(sourceImage, { body: name });
  const refusals = images.flatMap(name => refusalsOf(name, context.policy));
  if (refusals.length > 0) throw forbiddenError(refusals);
  const ids = new Map<string, string>();
  for (const name of images) {
    const pullPolicy = pull || platform !== undefined ? 'always' : 'missing';
    const isLocal = isLocalImage(name) || name.startsWith('sha256:');
    const request = { reference: name, pull_policy: pullPolicy, platform } as const;
    const { Id, Config } = isLocal
      ? await inspectImage(podman, name, context.signal)
      : await pullImage(podman, request, context, pullFolderOf(context));
    if (Config.OnBuild && Config.OnBuild.length > 0) {
      throw invalidField('body', `body: the image ${name} has ONBUILD instructions, which are not supported: use another image.`);
    }
    ids.set(name, Id);
  }
  return ids;
}

/** Schema of the name of an image in a Containerfile, which podman could also read as a file of the host, such as `tarball:name`. */
const sourceImage = Joi.object({ body: image().required() });

function refusalsOf(name: string, policy: Policy): readonly ErrorDetail[] {
  return imageRefusals(name, isLocalImage(name) ? 'never' : 'always', policy, 'body');
}

async function runBuild(
  podman: Podman,
  folder: string,
  { tag, target, label = [], platform, ...resources }: BuildInput,
  buildArgs: Readonly<Record<string, string>>,
  context: TaskContext,
): Promise<void> {
  const { signal, output, policy } = context;
  // With ALLOWED_NETWORKS every container must name an allowed network, and a build names none.
  const isolation = policy.networks === undefined ? await podman.buildIsolation(signal) : withoutNetwork;
  const args = [
    'build',
    `--file=${folder}/Containerfile`,
    `--ignorefile=${ignoreFileIn(folder)}`,
    `--iidfile=${folder}/id`,
    `--tag=${localImageName(tag)}`,
    '--pull=never',
    // Layers that are kept could hold values of build_arg, and would stay after a build that was cancelled.
    '--layers=false',
    '--http-proxy=false',
    `--secret=id=${markerOf(context)},src=/dev/null`,
    ...podman.buildUlimits().map(limit => `--ulimit=${limit}`),
    ...isolation.args,
    ...(target === undefined ? [] : [`--target=${target}`]),
    ...(platform === undefined ? [] : [`--platform=${platform}`]),
    ...(podman.canLimitBuilds() ? limitArguments(resources) : []),
    ...Object.keys(buildArgs).map(name => `--build-arg=${name}`),
    ...label.map(text => `--label=${text}`),
    '--',
    `${folder}/context`,
  ];
  const onBytes = async (bytes: Uint8Array) => output('stdout', Buffer.from(bytes));
  const onStderr = (bytes: Uint8Array) => output('stderr', Buffer.from(bytes));
  const env = { ...buildArgs, ...podmanProcessEnv(context), TMPDIR: folder, ...isolation.env };
  await podman.pipe(args, onBytes, { signal, env, onStderr }).catch((error: unknown) => {
    if (!(error instanceof ApiError)) throw error;
    if (/^The target .* was not found/.test(error.message)) {
      throw invalidField('target', `target: the Containerfile has no stage ${target}: name one of its stages.`);
    }
    const failure = /building at STEP .*/s.exec(error.message)?.[0];
    if (!failure) throw error;
    const message = `The build failed: ${failure}`;
    throw new ApiError('ValidationError', message, { details: [{ path: 'body', message }] });
  });
}

function limitArguments({ memory, cpus }: Pick<BuildInput, 'memory' | 'cpus'>): readonly string[] {
  return [
    ...(memory === undefined ? [] : [`--memory=${memoryBytes(memory)}`]),
    ...(cpus === undefined ? [] : [`--cpu-period=${cpuPeriodUs}`, `--cpu-quota=${Math.round(parseCpus(cpus) * cpuPeriodUs)}`]),
  ];
}

/**
 * Returns the id of a secret that marks the working containers of a build with its job. It is empty, and no instruction can use it. A
 * label would stay in the image.
 */
function markerOf({ job }: TaskContext): string {
  return `podman-api-build-${job}`;
}

/** Returns the name of the folder for the temporary files of pulls; the one of the job has the context, and outlives them. */
function pullFolderOf({ job }: TaskContext): string {
  return `${job}-pull`;
}

/** Removes the leftovers of a build whose worker died. @returns the error for its caller: building again has the same effect */
export async function recoverBuild(podman: Podman, _input: BuildInput, context: TaskContext): Promise<ApiError> {
  await waitForPodman(podman, context);
  await podman.removeBuild(context.job, markerOf(context));
  await podman.removeTempFolder(context.job);
  await podman.removeTempFolder(pullFolderOf(context));
  return new ApiError('ServiceUnavailableError', 'The worker ended during the build: send the request again.');
}
