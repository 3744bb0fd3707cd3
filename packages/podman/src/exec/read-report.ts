import { OutputBuffer } from '../output-buffer.ts';
import { PodmanFault } from '../podman-fault.ts';
import type { CommandOptions, ExecOptions, ExecResult, ScriptReport } from '../types.ts';

/** A report is one short line. */
const maxReportBytes = 64 * 1024;

/**
 * Runs a script and resolves as soon as its report is there.
 * @param exec runs the script's command and hands on its output
 */
export function readReport(
  exec: (options: ExecOptions) => Promise<ExecResult>,
  { signal, ...options }: CommandOptions,
): Promise<ScriptReport> {
  const output = new OutputBuffer(maxReportBytes);
  return new Promise((resolve, reject) => {
    const take: ExecOptions['take'] = (stream, bytes) => {
      output.take(stream, bytes);
      const line = lastLine(output);
      if (line !== undefined) resolve({ line });
      return undefined;
    };
    exec({ ...options, ...(signal && { signal }), take }).then(({ fault }) => {
      if (signal?.aborted) reject(signal.reason);
      resolve({ fault: fault ?? noReport() });
    }, reject);
  });
}

/** A hostile image can make a script fail, but cannot make it seem that podman did. */
function noReport(): PodmanFault {
  return new PodmanFault('no-report', 'PodmanAPIError', 'A script in the container ended without a report; its outcome is unknown.', '');
}

function lastLine(output: OutputBuffer): string | undefined {
  const text = output.text('stdout');
  return text.endsWith('\n') ? text.slice(0, -1).split('\n').at(-1) : undefined;
}
