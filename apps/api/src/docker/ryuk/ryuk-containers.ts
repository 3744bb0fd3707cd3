import { randomBytes, randomInt } from 'node:crypto';
import { ApiError, invalidField } from '@podman-api/errors';
import { dockerCreateContainer, hasLabels, sessionLabel, validateInput } from '@podman-api/operations';
import { requesterOf } from '../../context.ts';
import { BodyReader } from '../body-reader.ts';
import type { Filters } from '../filters.ts';
import { field, objectField, objectsIn, stringField } from '../json.ts';
import { type DockerRequest, notImplemented, queryText } from '../route.ts';
import { RyukContainer } from './ryuk-container.ts';

/** Ports of Ryuks that are reached by tunnels: above those that Linux chooses for the containers of nodes (ip_local_port_range). */
const tunnelPorts = { min: 61_000, max: 65_535 } as const;
/** Ryuks of a token at the same time; each is one process of tests, or one proxy. */
const maxRyuksPerToken = 200;
/** Lower ports are those of the host's own services. */
const minHostPort = 1024;

/** Whether a reference is that of Testcontainers' Ryuk, from any registry. */
export function isRyukImage(reference: string): boolean {
  return /(^|\/)testcontainers\/ryuk(:|@|$)/.test(reference);
}

/** The Ryuks that clients of this process have created. */
export class RyukContainers {
  readonly #host: string | undefined;
  readonly #containers = new Map<string, RyukContainer>();

  /** @param host address of this host that only local clients reach; `undefined` if there is none, so that each client needs a tunnel */
  constructor(host: string | undefined) {
    this.#host = host;
  }

  /**
   * Creates a Ryuk from the body of a create. Mounts and all other fields are ignored, because no container runs.
   * @throws ApiError (400) for a field that is not valid, (409) if the name is in use, (501) if clients could not reach it, (429) if the
   *   token has too many
   */
  create(request: DockerRequest, body: object): RyukContainer {
    const { ctx, parts } = request;
    const session = ctx.state.dockerSession;
    if (!session && this.#host === undefined)
      throw notImplemented('Ryuk', 'run the tests with "podman-api proxy", or set TESTCONTAINERS_RYUK_DISABLED=true');
    const { token } = requesterOf(ctx);
    const own = [...this.#containers.values()].filter(({ options }) => options.token === token);
    if (own.length >= maxRyuksPerToken)
      throw new ApiError('RateLimitError', `The token has ${maxRyuksPerToken} Ryuks, which is the limit: end some, and try again.`);
    const name = queryText(request, 'name')?.replace(/^\//, '') ?? `ryuk-${randomBytes(6).toString('hex')}`;
    if ([...this.#containers.values()].some(one => one.options.name === name))
      throw new ApiError('ConflictError', `The container name ${name} is already in use: choose another.`);
    const [port = '8080/tcp'] = Object.keys(objectField(body, 'ExposedPorts'));
    const [binding] = objectsIn(field(objectField(objectField(body, 'HostConfig'), 'PortBindings'), port));
    const wantedPort = Number(binding && stringField(binding, 'HostPort')) || 0;
    if (wantedPort !== 0 && wantedPort < minHostPort)
      throw invalidField('HostConfig.PortBindings', `The HostPort of Ryuk must be 0, or at least ${minHostPort}.`);
    const { image, labels = {} } = validateInput(dockerCreateContainer, {
      name,
      image: stringField(body, 'Image'),
      labels: new BodyReader(body).stringMap('Labels') ?? {},
      expose: [port],
      ...(wantedPort !== 0 && { ports: [`${wantedPort}:${port}`] }),
    });
    const container = new RyukContainer(parts, {
      name,
      image,
      labels: session ? { ...labels, [sessionLabel]: session.id } : labels,
      port,
      hostPort: session && wantedPort === 0 ? randomInt(tunnelPorts.min, tunnelPorts.max + 1) : wantedPort,
      host: session ? undefined : this.#host,
      token,
      session,
    });
    this.#containers.set(container.id, container);
    const disconnect = () => container.disconnect();
    parts.draining.addEventListener('abort', disconnect, { once: true });
    const forget = () => {
      parts.draining.removeEventListener('abort', disconnect);
      this.#containers.delete(container.id);
    };
    container.ended.signal.addEventListener('abort', forget, { once: true });
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
