import { toApiError } from '@podman-api/errors';
import type { Span, TraceContext, Tracing } from '@podman-api/runtime';
import { queueName } from './bullmq/queue-names.ts';
import { exitCodeOf, type JobData, type Outcome } from './job.ts';
import { parseJobId } from './job-id.ts';
import type { Lane } from './lanes.ts';

/** Returns the attributes of a message, by OpenTelemetry's conventions (https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/). */
function messageAttributes(queue: string, id: string, name: string, type: 'send' | 'process') {
  return {
    'messaging.system': 'bullmq',
    'messaging.destination.name': queue,
    'messaging.operation.name': name,
    'messaging.operation.type': type,
    'messaging.message.id': id,
  };
}

/** Starts the producer span for adding a job; the job carries its trace context. */
export function startAddSpan(tracing: Tracing, node: string, lane: Lane, id: string): Span {
  const queue = queueName(node, lane);
  return tracing.startSpan(`add ${queue}`, { kind: 'producer', attributes: messageAttributes(queue, id, 'add', 'send') });
}

/** Adds a job within its span, and ends the span. */
export async function addInSpan<Result>(span: Span, add: () => Promise<Result>): Promise<Result> {
  try {
    return await span.run(add);
  } catch (error) {
    span.setError(toApiError(error).type);
    throw error;
  } finally {
    span.end();
  }
}

/** Starts the consumer span of a job, as a child of the span that added it. */
export function startJobSpan(tracing: Tracing, queue: string, id: string, data: JobData): Span {
  const { operation, container, node, request_id } = data;
  const startedAtMs = Date.now();
  const attributes = {
    ...messageAttributes(queue, id, 'process', 'process'),
    'podman_api.operation': operation,
    'podman_api.container': container ?? undefined,
    'podman_api.node': node,
    'podman_api.request_id': request_id,
    'podman_api.job.waited_ms': Math.max(0, startedAtMs - (parseJobId(id)?.createdAtMs ?? startedAtMs)),
  };
  return tracing.startSpan(`process ${queue}`, { kind: 'consumer', parent: traceContextOf(data), attributes, startedAtMs });
}

/**
 * Ends the span of a job with its outcome. Call it before the outcome is sent, so that it ends before the caller's span does. A
 * cancelled job is not a failure.
 */
export function endJobSpan(span: Span, outcome: Outcome): void {
  const { status, error } = outcome;
  span.setAttributes({ 'podman_api.job.status': status, 'process.exit.code': exitCodeOf(outcome) ?? undefined });
  if (status !== 'succeeded' && status !== 'cancelled') span.setError(error?.type ?? status);
  span.end();
}

/** Returns a job's trace context; its `traceparent` is empty if the job was added without a trace. */
function traceContextOf({ traceparent = '', tracestate }: JobData): TraceContext {
  return { traceparent, ...(tracestate !== undefined && { tracestate }) };
}
