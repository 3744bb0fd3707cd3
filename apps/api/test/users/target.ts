import type { CallResponse, ImageName, SendRequest } from '@podman-api/testing';

/** A container of a service, to add users to. */
export interface UserTarget {
  readonly call: SendRequest;
  readonly container: string;
  readonly image: ImageName;
}

/** The longest wait that a caller may ask for; ends only what hangs. */
const longWaitHeaders = { Prefer: 'wait=300' } as const;

export function addUser({ call, container }: UserTarget, body: object): Promise<CallResponse> {
  return call('POST', `/containers/${container}/users`, body, longWaitHeaders);
}

/** Runs a command in the container and returns its output. @param rest other fields of the exec */
export async function outputOf({ call, container }: UserTarget, command: string, rest: object = {}): Promise<unknown> {
  const response = await call('POST', `/containers/${container}/exec`, { command, ...rest }, longWaitHeaders);
  return response.field('execution.output');
}
