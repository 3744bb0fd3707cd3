import Joi from 'joi';
import { containerName } from '../../schemas/names.ts';
import { anyText, listOf, part, shape } from '../../schemas/shape.ts';
import { defineContainerOperation } from '../define-container-operation.ts';

interface ChangesInput {
  readonly name: string;
}

const kinds = ['added', 'changed', 'deleted'] as const;

interface FileChange {
  readonly path: string;
  readonly kind: (typeof kinds)[number];
}

interface ContainerChanges {
  readonly name: string;
  readonly changes: readonly FileChange[];
  /** Whether there are more changes than the response holds. */
  readonly truncated: boolean;
}

/** Maximum podman output that is read, and maximum number of changes in a response. */
const maxBytes = 4 * 1024 ** 2;
const maxChanges = 10_000;

/** Lists the changes of a container's file system since it was created from its image. */
export const changes = defineContainerOperation<ChangesInput, ContainerChanges>({
  name: 'container.changes',
  method: 'GET',
  path: '/containers/:name/changes',
  scope: 'containers:read',
  input: Joi.object<ChangesInput>({ name: containerName().required() }),
  lane: 'reads',
  isRepeatable: true,
  noun: 'container',
  summary: 'Lists the changes in the file system of a container',
  description: 'Compares the container with its image; volumes are left out. At most 10,000 changes, sorted by kind and path.',
  results: {
    200: shape<ContainerChanges>('ContainerChanges', {
      name: containerName(),
      changes: listOf(part<FileChange>({ path: anyText(), kind: Joi.valid(...kinds) })),
      truncated: Joi.boolean().description('Whether there are more changes than the response holds.'),
    }),
  },
  example: {
    input: { name: 'web' },
    result: { name: 'web', changes: [{ path: '/var/log/nginx/access.log', kind: 'added' }], truncated: false },
  },
  async run(podman, { name }, { signal }) {
    const bytes = await podman.read(['diff', '--format=json', '--', name], maxBytes, { signal });
    const all = parseChanges(new TextDecoder().decode(bytes));
    return { name, changes: all.slice(0, maxChanges), truncated: bytes.length >= maxBytes || all.length > maxChanges };
  },
});

/** A string in JSON, and the colon after it if it is a key. */
const jsonString = /"(?:[^"\\]|\\.)*"(\s*:)?/g;

/** Parses podman's lists of paths by kind, also if their end was cut off. */
function parseChanges(json: string): FileChange[] {
  let kind: FileChange['kind'] | undefined;
  const found: FileChange[] = [];
  for (const [match, colon] of json.matchAll(jsonString)) {
    const text = String(JSON.parse(colon === undefined ? match : match.slice(0, -colon.length)));
    if (colon !== undefined) kind = kinds.find(one => one === text);
    else if (kind) found.push({ path: text, kind });
  }
  return found;
}
