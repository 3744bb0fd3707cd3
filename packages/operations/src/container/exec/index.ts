import { userRefusals } from '../../policy/rules.ts';
import { defineContainerOperation } from '../define-container-operation.ts';
import { endLeftovers } from '../job-processes.ts';
import { type ExecInput, execInput } from './input.ts';
import { type ExecEnd, execution, presentExecution } from './result.ts';
import { runExec } from './run.ts';

/** Runs a command in a running container. Its exit code is part of the result: a command that fails is not an error. */
export const exec = defineContainerOperation<ExecInput, ExecEnd>({
  name: 'container.exec',
  method: 'POST',
  path: '/containers/:name/exec',
  scope: 'exec',
  input: execInput,
  secrets: ['environment', 'stdin'],
  canUseId: true,
  noun: 'execution',
  summary: 'Runs a command in a running container',
  description: 'Its exit code is data: a command that fails is a 200 with `execution.success` false.',
  results: { 200: execution },
  example: {
    input: { name: 'web', command: 'echo hello; echo oops >&2; exit 3' },
    result: {
      exit_code: 3,
      output: 'hello\noops\n',
      success: false,
      stdout: 'hello\n',
      stderr: 'oops\n',
      truncated: false,
      duration_ms: 74,
    },
  },
  refusals: ({ user }, policy) => userRefusals(user, policy),
  timeout: ({ timeout }) => timeout,
  run: runExec,
  present: presentExecution,
  recover: endLeftovers,
});
