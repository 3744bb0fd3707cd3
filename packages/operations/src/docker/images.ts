import Joi from 'joi';
import { maskVariable } from '../container/inspect/details.ts';
import { defineRequestedTask } from '../define.ts';
import { type ImageEntry, imageReach, inspectImage } from '../image/lookup/inspect-image.ts';
import { type ListedEntry, readImages } from '../image/lookup/list-images.ts';
import { image } from '../schemas/names.ts';
import { familiarName } from './docker-names.ts';

/** An image in Docker's list; the API reads these fields. */
export interface DockerListedImage {
  readonly Id: string;
  readonly RepoTags: readonly string[];
  readonly RepoDigests: readonly string[];
  readonly Labels: Readonly<Record<string, string>>;
  /** Seconds since 1970. */
  readonly Created: number;
}

/** An image with Docker's fields; the API reads this one. */
export interface DockerImage {
  /** `sha256:` and 64 digits. */
  readonly Id: string;
}

interface ReferenceInput {
  readonly reference: string;
}

/** Lists the images of a node as `docker images` does. */
export const dockerListImages = defineRequestedTask<object, readonly DockerListedImage[]>({
  name: 'docker.list_images',
  scope: 'images:read',
  reach: 'all',
  input: Joi.object({}),
  lane: 'reads',
  isRepeatable: true,
  run: async (podman, _input, { signal }) => (await readImages(podman, signal)).map(toListed),
});

function toListed({ Id, Names, Size, Created, Labels, Digest }: ListedEntry) {
  const names = (Names ?? []).map(familiarName);
  return {
    Id: `sha256:${Id}`,
    RepoTags: names,
    Labels: Labels ?? {},
    Created,
    ParentId: '',
    RepoDigests: Digest ? [...new Set(names.map(name => `${name.replace(/:[^/:]*$/, '')}@${Digest}`))] : [],
    Size,
    SharedSize: -1,
    VirtualSize: Size,
    Containers: -1,
  };
}

/** Returns an image as `docker image inspect` shows it; values of variables are masked. */
export const dockerInspectImage = defineRequestedTask<ReferenceInput, DockerImage>({
  name: 'docker.inspect_image',
  scope: 'images:read',
  reach: { ...imageReach, isSameOnAllNodes: true },
  input: Joi.object<ReferenceInput>({ reference: image().required() }),
  lane: 'reads',
  isRepeatable: true,
  run: async (podman, { reference }, { signal }) => toDocker(await inspectImage(podman, reference, signal)),
});

function toDocker(entry: ImageEntry) {
  const { Config: config } = entry;
  const names = (entry.RepoTags ?? []).map(familiarName);
  return {
    Id: `sha256:${entry.Id}`,
    RepoTags: names,
    RepoDigests: names.map(name => `${name.replace(/:[^/:]*$/, '')}@${entry.Digest}`),
    Parent: '',
    Comment: '',
    Created: entry.Created,
    Config: {
      User: entry.User,
      Env: (config.Env ?? []).map(variable => maskVariable(variable).join('=')),
      Entrypoint: config.Entrypoint ?? null,
      Cmd: config.Cmd ?? null,
      WorkingDir: config.WorkingDir ?? '',
      ExposedPorts: config.ExposedPorts ?? {},
      Labels: entry.Labels ?? {},
      Volumes: null,
    },
    Architecture: entry.Architecture,
    Os: entry.Os,
    Size: entry.Size,
    VirtualSize: entry.Size,
    GraphDriver: { Name: 'overlay', Data: null },
    RootFS: { Type: 'layers' },
    Metadata: {},
  };
}
