/** Trace context that is sent to another process (https://www.w3.org/TR/trace-context/). */
export interface TraceContext {
  readonly traceparent: string;
  readonly tracestate?: string;
}

/** Attributes of a span. They hold no text of callers. `undefined` values are left out. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** Options of a new span. */
export interface SpanOptions {
  readonly kind: 'server' | 'client' | 'producer' | 'consumer';
  /** Parent span in another process. Default: the active span. */
  readonly parent?: TraceContext | undefined;
  readonly attributes: Attributes;
  /** Start time in ms since 1970, only for a span with a `parent`. Default: now. */
  readonly startedAtMs?: number;
}

/** A timed operation in a trace. */
export interface Span {
  /** Trace context of the span; `undefined` without tracing. */
  readonly context: TraceContext | undefined;
  /** Calls a function with this span as the active one: spans that it starts, also asynchronously, are children of this span. */
  run<Result>(callback: () => Result): Result;
  rename(name: string): void;
  setAttributes(attributes: Attributes): void;
  /**
   * Marks the span as failed.
   * @param errorType type of the error, not its message, which may hold text of a caller
   */
  setError(errorType: string): void;
  /** Ends the span. Idempotent. */
  end(): void;
}

/** Creates and sends spans. */
export interface Tracing {
  /** Whether spans are sent. */
  readonly isEnabled: boolean;
  /** Whether the caller runs in a span. */
  readonly hasActiveSpan: boolean;
  startSpan(name: string, options: SpanOptions): Span;
  /** Sends the remaining spans, with a time limit of two seconds. */
  stop(): Promise<void>;
}

const noSpan: Span = { context: undefined, run: callback => callback(), rename() {}, setAttributes() {}, setError() {}, end() {} };

/** Tracing that creates no spans. */
export const noopTracing: Tracing = { isEnabled: false, hasActiveSpan: false, startSpan: () => noSpan, stop: async () => {} };
