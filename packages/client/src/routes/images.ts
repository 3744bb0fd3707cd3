import type { HttpClient } from '../http/http-client.ts';
import { path, type UploadContent } from '../http/request.ts';
import { readResponse } from '../http/response.ts';
import { type CallOptions, type ChangeOptions, readField, readFleetList, runJob, submitJob } from '../jobs/run-job.ts';
import { sleep } from '../sleep.ts';
import type {
  BuiltImage,
  ImageDetails,
  ImageList,
  ImagesQuery,
  Job,
  ListedImage,
  LoadedImage,
  NodeQuery,
  PrunedImage,
  PrunedImageList,
  PruneImagesRequest,
  PulledImage,
  PulledImages,
  PullJobs,
  PullRequest,
  PushedImage,
  PushRequest,
  RemovedImage,
  TaggedImage,
} from '../types.ts';

/** Options of a build; see the API's documentation. */
export interface BuildOptions extends CallOptions {
  readonly tag: string;
  readonly file?: string;
  readonly target?: string;
  /** Values of `ARG`s, by name. */
  readonly build_arg?: Readonly<Record<string, string>>;
  /** Labels of the image, by name. */
  readonly label?: Readonly<Record<string, string>>;
  readonly platform?: string;
  readonly pull?: boolean;
  readonly memory?: string | number;
  readonly cpus?: string | number;
  readonly node?: string;
  /** Whether the archive is compressed with gzip; default: false. */
  readonly isCompressed?: boolean;
  /** Called with the job once it is submitted; `jobs.output` follows what podman prints. */
  onJob?(job: Job<BuiltImage>): void;
}

/** Interval between two searches for the job of a build. */
const jobPollIntervalMs = 200;
/** Number of latest builds in which the job is searched for. */
const latestBuilds = 100;

/**
 * Finds the job of a build by its request, because the response comes at the end.
 * @param hasEnded whether there is a response; then the job is searched for once more
 * @returns `undefined` if the build was refused before it had a job
 */
async function findBuildJob(
  http: HttpClient,
  requestId: string,
  hasEnded: () => boolean,
  signal: AbortSignal | undefined,
): Promise<Job<BuiltImage> | undefined> {
  const query = { operation: 'image.build', limit: latestBuilds };
  for (;;) {
    const isLast = hasEnded();
    const { jobs } = await http.send<{ readonly jobs: readonly Job<BuiltImage>[] }>({ method: 'GET', path: '/jobs', query, signal });
    const job = jobs.find(({ request_id }) => request_id === requestId);
    if (job || isLast) return job;
    await sleep(jobPollIntervalMs, signal);
  }
}

/** Creates the calls for images. `reference` is a name, such as `docker.io/library/alpine:3.20`, or an id. */
export function createImagesApi(http: HttpClient) {
  const post = (target: string, body: object, query?: object) => ({ method: 'POST', path: target, body, query }) as const;
  return {
    /** Lists the images of all nodes. */
    list: async (query: ImagesQuery = {}, options?: CallOptions): Promise<ImageList> => {
      const { items, unreachable } = await readFleetList<'images', ListedImage>(
        http,
        { method: 'GET', path: '/images', query },
        'images',
        options,
      );
      return { images: items, unreachable };
    },
    inspect: (reference: string, query: NodeQuery = {}, options?: CallOptions): Promise<ImageDetails> =>
      readField(http, { method: 'GET', path: path`/images/${reference}`, query }, 'image', options),
    /** Pulls an image on one node. */
    pull: (body: PullRequest, options?: ChangeOptions): Promise<PulledImage> => runJob(http, post('/images/pull', body), options),
    /** Submits a pull on one node and returns its job without waiting; `jobs.output` follows its progress. */
    submitPull: (body: PullRequest, options?: ChangeOptions): Promise<Job<PulledImage>> =>
      submitJob(http, post('/images/pull', body), options),
    /** Pulls an image on all nodes, or on those with some labels; waits as long as the API does. */
    pullOnNodes: async (body: PullRequest, { signal }: CallOptions = {}): Promise<PulledImages> => {
      const { images, failed } = await http.send<PulledImages>({ ...post('/images/pull', body), signal });
      return { images, failed };
    },
    /** Submits a pull on all nodes, or on those with some labels, and returns a job for each without waiting. */
    submitPullOnNodes: async (body: PullRequest, { signal, idempotencyKey }: ChangeOptions = {}): Promise<PullJobs> => {
      signal?.throwIfAborted();
      const headers = { Prefer: 'respond-async', ...(idempotencyKey !== undefined && { 'Idempotency-Key': idempotencyKey }) };
      const { jobs, failed } = await http.send<PullJobs>({ ...post('/images/pull', body), headers }, { signal });
      return { jobs, failed };
    },
    /** Submits a push and returns its job without waiting; `jobs.output` follows its progress. */
    submitPush: (body: PushRequest, query: NodeQuery = {}, options?: ChangeOptions): Promise<Job<PushedImage>> =>
      submitJob(http, post('/images/push', body, query), options),
    /**
     * Opens an image as a tar archive in the format of `docker save`.
     * @throws ApiError, UnreachableError, or the reason of the signal
     */
    async export(
      reference: string,
      { signal, ...query }: CallOptions & { readonly node?: string } = {},
    ): Promise<ReadableStream<Uint8Array>> {
      const headers = { Accept: '*/*' };
      const response = await http.open({ method: 'GET', path: '/images/export', query: { reference, ...query }, headers, signal });
      return response.ok && response.body ? response.body : readResponse<never>(response);
    },
    /**
     * Loads the images of a tar archive on a node; default: the least loaded. It is sent once.
     * @throws ApiError, UnreachableError, or the reason of the signal
     */
    async load(
      content: UploadContent,
      { signal, isCompressed = false, ...query }: CallOptions & { readonly node?: string; readonly isCompressed?: boolean } = {},
    ): Promise<readonly LoadedImage[]> {
      const headers = { 'Content-Type': 'application/x-tar', ...(isCompressed && { 'Content-Encoding': 'gzip' }) };
      const response = await http.open({ method: 'POST', path: '/images/load', query, bytes: content, isLong: true, headers, signal });
      return (await readResponse<{ readonly images: readonly LoadedImage[] }>(response)).images;
    },
    /**
     * Builds an image of a tar archive with its context. It is sent once, and an abort cancels the build.
     * @throws ApiError, UnreachableError, or the reason of the signal
     */
    async build(
      content: UploadContent,
      { signal, isCompressed = false, build_arg = {}, label = {}, onJob, ...query }: BuildOptions,
    ): Promise<BuiltImage> {
      const requestId = crypto.randomUUID();
      const type = { 'Content-Type': 'application/x-tar', ...(isCompressed && { 'Content-Encoding': 'gzip' }) };
      const toPairs = (given: Readonly<Record<string, string>>) => Object.entries(given).map(([name, value]) => `${name}=${value}`);
      const request = {
        method: 'POST',
        path: '/images/build',
        query: { ...query, build_arg: toPairs(build_arg), label: toPairs(label) },
        bytes: content,
        isLong: true,
        headers: { ...type, 'X-Request-Id': requestId },
        signal,
      } as const;
      let hasEnded = false;
      const finding = onJob && findBuildJob(http, requestId, () => hasEnded, signal).then(job => job && onJob(job));
      // Without the job there is no output, but the build still has its result or error.
      finding?.catch(() => {});
      try {
        return (await readResponse<{ readonly image: BuiltImage }>(await http.open(request))).image;
      } finally {
        hasEnded = true;
        await finding?.catch(() => {});
      }
    },
    push: (body: PushRequest, query: NodeQuery = {}, options?: ChangeOptions): Promise<PushedImage> =>
      runJob(http, post('/images/push', body, query), options),
    tag: (source: string, body: { readonly reference: string }, query: NodeQuery = {}, options?: ChangeOptions) =>
      runJob<TaggedImage>(http, post(path`/images/${source}/tag`, body, query), options),
    remove: (
      reference: string,
      query: NodeQuery & { readonly force?: boolean | undefined } = {},
      options?: ChangeOptions,
    ): Promise<RemovedImage> => runJob(http, { method: 'DELETE', path: path`/images/${reference}`, query }, options),
    /** Removes the images that no container uses, on all nodes or on one. */
    prune: async (body: PruneImagesRequest = {}, query: NodeQuery = {}, options?: CallOptions): Promise<PrunedImageList> => {
      const request = post('/images/prune', body, query);
      const { items, unreachable } = await readFleetList<'images', PrunedImage>(http, request, 'images', options);
      return { images: items, unreachable };
    },
  };
}
