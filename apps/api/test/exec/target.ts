import type { Answer, SendRequest } from '@podman-api/testing';

/** A container of a service, to run commands in. */
export interface ExecTarget {
  readonly call: SendRequest;
  readonly container: string;
}

/** The longest wait that a caller may ask for; ends only what hangs. */
const patientHeaders = { Prefer: 'wait=300' } as const;

/** Sends an exec and waits for its end, however busy the machine is. */
export function exec({ call, container }: ExecTarget, body: object): Promise<Answer> {
  return call('POST', `/containers/${container}/exec`, body, patientHeaders);
}

/** Runs a command and returns the `execution` of the answer, or all of an answer without one. */
export async function execution(target: ExecTarget, body: object): Promise<unknown> {
  const answer = await exec(target, body);
  return answer.field('execution') ?? answer.body;
}
