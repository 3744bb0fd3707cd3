import { once } from 'node:events';
import { request } from 'node:http';
import type { Duplex } from 'node:stream';
import { until } from '@podman-api/testing';
import { awaitResponse, type ReceivedResponse } from './await-response.ts';
import { decodeBody, encodeBody } from './bodies.ts';
import { compareBody, compareJson, type Differences } from './compare.ts';
import { ownCreation } from './own-creation.ts';
import { Bindings } from './placeholders.ts';
import type { Conversation, Step } from './steps.ts';

/** A step of one kind. */
type StepOf<Name extends Step['step']> = Extract<Step, { readonly step: Name }>;

/**
 * Sends the requests of a recorded client to a Docker-compatible API, one step after the other, and compares the responses with the
 * recorded ones. Stops at the first response that differs; what the requests have created is removed after the tests of the file.
 * @param url `http://…`
 * @returns the differences of that response, each with its request; empty if there are none
 */
export async function replayConversation(url: string, { steps }: Conversation): Promise<Differences> {
  const exchanges = new Map<number, ReplayedExchange>();
  const bindings = new Bindings();
  try {
    for (const step of steps) {
      if (step.step === 'request') exchanges.set(step.exchange, await ReplayedExchange.send(url, step, bindings));
      const exchange = exchanges.get(step.exchange);
      if (!exchange) throw new Error(`the fixture has no request ${step.exchange}`);
      const differences = await exchange.play(step, bindings);
      if (differences.length > 0) return differences.map(difference => `${exchange.title}: ${difference}`);
    }
    return [];
  } finally {
    for (const exchange of exchanges.values()) exchange.close();
  }
}

/** A request that was sent. */
class ReplayedExchange {
  readonly title: string;
  readonly #path: string;
  readonly #sent: ReturnType<typeof request>;
  readonly #response: Promise<ReceivedResponse>;
  readonly #received: Buffer[] = [];
  #socket: Duplex | undefined;

  private constructor(method: string, path: string, sent: ReturnType<typeof request>) {
    this.title = `${method} ${path}`;
    this.#path = path;
    this.#sent = sent;
    this.#response = awaitResponse(sent).then(received => {
      this.#socket = received.socket;
      received.stream.on('data', (bytes: Buffer) => this.#received.push(bytes));
      received.stream.on('error', () => {});
      return received;
    });
    this.#response.catch(() => {});
  }

  /** Sends a request with its body; ends the body unless the client left it open. */
  static async send(url: string, step: StepOf<'request'>, bindings: Bindings): Promise<ReplayedExchange> {
    const { hostname, port } = new URL(url);
    const { method, headers } = step;
    const path = bindings.fill(step.path);
    const filled = fillBody(step, bindings);
    ownCreation(path, filled);
    const body = await encodeBody(filled);
    const upgrade = headers['upgrade'] === undefined ? {} : { connection: 'Upgrade' };
    const length = step.isOpen || (method !== 'POST' && body.length === 0) ? {} : { 'content-length': body.length };
    const all = { ...headers, ...upgrade, ...length };
    const sent = request({ host: hostname, port, method, path, headers: all, agent: false });
    const exchange = new ReplayedExchange(method, path, sent);
    if (body.length > 0) sent.write(body);
    if (!step.isOpen) sent.end();
    return exchange;
  }

  /** Does what the client did, or compares the response with the recorded one. */
  async play(step: Step, bindings: Bindings): Promise<Differences> {
    switch (step.step) {
      case 'request':
        return [];
      case 'response': {
        const { statusCode, headers } = (await this.#response).response;
        const { status, headers: expected } = step;
        return compareJson({ status, headers: expected }, { status: statusCode, headers }, bindings, 'the response');
      }
      case 'input':
        (this.#socket ?? this.#sent).write(bindings.fill(step.text));
        return [];
      case 'input_end':
        (this.#socket ?? this.#sent).end();
        return [];
      case 'end':
        return this.#compareEnd(step, bindings);
    }
  }

  close(): void {
    this.#socket?.destroy();
    this.#sent.destroy();
  }

  async #compareEnd({ body, byClient }: StepOf<'end'>, bindings: Bindings): Promise<Differences> {
    const isCut = byClient === true;
    const { response, stream } = await this.#response;
    const compare = async () => {
      const attempt = bindings.clone();
      const actual = await decodeBody(response.headers['content-type'], Buffer.concat(this.#received));
      ownCreation(this.#path, actual);
      const differences = compareBody(body, actual, attempt, isCut);
      if (differences.length === 0) bindings.assign(attempt);
      return differences;
    };
    if (!isCut) {
      if (!stream.readableEnded) await Promise.race([once(stream, 'end'), once(stream, 'close')]);
      return compare();
    }
    let differences = await compare();
    // It ends by itself, or the time limit of the test ends it.
    await until(async () => {
      differences = await compare();
      return differences.length === 0 || stream.readableEnded;
    });
    this.close();
    return differences;
  }
}

function fillBody({ body }: StepOf<'request'>, bindings: Bindings): StepOf<'request'>['body'] {
  const filled: StepOf<'request'>['body'] = JSON.parse(bindings.fill(JSON.stringify(body)));
  return filled;
}
