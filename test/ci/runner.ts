import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { downloadArtifact, uploadArtifact } from './artifacts.ts';
import { type Contexts, expand, shouldRun } from './expressions.ts';
import { runShell, type ShellResult } from './shell.ts';
import { parseAction, parseWorkflow, type Step, type Variables } from './workflow.ts';

/** Parameters of a simulated runner of GitHub Actions. */
export interface RunnerOptions {
  /** Folder with this repository's `action.yml`. */
  readonly action: string;
  /** The checkout that the workflow is about; actions/checkout does nothing. */
  readonly workspace: string;
  /** Folder for the runner's own files. */
  readonly temp: string;
  readonly env: Variables;
  /** The contexts `vars`, `secrets` and `github`. */
  readonly contexts: Contexts;
  /** Collects the actions of others that steps use, except actions/checkout. */
  readonly usedActions: string[];
}

type GivenContexts = Contexts & { readonly env: Variables };

/** Files that the steps of a job share. */
type RunnerFiles = Readonly<Record<'GITHUB_PATH' | 'GITHUB_OUTPUT' | 'RUNNER_TEMP', string>>;

/**
 * Runs a job of a workflow as a runner of GitHub Actions would, as far as this repository's files need it: the shell lines,
 * this repository's own action, and artifacts.
 * @param text content of the workflow's file
 */
export async function runJob(text: string, name: string, options: RunnerOptions): Promise<ShellResult> {
  const workflow = parseWorkflow(text);
  const job = workflow.jobs[name];
  if (!job?.steps) throw new Error(`the workflow has no job ${name} with steps`);
  const env = expandAll({ ...workflow.env, ...job.env }, options.contexts);
  return runSteps(job.steps, { ...options.contexts, env }, options, createRunnerFiles(options.temp));
}

function createRunnerFiles(temp: string): RunnerFiles {
  const folder = mkdtempSync(join(temp, 'runner-'));
  const files = { GITHUB_PATH: join(folder, 'path'), GITHUB_OUTPUT: join(folder, 'output') };
  for (const file of Object.values(files)) writeFileSync(file, '');
  return { ...files, RUNNER_TEMP: folder };
}

async function runSteps(steps: readonly Step[], given: GivenContexts, options: RunnerOptions, files: RunnerFiles): Promise<ShellResult> {
  let code: ShellResult['code'] = 0;
  let output = '';
  const outputs: Record<string, { outputs: Variables }> = {};
  for (const step of steps) {
    const contexts = { ...given, steps: outputs };
    if (!shouldRun(step.if, contexts, code !== 0)) continue;
    const result = await runStep(step, contexts, options, files);
    output += result.output;
    code ||= result.code;
    if (step.id !== undefined) outputs[step.id] = { outputs: parsePairs(readFileSync(files.GITHUB_OUTPUT, 'utf8')) };
  }
  return { code, output };
}

async function runStep(step: Step, contexts: GivenContexts, options: RunnerOptions, files: RunnerFiles): Promise<ShellResult> {
  if (step.uses !== undefined) return runAction(step.uses, expandAll(step.with ?? {}, contexts), contexts, options, files);
  const added = readFileSync(files.GITHUB_PATH, 'utf8').trim().split('\n').reverse().join(':');
  const env = {
    ...options.env,
    ...contexts.env,
    ...expandAll(step.env ?? {}, contexts),
    ...files,
    GITHUB_ACTION_PATH: options.action,
    PATH: `${added}:${options.env['PATH'] ?? process.env['PATH']}`,
  };
  return runShell(step.shell ?? 'bash', expand(step.run ?? '', contexts), env, options.workspace);
}

async function runAction(
  uses: string,
  inputs: Variables,
  { env }: GivenContexts,
  options: RunnerOptions,
  files: RunnerFiles,
): Promise<ShellResult> {
  if (uses.startsWith('owner/podman-api@')) {
    const action = parseAction(readFileSync(join(options.action, 'action.yml'), 'utf8'));
    const unknown = Object.keys(inputs).filter(name => !Object.hasOwn(action.inputs, name));
    if (unknown.length > 0) throw new Error(`the action has no input ${unknown}`);
    return runSteps(action.runs.steps, { env, inputs }, options, files);
  }
  if (!uses.startsWith('actions/checkout@')) options.usedActions.push(uses);
  if (uses.startsWith('actions/setup-node@')) appendFileSync(files.GITHUB_PATH, `${dirname(process.execPath)}\n`);
  if (uses.startsWith('actions/upload-artifact@')) uploadArtifact(inputs, options);
  if (uses.startsWith('actions/download-artifact@')) downloadArtifact(inputs, options);
  return { code: 0, output: '' };
}

function expandAll(texts: Variables, contexts: Contexts): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, expand(String(text), contexts)]));
}

function parsePairs(text: string): Variables {
  return Object.fromEntries(text.split('\n').map(line => line.split('=', 2)));
}
