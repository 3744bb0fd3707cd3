import { randomBytes, randomInt } from 'node:crypto';
import { ApiError } from '@podman-api/errors';
import { hasLabels, sessionLabel } from '@podman-api/operations';
import { requesterOf } from '../../context.ts';
import type { Filters } from '../filters.ts';
import { field, objectField, objectsIn, textField } from '../json.ts';
import { type DockerRequest, notImplemented, queryText } from '../route.ts';
import { RyukContainer } from './ryuk-container.ts';

/** Ports of Ryuks that are reached by tunnels: above those that Linux chooses for the containers of nodes (ip_local_port_range). */
const tunnelPorts = { min: 61_000, max: 65_535 } as const;
/** Ryuks at the same time; each is one process of tests, or one proxy. */
const maxRyuks = 1000;

/** Whether a reference is that of Testcontainers' Ryuk, from any registry. */
export function isRyukImage(reference: string): boolean {
  return /(^|\/)testcontainers\/ryuk(:|@|$)/.test(reference);
}

/** The Ryuks that clients of this process have created. */
export class RyukContainers {
  readonly #host: string | undefined;
  readonly #containers = new Map<string, RyukContainer>();

  /** @param host address of this host that clients without a tunnel reach; `undefined` if there is none that only they reach */
  constructor(host: string | undefined) {
    this.#host = host;
  }

  /**
   * Creates a Ryuk from the body of a create. Mounts and all else that a container has are ignored, because nothing runs.
   * @throws ApiError (409) if the name is in use, (501) if clients could not reach it
   */
  create(request: DockerRequest, body: object): RyukContainer {
    const { ctx, parts } = request;
    const session = ctx.state.dockerSession;
    if (!session && this.#host === undefined)
      throw notImplemented('Ryuk', 'run the tests by "podman-api proxy", or set TESTCONTAINERS_RYUK_DISABLED=true');
    if (this.#containers.size >= maxRyuks) throw new ApiError('ServiceUnavailableError', 'There are too many Ryuks: try again later.');
    const name = queryText(request, 'name')?.replace(/^\//, '') ?? `ryuk-${randomBytes(6).toString('hex')}`;
    if ([...this.#containers.values()].some(one => one.options.name === name))
      throw new ApiError('ConflictError', `The container name ${name} is already in use: choose another.`);
    const [port = '8080/tcp'] = Object.keys(objectField(body, 'ExposedPorts'));
    const [binding] = objectsIn(field(objectField(objectField(body, 'HostConfig'), 'PortBindings'), port));
    const wantedPort = Number(binding && textField(binding, 'HostPort')) || 0;
    const labels = Object.fromEntries(Object.entries(objectField(body, 'Labels')).map(([label, value]) => [label, String(value)]));
    const container = new RyukContainer(parts, {
      name,
      image: textField(body, 'Image'),
      labels: session ? { ...labels, [sessionLabel]: session.id } : labels,
      port,
      hostPort: session && wantedPort === 0 ? randomInt(tunnelPorts.min, tunnelPorts.max + 1) : wantedPort,
      host: session ? undefined : this.#host,
      token: requesterOf(ctx).token,
      session,
    });
    this.#containers.set(container.id, container);
    const remove = () => this.#containers.delete(container.id);
    container.ended.signal.addEventListener('abort', remove, { once: true });
    parts.draining.addEventListener('abort', () => container.disconnect(), { once: true });
    return container;
  }

  /** Returns the Ryuk of the caller with an id or name. */
  find({ ctx }: DockerRequest, reference: string): RyukContainer | undefined {
    const { token } = requesterOf(ctx);
    return [...this.#containers.values()].find(
      ({ id, options }) =>
        options.token === token &&
        options.session?.id === ctx.state.dockerSession?.id &&
        (options.name === reference || (reference.length >= 12 && id.startsWith(reference))),
    );
  }

  /** Returns the Ryuks of the caller that pass the filters of a list. */
  list(request: DockerRequest, isAll: boolean, { label, name, id, status, ...others }: Filters): readonly RyukContainer[] {
    if (Object.keys(others).length > 0) return [];
    return [...this.#containers.values()].filter(
      one =>
        this.find(request, one.id) === one &&
        (isAll || one.isRunning || status !== undefined) &&
        (status === undefined || status.includes(one.isRunning ? 'running' : 'created')) &&
        (name === undefined || name.some(part => one.options.name.includes(part.replace(/^\^?\/?|\$$/g, '')))) &&
        (id === undefined || id.some(start => one.id.startsWith(start))) &&
        hasLabels(one.options.labels, label),
    );
  }
}
