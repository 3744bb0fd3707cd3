/** A place in a trace, as another process is told it (https://www.w3.org/TR/trace-context/). */
export interface TraceContext {
  readonly traceparent: string;
  readonly tracestate?: string;
}

/** What a span tells beside its name and times; never what a caller wrote. What is not known is left out. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** How a span begins. */
export interface SpanStart {
  readonly kind: 'server' | 'client' | 'producer' | 'consumer';
  /** What it belongs to in another process; without it, to the span that it is started within. */
  readonly parent?: TraceContext | undefined;
  readonly attributes: Attributes;
  /** When it began, in ms since 1970. Only for a span with a `parent`. Default: now. */
  readonly startedAtMs?: number;
}

/** Something that takes time, as a trace shows it. */
export interface Span {
  /** Its place, for another process. */
  readonly context: TraceContext | undefined;
  /** Runs something that belongs to it: spans that are started there, and in all that follows from there, are its children. */
  within<Result>(run: () => Result): Result;
  rename(name: string): void;
  set(attributes: Attributes): void;
  /** @param error of what kind the error is; no message, which may hold what a caller wrote */
  fail(error: string): void;
  /** Ends it now; further calls do nothing. */
  end(): void;
}

/** Where spans go. */
export interface Tracing {
  /** Whether they go anywhere. */
  readonly on: boolean;
  /** Whether this is within a span. */
  readonly inside: boolean;
  start(name: string, start: SpanStart): Span;
  /** Sends what has not been sent, or gives up soon. */
  stop(): Promise<void>;
}

const noSpan: Span = { context: undefined, within: run => run(), rename() {}, set() {}, fail() {}, end() {} };

/** No traces: every call just calls through. */
export const untraced: Tracing = { on: false, inside: false, start: () => noSpan, stop: async () => {} };
