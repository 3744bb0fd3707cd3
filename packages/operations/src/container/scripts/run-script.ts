import { readFileSync } from 'node:fs';
import type { Podman, PodmanFault } from '@podman-api/podman';
import type { TaskContext } from '../../operation.ts';
import { jobMarker } from '../job-processes.ts';
import { sanitizeToolMessage } from './tool-message.ts';

const prelude = readFileSync(new URL('./prelude.sh', import.meta.url), 'utf8');

/** A script that runs in a container. */
interface Script {
  /** Text of the script, see `readScript`. */
  readonly text: string;
  readonly args: readonly string[];
  readonly stdin: string | Uint8Array;
}

/** Line that a script reported, or podman's fault if there is none. */
export type ScriptOutcome =
  | { readonly outcome: string; readonly details: string; readonly fault?: never }
  | { readonly outcome?: never; readonly details?: never; readonly fault: PodmanFault };

/**
 * Reads a script that runs in containers, such as `put-file.sh`, and puts `prelude.sh` before it.
 * @param url where the script is, such as `new URL('./put-file.sh', import.meta.url)`
 */
export function readScript(url: URL): string {
  return `${prelude}\n${readFileSync(url, 'utf8')}`;
}

/**
 * Runs a script in a container as root.
 * @returns the first word of the line that it reports, and the rest of it as `sanitizeToolMessage` returns it
 */
export async function runScript(podman: Podman, container: string, script: Script, context: TaskContext): Promise<ScriptOutcome> {
  const { markers, options } = jobMarker(podman, container, context);
  const argv = ['sh', '-c', script.text, 'sh', ...script.args];
  const { line, fault } = await podman.script({ container, user: '0', argv, environment: {}, markers, stdin: script.stdin }, options);
  if (fault) return { fault };
  const [outcome = '', ...details] = line.split(' ');
  return { outcome, details: sanitizeToolMessage(details.join(' ')) };
}
