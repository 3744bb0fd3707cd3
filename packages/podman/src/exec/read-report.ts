import { OutputBuffer } from '../capture/output-buffer.ts';
import { PodmanFault } from '../error-patterns/podman-fault.ts';
import type { CommandOptions } from '../process/run-process.ts';
import type { ExecOptions, ExecResult } from './exec-command.ts';

/** The last line that a script in a container wrote to stdout, or why there is none. */
export type ScriptReport = { readonly line: string; readonly fault?: never } | { readonly line?: never; readonly fault: PodmanFault };

/** Maximum number of bytes that are read; a report is one short line. */
const maxReportBytes = 64 * 1024;

/**
 * Runs a script and resolves as soon as its report has arrived.
 * @param exec runs the script's command and passes on its output
 * @throws the signal's reason if it is aborted, and what `exec` throws
 */
export function readReport(
  exec: (options: ExecOptions) => Promise<ExecResult>,
  { signal, ...options }: CommandOptions,
): Promise<ScriptReport> {
  const output = new OutputBuffer(maxReportBytes);
  return new Promise((resolve, reject) => {
    const onOutput: ExecOptions['onOutput'] = (stream, bytes) => {
      output.write(stream, bytes);
      const line = lastLine(output);
      if (line !== undefined) resolve({ line });
      return undefined;
    };
    exec({ ...options, ...(signal && { signal }), onOutput }).then(({ fault }) => {
      if (signal?.aborted) reject(signal.reason);
      resolve({ fault: fault ?? noReportError() });
    }, reject);
  });
}

/** A fault with its own reason: a hostile image can make a script fail, but must not make that look like an error of podman. */
function noReportError(): PodmanFault {
  return new PodmanFault('no-report', 'PodmanAPIError', 'A script in the container ended without a report; its outcome is unknown.', '');
}

function lastLine(output: OutputBuffer): string | undefined {
  const text = output.text('stdout');
  return text.endsWith('\n') ? text.slice(0, -1).split('\n').at(-1) : undefined;
}
