import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** The beginning of an answer. */
export interface ReceivedAnswer {
  readonly answer: IncomingMessage;
  /** The connection, if the API has handed it over. */
  readonly socket?: Duplex;
  /** What the API has sent: the body, or the bytes of the connection. */
  readonly stream: Duplex | IncomingMessage;
}

/** Waits for the headers of an answer. The data of its stream begins to flow with the first listener. */
export function awaitAnswer(sent: ClientRequest): Promise<ReceivedAnswer> {
  return new Promise((resolve, reject) => {
    sent.once('upgrade', (answer, socket, head) => {
      if (head.length > 0) socket.unshift(head);
      resolve({ answer, socket, stream: socket });
    });
    sent.once('response', answer => resolve({ answer, stream: answer }));
    sent.once('error', reject);
  });
}
