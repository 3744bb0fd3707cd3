import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import type { Lease } from '@podman-api/cluster';
import { ApiError } from '@podman-api/errors';
import { endLease, type RemovalParts } from '../sessions/remove-leased.ts';
import { type FilterSet, readFilterSets } from './filter-sets.ts';

/** Interval between two renewals of the leases. */
const renewIntervalMs = 5000;
/** How long Ryuk waits for its first connection, and for another one after the last; the defaults of Ryuk 0.14. */
const timeoutsMs = { connection: 60_000, reconnection: 10_000 } as const;

/** Connections at the same time, and filter sets of all of them: each set is a lease. */
const maxConnections = 100;
const maxFilterSets = 1000;

/** How a Ryuk was created. */
export interface RyukOptions {
  readonly name: string;
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The port that it listens on in Docker, such as `8080/tcp`. */
  readonly port: string;
  /** Port of this host that clients connect to; 0 lets the system choose. */
  readonly hostPort: number;
  /** Address of this host to listen on; `undefined` if clients connect by tunnels. */
  readonly host: string | undefined;
  /** Name of the client's token; `null` without tokens. */
  readonly token: string | null;
  /** The session of `podman-api proxy` that it belongs to. */
  readonly session: { readonly id: string; readonly node: string } | undefined;
}

/**
 * An emulated container of the image `testcontainers/ryuk`: it receives filter sets from clients, and when the last client has
 * disconnected, everything with their labels is removed. The filter sets are leases, so that this happens too if this process
 * dies.
 */
export class RyukContainer {
  readonly id = randomBytes(32).toString('hex');
  readonly createdAtMs = Date.now();
  readonly options: RyukOptions;
  /** Aborted when it has ended. */
  readonly ended = new AbortController();
  startedAtMs: number | undefined;
  hostPort = 0;
  readonly #parts: RemovalParts;
  readonly #leases = new Map<string, Lease>();
  readonly #outputs = new Set<Writable>();
  #server: Server | undefined;
  #renewal: NodeJS.Timeout | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor(parts: RemovalParts, options: RyukOptions) {
    this.#parts = parts;
    this.options = options;
    this.#startIdleTimer(timeoutsMs.connection);
  }

  get isRunning(): boolean {
    return this.startedAtMs !== undefined && !this.ended.signal.aborted;
  }

  /** Starts to accept connections. A Ryuk that is not started in time ends. @throws ApiError (409) if the port cannot be listened on */
  async start(): Promise<void> {
    if (this.startedAtMs !== undefined) return;
    const { host, hostPort } = this.options;
    if (host === undefined) this.hostPort = hostPort;
    else {
      const server = createServer({ allowHalfOpen: true }, socket => {
        socket.on('error', () => socket.destroy());
        void this.serve(socket, socket);
      });
      server.maxConnections = maxConnections;
      server.listen({ host, port: hostPort });
      await once(server, 'listening').catch(() => {
        throw new ApiError('ConflictError', `The port ${hostPort} of ${host} cannot be listened on: choose another, or 0.`);
      });
      this.#server = server;
      const address = server.address();
      this.hostPort = typeof address === 'object' && address !== null ? address.port : hostPort;
    }
    this.startedAtMs = Date.now();
    this.#renewal = setInterval(() => void this.#renew(), renewIntervalMs);
    this.#startIdleTimer(timeoutsMs.connection);
  }

  /** Serves a connection until the client disconnects. */
  async serve(input: Readable, output: Writable): Promise<void> {
    clearTimeout(this.#idle);
    this.#outputs.add(output);
    const closed = new AbortController();
    if (output.destroyed) closed.abort('gone');
    output.once('close', () => closed.abort('gone'));
    await readFilterSets(input, output, labels => this.#add(labels), closed.signal).catch(() => {});
    this.#outputs.delete(output);
    output.end();
    if (this.#outputs.size === 0 && !this.ended.signal.aborted) this.#startIdleTimer(timeoutsMs.reconnection);
  }

  /** Ends it, and removes everything with the labels of its filter sets; what cannot be removed now is removed later. */
  async end(): Promise<void> {
    if (this.ended.signal.aborted) return;
    this.disconnect();
    await Promise.all([...this.#leases.values()].map(lease => endLease(this.#parts, lease))).catch((error: unknown) =>
      this.#parts.log.warn({ err: error }, 'could not remove everything of a Testcontainers session; trying again'),
    );
  }

  /** Ends it without removing anything: its leases lapse. */
  disconnect(): void {
    this.ended.abort('ended');
    clearTimeout(this.#idle);
    clearInterval(this.#renewal);
    this.#server?.close();
    for (const output of this.#outputs) output.destroy();
  }

  async #add(labels: FilterSet): Promise<void> {
    const key = labels.toSorted().join('\n');
    const { token, session } = this.options;
    if (this.#leases.size >= maxFilterSets && !this.#leases.has(key)) throw new Error('there are too many filter sets');
    const lease = this.#leases.get(key) ?? { id: randomBytes(16).toString('hex'), labels, node: session?.node ?? null, token };
    await this.#parts.leases.renew(lease);
    this.#leases.set(key, lease);
  }

  /** Renews the leases; one that lapsed while Redis was unavailable is created again. */
  async #renew(): Promise<void> {
    await Promise.all([...this.#leases.values()].map(lease => this.#parts.leases.renew(lease))).catch(() => {});
  }

  #startIdleTimer(timeoutMs: number): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => void this.end(), timeoutMs);
  }
}
