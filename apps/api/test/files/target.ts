import type { CallResponse, SendRequest } from '@podman-api/testing';

/** A container of a service, to put files into. */
export interface FileTarget {
  readonly call: SendRequest;
  readonly container: string;
}

/** The longest wait that a caller may ask for; ends only what hangs. */
const longWaitHeaders = { Prefer: 'wait=300' } as const;

export function addFile({ call, container }: FileTarget, body: object): Promise<CallResponse> {
  return call('POST', `/containers/${container}/files`, body, longWaitHeaders);
}

/** Runs a command in the container and returns its stdout. */
export async function runInside({ call, container }: FileTarget, command: string | readonly string[]): Promise<unknown> {
  const response = await call('POST', `/containers/${container}/exec`, { command }, longWaitHeaders);
  return response.field('execution.stdout');
}
