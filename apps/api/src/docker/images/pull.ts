import { ApiError } from '@podman-api/errors';
import { imageOperations, type Operation, shortId } from '@podman-api/operations';
import { completeReference, splitReference } from '../image-names.ts';
import { field, parseObject, stringField } from '../json.ts';
import { streamLines } from '../line-stream.ts';
import { sessionNode } from '../placement.ts';
import { type DockerRequest, type DockerRoute, notImplemented, param, queryText } from '../route.ts';
import { dayInSeconds, runTask } from '../run-task.ts';

/**
 * Pulls an image: on the node of the session, else on all nodes, so that a container can be created on any of them. The response has
 * a line of JSON for each change.
 */
export const pullImage: DockerRoute = {
  method: 'POST',
  path: '/images/create',
  async handle(request) {
    if (queryText(request, 'fromSrc') !== undefined) throw notImplemented('fromSrc (docker import)', 'pull an image, or load one');
    const [name, tag] = [queryText(request, 'fromImage'), queryText(request, 'tag')];
    if (name === undefined) throw new ApiError('ValidationError', 'fromImage is missing: name the image.');
    const platform = queryText(request, 'platform');
    if (platform !== undefined) throw notImplemented('platform', 'pull the image of the platform of the nodes');
    const reference = completeReference(tag === undefined ? name : `${name}${tag.includes(':') ? '@' : ':'}${tag}`);
    const node = await sessionNode(request);
    const nodes =
      node === undefined ? [...request.parts.fleet.nodes.values()].filter(({ status }) => status === 'ready').map(one => one.name) : [node];
    const credentials = readCredentials(request);
    await streamProgress(request, `Pulling from ${splitReference(reference).repository}`, nodes, imageOperations.pull, {
      reference,
      ...credentials,
    });
  },
};

/** Pushes an image to its registry. */
export const pushImage: DockerRoute = {
  method: 'POST',
  path: '/images/*name/push',
  async handle(request) {
    const tag = queryText(request, 'tag');
    const name = param(request, 'name');
    const reference = completeReference(tag === undefined ? name : `${name}:${tag}`);
    await streamProgress(request, `The push refers to repository [${reference}]`, [undefined], imageOperations.push, {
      reference,
      ...readCredentials(request),
    });
  },
};

/** Reads the login in `X-Registry-Auth`: JSON in base64, with or without the alphabet for URLs. */
function readCredentials({ ctx }: DockerRequest): { readonly credentials?: { readonly username: string; readonly password: string } } {
  const header = ctx.get('X-Registry-Auth');
  if (header === '') return {};
  const login = parseObject(Buffer.from(header, 'base64url').toString() || '{}', 'X-Registry-Auth');
  if (stringField(login, 'identitytoken') !== '')
    throw notImplemented('An identity token in X-Registry-Auth', 'log in with a name and a password');
  const [username, password] = [stringField(login, 'username'), stringField(login, 'password')];
  return username === '' ? {} : { credentials: { username, password } };
}

/**
 * Runs a transfer on nodes and responds with a line of JSON for each change; a last line has the error, if there is one.
 * @param nodes their names; `undefined` stands for a node that has the image
 * @throws ApiError if no node has accepted it, or the token has too many streams
 */
async function streamProgress<Input extends object>(
  request: DockerRequest,
  title: string,
  nodes: readonly (string | undefined)[],
  operation: Operation<Input>,
  input: NoInfer<Input>,
): Promise<void> {
  const { ctx, parts } = request;
  parts.streams.add(ctx);
  const transfers = nodes.map(node => {
    const submitted = Promise.withResolvers<string>();
    const ending = runTask(request, operation, input, { node, extraSeconds: dayInSeconds, onSubmitted: submitted.resolve });
    ending.catch(submitted.reject);
    return { submitted: submitted.promise, ending };
  });
  await Promise.any(transfers.map(({ submitted }) => submitted)).catch(({ errors }: AggregateError) => {
    throw errors[0] ?? new ApiError('ServiceUnavailableError', 'No node is ready: try again later.');
  });
  streamLines(request, async (writeLine, signal) => {
    const follow = async ({ submitted, ending }: (typeof transfers)[number]) => {
      let rest = '';
      for await (const { chunk } of parts.jobs.output(await submitted, 0, signal)) {
        // stdout has a line of JSON for each change of a layer, stderr has podman's messages. A long output can be cut at
        // any byte.
        if (chunk?.stream !== 'stdout') continue;
        const lines = `${rest}${Buffer.from(chunk.bytes)}`.split('\n');
        rest = lines.pop() ?? '';
        for (const text of lines) if (text !== '') await writeLine(toProgress(text));
      }
      await ending;
    };
    await writeLine({ status: title });
    const failed = (await Promise.allSettled(transfers.map(follow))).find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
  });
}

/** Turns a change of a layer into a line of Docker's progress. */
function toProgress(text: string): object {
  const change = parseObject(text, 'a line of progress');
  const [current, total] = [field(change, 'bytes'), field(change, 'total_bytes')];
  const id = shortId(stringField(change, 'layer'));
  return { status: stringField(change, 'status'), id, progressDetail: current === undefined ? {} : { current, total } };
}
