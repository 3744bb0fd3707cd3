/** One frame that the other end of a channel sent: bytes, or a JSON object. */
export type ChannelFrame = { readonly bytes: Buffer; readonly message?: never } | { readonly message: object; readonly bytes?: never };

/**
 * One end of a channel: bytes and JSON objects in both directions beside a running job, in order and with back-pressure. All
 * methods reject with an `ApiError` once the channel is broken: the other end closed it or died, or Redis was unavailable.
 */
export interface ByteChannel {
  /** Aborted, with an `ApiError` as the reason, when the channel is broken or was closed. */
  readonly signal: AbortSignal;
  /** Returns the next frame; `undefined` after the other end has called `end`. Call it again only after it has resolved. */
  read(): Promise<ChannelFrame | undefined>;
  /** Sends bytes. Resolves when more can be sent. Do not change the buffer afterwards. */
  write(bytes: Uint8Array): Promise<void>;
  /** Sends a JSON object, after all bytes before it. */
  send(message: object): Promise<void>;
  /** Ends this direction (half-close); resolves when Redis has stored everything that was sent. */
  end(): Promise<void>;
  /** Ends both directions at once and discards what has not been delivered. */
  close(): Promise<void>;
}
