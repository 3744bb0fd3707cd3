import { randomBytes } from 'node:crypto';
import { dockerInspectImage, imageOperations } from '@podman-api/operations';
import { BodyReader } from '../body-reader.ts';
import { localReference } from '../image-names.ts';
import { parseObject } from '../json.ts';
import { sessionNode } from '../placement.ts';
import { type DockerRequest, type DockerRoute, notImplemented, queryFlag, queryText } from '../route.ts';
import { runTask } from '../run-task.ts';
import { runUpload } from './upload.ts';

/** Parameters that change nothing here: there is no cache of layers, and working containers are always removed. */
const ignoredParameters: ReadonlySet<string> = new Set(['rm', 'forcerm', 'nocache', 'cachefrom', 'version']);
const supportedParameters: ReadonlySet<string> = new Set([
  't',
  'dockerfile',
  'target',
  'platform',
  'pull',
  'memory',
  'buildargs',
  'labels',
  'q',
]);

/** Builds an image as Docker's classic builder does: the body is an archive with the context. */
export const buildImage: DockerRoute = {
  method: 'POST',
  path: '/build',
  async handle(request) {
    rejectUnsupported(request);
    const { input, labels, tags, isQuiet } = readQuery(request);
    await runUpload(request, {
      operation: imageOperations.build,
      input,
      node: await sessionNode(request, labels),
      async onOutput(stream, writeLine) {
        if (!isQuiet) await writeLine({ stream });
      },
      async onResult({ id, node }, writeLine) {
        const { Id } = await runTask(request, dockerInspectImage, { reference: id }, { node });
        for (const tag of tags.slice(1)) await runTask(request, imageOperations.tag, { source: id, reference: tag }, { node });
        await writeLine({ aux: { ID: Id } });
        if (isQuiet) return writeLine({ stream: `${Id}\n` });
        await writeLine({ stream: `Successfully built ${id}\n` });
        for (const tag of tags) await writeLine({ stream: `Successfully tagged ${tag}\n` });
      },
    });
  },
};

function readQuery(request: DockerRequest) {
  const given = request.ctx.query['t'] ?? [];
  const names = (Array.isArray(given) ? given : [given]).filter(name => name !== '');
  // Docker's images may have no name; here each has one, so that the policy holds for it.
  const [firstName = `docker-build:${randomBytes(6).toString('hex')}`, ...otherNames] = names;
  const tag = localReference(firstName);
  const toPairs = (map: Readonly<Record<string, string>>) => Object.entries(map).map(([name, value]) => `${name}=${value}`);
  const text = (name: string) => queryText(request, name);
  const [labels, buildArgs] = [readTexts(readObject(text('labels'), 'labels'), 'labels'), readBuildArgs(text('buildargs'))];
  const [file, target, platform, memory] = [text('dockerfile'), text('target'), text('platform'), text('memory')];
  const input = {
    tag,
    build_arg: toPairs(buildArgs),
    label: toPairs(labels),
    pull: queryFlag(request, 'pull'),
    ...(file !== undefined && { file: file.replace(/^\.?\/+/, '') }),
    ...(target !== undefined && { target }),
    ...(platform !== undefined && { platform }),
    ...(memory !== undefined && memory !== '0' && { memory }),
  };
  return { input, labels, tags: [tag, ...otherNames.map(localReference)], isQuiet: queryFlag(request, 'q') };
}

/**
 * Reads the build arguments. Clients send null for `--build-arg NAME` if they have no variable of that name, and Docker then uses the
 * default of the Dockerfile: such an argument is left out.
 * @param text an object in JSON whose values are strings or null; Docker's Go client sends `null` instead of an empty one
 * @throws ApiError (400)
 */
export function readBuildArgs(text: string | undefined): Readonly<Record<string, string>> {
  const given = Object.entries(readObject(text, 'buildargs')).filter(([, value]) => value !== null);
  return readTexts(Object.fromEntries(given), 'buildargs');
}

function readObject(text: string | undefined, name: string): object {
  return text === undefined || text === 'null' ? {} : parseObject(text, name);
}

function readTexts(value: object, name: string): Readonly<Record<string, string>> {
  return new BodyReader({ [name]: value }).stringMap(name) ?? {};
}

/** @throws ApiError (501) that names a parameter which would change the build, and is not supported */
function rejectUnsupported(request: DockerRequest): void {
  if (queryText(request, 'version') === '2' || queryText(request, 'session') !== undefined)
    throw notImplemented('BuildKit', 'build with DOCKER_BUILDKIT=0');
  const other = Object.keys(request.ctx.query).find(
    name => !ignoredParameters.has(name) && !supportedParameters.has(name) && !isDefault(queryText(request, name)),
  );
  if (other !== undefined) throw notImplemented(`The parameter ${other} of a build`, 'leave it out');
}

/** Whether clients send a value for a parameter that their user did not set. */
function isDefault(text: string | undefined): boolean {
  return text === undefined || ['0', 'default', 'null', 'false', '[]', '{}'].includes(text);
}
