import type { HttpClient } from '../http/http-client.ts';
import { path } from '../http/request.ts';
import { type CallOptions, type ChangeOptions, readField, runJob, submitJob } from '../jobs/run-job.ts';
import type {
  ImageDetails,
  ImagesQuery,
  Job,
  ListedImage,
  PrunedImage,
  PruneImagesRequest,
  PulledImage,
  PulledImages,
  PullRequest,
  PushedImage,
  PushRequest,
  RemovedImage,
  TaggedImage,
} from '../types.ts';

/** Creates the calls for images. `reference` is a name, such as `docker.io/library/alpine:3.20`, or an id. */
export function createImagesApi(http: HttpClient) {
  const post = (target: string, body: object, query?: object) => ({ method: 'POST', path: target, body, query }) as const;
  return {
    /** Lists the images of all nodes. */
    list: (query: ImagesQuery = {}, options?: CallOptions): Promise<readonly ListedImage[]> =>
      readField(http, { method: 'GET', path: '/images', query }, 'images', options),
    inspect: (reference: string, query: { readonly node?: string } = {}, options?: CallOptions): Promise<ImageDetails> =>
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
    push: (body: PushRequest, query: { readonly node?: string } = {}, options?: ChangeOptions): Promise<PushedImage> =>
      runJob(http, post('/images/push', body, query), options),
    tag: (source: string, body: { readonly reference: string }, query: { readonly node?: string } = {}, options?: ChangeOptions) =>
      runJob<TaggedImage>(http, post(path`/images/${source}/tag`, body, query), options),
    remove: (
      reference: string,
      query: { readonly force?: boolean; readonly node?: string } = {},
      options?: ChangeOptions,
    ): Promise<RemovedImage> => runJob(http, { method: 'DELETE', path: path`/images/${reference}`, query }, options),
    /** Removes the images of a node that no container uses. */
    prune: (body: PruneImagesRequest, query: { readonly node: string }, options?: ChangeOptions): Promise<readonly PrunedImage[]> =>
      runJob(http, post('/images/prune', body, query), options),
  };
}
