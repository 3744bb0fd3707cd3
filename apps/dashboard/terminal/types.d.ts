/** What to run in which container. */
export interface TerminalTarget {
  /** Name of the container, an id or the beginning of an id. */
  readonly container: string;
  /** Default: the node that has the container. */
  readonly node: string | null;
  readonly command: string;
  /** Default: that of the container. */
  readonly user: string;
}

/** Size in characters. */
export interface TerminalSize {
  readonly cols: number;
  readonly rows: number;
}

/** What a connection reports. */
export interface ConnectionEvents {
  /** Returns the present size of the screen. */
  size(): TerminalSize;
  /** @param text state of the connection @param isConnected whether input is sent */
  onState(text: string, isConnected: boolean): void;
  /** Receives output. @param onShown to be called when it is on the screen */
  onOutput(bytes: Uint8Array, onShown: () => void): void;
  /** Called once. @param text why it has ended @param isProblem whether that is an error */
  onEnd(text: string, isProblem: boolean): void;
}

/** A terminal in a container. */
export interface TerminalConnection {
  /** Sends input; it is lost without a connection. */
  write(text: string): void;
  resize(size: TerminalSize): void;
  /** Ends the command. */
  close(): void;
}

/** A text message of the service, see docs/terminals.md. */
export type TerminalMessage =
  | { readonly type: 'ready'; readonly session: string; readonly offset: number }
  | { readonly type: 'exit'; readonly exit_code: number | null }
  | { readonly type: 'error'; readonly error: { readonly message: string } };
