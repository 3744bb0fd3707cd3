export { type Client, createClient } from './client.ts';
export { ApiError, type ErrorBody, UnreachableError } from './errors.ts';
export type { OutputOptions } from './jobs/follow-output.ts';
export type { ErrorEvent, ExitEvent, OutputEvent, TextEvent } from './jobs/output-event.ts';
export type { CallOptions, ChangeOptions } from './jobs/run-job.ts';
export type { LogRecord } from './logs/parse-log.ts';
export type { EventsOptions, GapEvent, NodeEvent } from './routes/events.ts';
export type { ClientOptions } from './settings.ts';
export type * from './types.ts';
