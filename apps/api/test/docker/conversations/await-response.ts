import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** The beginning of a response. */
export interface ReceivedResponse {
  readonly response: IncomingMessage;
  /** The connection, if the API has handed it over. */
  readonly socket?: Duplex;
  /** What the API has sent: the body, or the bytes of the connection. */
  readonly stream: Duplex | IncomingMessage;
}

/** Waits for the headers of a response. The data of its stream begins to flow with the first listener. */
export function awaitResponse(sent: ClientRequest): Promise<ReceivedResponse> {
  return new Promise((resolve, reject) => {
    sent.once('upgrade', (response, socket, head) => {
      if (head.length > 0) socket.unshift(head);
      resolve({ response, socket, stream: socket });
    });
    sent.once('response', response => resolve({ response, stream: response }));
    sent.once('error', reject);
  });
}
