import type { CallResponse, SendRequest } from '@podman-api/testing';

/** A container of a service, to run commands in. */
export interface ExecTarget {
  readonly call: SendRequest;
  readonly container: string;
}

/** The longest wait that a caller may ask for; ends only what hangs. */
const longWaitHeaders = { Prefer: 'wait=300' } as const;

/** Sends an exec and waits for its end, however busy the machine is. */
export function exec({ call, container }: ExecTarget, body: object): Promise<CallResponse> {
  return call('POST', `/containers/${container}/exec`, body, longWaitHeaders);
}

/** Runs a command and returns the `execution` of the response, or all of a response without one. */
export async function execution(target: ExecTarget, body: object): Promise<unknown> {
  const response = await exec(target, body);
  return response.field('execution') ?? response.body;
}
