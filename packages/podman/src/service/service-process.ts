import { rm } from 'node:fs/promises';
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { waitAtMost } from '@podman-api/runtime';
import { type PodmanHost, parentDeathPrefix, spawn } from '../process/spawn.ts';

/** Time limit for the process to accept its first request; it takes 50 ms on an idle machine. */
const startTimeoutMs = 30_000;
const startPollIntervalMs = 20;
/** Time limit for one of the requests that try whether the process answers. */
const pingTimeoutMs = 1000;
/** Maximum size of the answer to the first request. */
const maxPingBytes = 1024;
/** Time for the process to end after SIGTERM. */
const endGraceMs = 2000;
/** Maximum number of concurrent requests to the process; more wait here. */
const maxConnections = 8;

/** A response of podman's service. */
interface ServiceResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Limits of a request. */
export interface RequestLimits {
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/** A running `podman system service`. It does not outlive this process. */
export class ServiceProcess {
  readonly #socketPath: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: maxConnections });
  readonly #process;
  readonly #ended: Promise<unknown>;
  #version = '';
  #isEnded = false;
  readonly #requests = new Set<Promise<unknown>>();

  private constructor(host: PodmanHost, socketPath: string) {
    this.#socketPath = socketPath;
    const [program, ...args] = [...parentDeathPrefix, host.binary, 'system', 'service', '--time=0', '--', `unix://${socketPath}`];
    // Memory matters more than in a podman that lives for 30 ms: Go's own default.
    this.#process = spawn(host, program, args, { stdio: ['ignore', 'ignore', 'ignore'], env: { GOGC: '100' } });
    this.#ended = this.#process.then(() => {
      this.#isEnded = true;
      this.#agent.destroy();
      return rm(socketPath, { force: true });
    });
  }

  /**
   * Starts a service that listens on a new socket.
   * @returns `undefined` if it does not start, as without setpriv, or if the signal was aborted
   */
  static async start(host: PodmanHost, socketPath: string, signal: AbortSignal): Promise<ServiceProcess | undefined> {
    const service = new ServiceProcess(host, socketPath);
    const deadlineMs = performance.now() + startTimeoutMs;
    while (!service.#isEnded && !signal.aborted && performance.now() < deadlineMs) {
      if (await service.#readVersion(signal)) return service;
      await delay(startPollIntervalMs);
    }
    await service.end();
    return undefined;
  }

  /** Whether the process has ended. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /**
   * Reads from podman's own API.
   * @param path below `/libpod`
   * @throws Error if there is no response within the limits
   */
  get(path: string, limits: RequestLimits): Promise<ServiceResponse> {
    // With the version of the service itself in the path, its responses have the format of the command. With an older version,
    // they have an older format.
    return this.#send(`/v${this.#version}/libpod${path}`, limits);
  }

  /** Ends the process once it has answered all requests. */
  async end(): Promise<void> {
    await Promise.allSettled(this.#requests);
    this.#process.kill('SIGTERM');
    await waitAtMost(endGraceMs, this.#ended);
    if (!this.#isEnded) this.#process.kill('SIGKILL');
    await this.#ended;
  }

  async #readVersion(signal: AbortSignal): Promise<boolean> {
    const response = await this.#send('/_ping', {
      maxBytes: maxPingBytes,
      signal: AbortSignal.any([signal, AbortSignal.timeout(pingTimeoutMs)]),
    }).catch(() => undefined);
    this.#version = String(response?.headers['libpod-api-version'] ?? '');
    return this.#version !== '';
  }

  #send(path: string, { maxBytes, signal }: RequestLimits): Promise<ServiceResponse> {
    const { promise, resolve, reject } = Promise.withResolvers<ServiceResponse>();
    this.#requests.add(promise);
    const sent = request({ socketPath: this.#socketPath, agent: this.#agent, path, headers: { host: 'podman' }, signal }, response => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes <= maxBytes) return void chunks.push(chunk);
        reject(new Error(`the response is longer than ${maxBytes} bytes`));
        sent.destroy();
      });
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() });
      });
      response.on('error', reject);
    });
    sent.on('error', reject).end();
    return promise.finally(() => this.#requests.delete(promise));
  }
}
