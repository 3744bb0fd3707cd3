import { asApiError } from '@podman-api/errors';
import type { Lane } from '@podman-api/operations';
import type { Span, TraceContext, Tracing } from '@podman-api/runtime';
import { exitCodeOf, type JobData, type Outcome } from './job.ts';
import { placeOf, queueName } from './names.ts';

/** By the conventions for messages (https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/). */
function messageOf(queue: string, id: string, name: string, type: 'send' | 'process') {
  return {
    'messaging.system': 'bullmq',
    'messaging.destination.name': queue,
    'messaging.operation.name': name,
    'messaging.operation.type': type,
    'messaging.message.id': id,
  };
}

/** Begins the span of a job that is being added; its place in the trace goes with the job. */
export function startAdding(tracing: Tracing, node: string, lane: Lane, id: string): Span {
  const queue = queueName(node, lane);
  return tracing.start(`add ${queue}`, { kind: 'producer', attributes: messageOf(queue, id, 'add', 'send') });
}

/** Adds something under its span. */
export async function addWithin<Result>(span: Span, add: () => Promise<Result>): Promise<Result> {
  try {
    return await span.within(add);
  } catch (error) {
    span.fail(asApiError(error).type);
    throw error;
  } finally {
    span.end();
  }
}

/** Begins the span of a job that a worker has been given, under that of who added it. */
export function startJob(tracing: Tracing, queue: string, id: string, data: JobData): Span {
  const { operation, container, node, request_id } = data;
  const startedAtMs = Date.now();
  const attributes = {
    ...messageOf(queue, id, 'process', 'process'),
    'podman_api.operation': operation,
    'podman_api.container': container ?? undefined,
    'podman_api.node': node,
    'podman_api.request_id': request_id,
    'podman_api.job.waited_ms': Math.max(0, startedAtMs - (placeOf(id)?.created ?? startedAtMs)),
  };
  return tracing.start(`process ${queue}`, { kind: 'consumer', parent: placeIn(data), attributes, startedAtMs });
}

/**
 * Ends the span of a job with its outcome. Call it before the outcome is sent: the caller may have its answer, and its own
 * span may have ended, before this process runs again. A cancelled job is not a failure.
 */
export function endJobSpan(span: Span, outcome: Outcome): void {
  const { status, error } = outcome;
  span.set({ 'podman_api.job.status': status, 'process.exit.code': exitCodeOf(outcome) ?? undefined });
  if (status !== 'succeeded' && status !== 'cancelled') span.fail(error?.type ?? status);
  span.end();
}

/** A job that was added without a trace begins one of its own. */
function placeIn({ traceparent = '', tracestate }: JobData): TraceContext {
  return { traceparent, ...(tracestate !== undefined && { tracestate }) };
}
