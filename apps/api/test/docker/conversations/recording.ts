import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { decodeBody } from './bodies.ts';
import type { RecordedHeaders, Step } from './steps.ts';

/** Headers on which the meaning of a request or a response depends. */
const keptHeaders: ReadonlySet<string> = new Set([
  ...['content-type', 'upgrade', 'x-tc-sid'],
  ...['api-version', 'ostype', 'docker-experimental', 'builder-version', 'x-docker-container-path-stat'],
]);

interface SeenStep {
  readonly step: Step['step'];
  readonly exchange: RecordedExchange;
  readonly input?: Buffer;
}

/** Collects the requests of a conversation with what was recorded of each, in their order. */
export class Recording {
  readonly #seen: SeenStep[] = [];
  #exchanges = 0;

  /** Notes a request. */
  begin(request: IncomingMessage): RecordedExchange {
    this.#exchanges += 1;
    const exchange = new RecordedExchange(this.#exchanges, request, (step, input) =>
      this.#seen.push({ step, exchange, ...(input && { input }) }),
    );
    this.#seen.push({ step: 'request', exchange });
    return exchange;
  }

  /** Returns the requests. */
  steps(): Promise<readonly Step[]> {
    return Promise.all(this.#seen.map(({ step, exchange, input }) => exchange.toStep(step, input)));
  }
}

/** A request, and what is seen of it. */
export class RecordedExchange {
  readonly #number: number;
  readonly #request: { readonly method: string; readonly path: string; readonly headers: RecordedHeaders };
  readonly #note: (step: Step['step'], input?: Buffer) => void;
  readonly #sent: Buffer[] = [];
  readonly #received: Buffer[] = [];
  #response: { readonly status: number; readonly headers: RecordedHeaders } | undefined;
  #isOpen = true;
  #isOver = false;
  #isCut = false;

  constructor(number: number, { method = 'GET', url = '/', headers }: IncomingMessage, note: (step: Step['step'], input?: Buffer) => void) {
    this.#number = number;
    this.#request = { method, path: url, headers: keep(headers) };
    this.#note = note;
  }

  /** Notes bytes of the client: of the body before the response, and input after it. */
  send(bytes: Buffer): void {
    if (!this.#response) this.#sent.push(bytes);
    else if (!this.#isOver) this.#note('input', bytes);
  }

  /** Notes the end of the body, or of the input. */
  endSending(): void {
    if (!this.#response) this.#isOpen = false;
    else if (!this.#isOver) this.#note('input_end');
  }

  /** Notes the status and the headers of the response. */
  respond({ statusCode = 0, headers }: IncomingMessage): void {
    this.#response = { status: statusCode, headers: keep(headers) };
    this.#note('response');
  }

  receive(bytes: Buffer): void {
    if (!this.#isOver) this.#received.push(bytes);
  }

  /** Notes the end of the response. @param isCut whether the client has disconnected before */
  end(isCut: boolean): void {
    if (this.#isOver || !this.#response) return;
    this.#isOver = true;
    this.#isCut = isCut;
    this.#note('end');
  }

  async toStep(step: Step['step'], input: Buffer | undefined): Promise<Step> {
    const exchange = this.#number;
    const { status = 0, headers = {} } = this.#response ?? {};
    switch (step) {
      case 'request': {
        const body = await decodeBody(this.#request.headers['content-type'], Buffer.concat(this.#sent));
        return { step, exchange, ...this.#request, body, ...(this.#isOpen && { isOpen: true }) };
      }
      case 'response':
        return { step, exchange, status, headers };
      case 'input':
        return { step, exchange, text: input?.toString() ?? '' };
      case 'input_end':
        return { step, exchange };
      case 'end':
        return {
          ...{ step, exchange, body: await decodeBody(headers['content-type'], Buffer.concat(this.#received)) },
          ...(this.#isCut && { byClient: true }),
        };
    }
  }
}

function keep(headers: IncomingHttpHeaders): RecordedHeaders {
  return Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (keptHeaders.has(name) ? [[name, String(value)]] : [])));
}
