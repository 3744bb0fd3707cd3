import { createRefusals } from '../../container/create/refusals.ts';
import { resourcesOf } from '../../container/create/resources.ts';
import { define } from '../../define.ts';
import { type RunInput, runInput } from './input.ts';
import { finishedRun, presentRun, type RunOutcome } from './result.ts';
import { preparationSeconds, recoverRun, runContainer } from './run.ts';

const description = `Creates a container, puts \`files\` into it, runs its command with \`stdin\`, returns its output and the files named in \`outputs\`, and always removes the container.

- A command that fails is a 200 with \`run.success\` false; so is one that is ended at its time limit, with \`run.timed_out\` true.
- A client that disconnects does not end a run: its \`timeout\`, its \`ttl\` or \`DELETE /jobs/:id\` does. \`GET /jobs/:id/output\` streams the output meanwhile.
- \`outputs\` are read from the stopped container: files in a tmpfs no longer exist then.`;

/** Runs one command in a new container. Its exit code is part of the result: a command that fails is not an error. */
export const createRun = define<RunInput, RunOutcome>({
  name: 'run.create',
  method: 'POST',
  path: '/runs',
  reach: 'new',
  scope: 'containers:write',
  input: runInput(),
  secrets: ['environment', 'stdin', 'files'],
  hasSecretResult: true,
  isDetached: true,
  isRecoveryAwaited: true,
  noun: 'run',
  summary: 'Runs a command in a new container',
  description,
  results: { 200: finishedRun },
  example: {
    input: {
      image: 'docker.io/library/python:3.13',
      command: ['python', '/app/main.py'],
      files: [{ path: '/app/main.py', content: 'print(int(input()) * 2)\n' }],
      stdin: '21\n',
      timeout: 10,
      memory: '64m',
      pids_limit: 64,
      network: 'none',
    },
    result: {
      exit_code: 0,
      success: true,
      stdout: '42\n',
      stderr: '',
      output: '42\n',
      truncated: false,
      duration_ms: 62,
      timed_out: false,
      oom_killed: false,
      usage: { cpu_ms: 41, max_memory: 9_437_184 },
      files: [],
    },
  },
  refusals: createRefusals,
  resources: resourcesOf,
  timeout: ({ timeout }) => (timeout === undefined ? undefined : timeout + preparationSeconds),
  run: runContainer,
  present: presentRun,
  effect: ({ ttl }, { container }) => container && { created: { ...container, ttl } },
  recover: (podman, _input, context) => recoverRun(podman, context),
});
