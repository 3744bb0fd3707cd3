import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { type Contexts, expand, holds } from './expressions.ts';
import { type Ran, runLines } from './shell.ts';

interface Step {
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly run?: string;
  readonly shell?: 'sh' | 'bash';
  readonly env?: Variables;
}

interface Workflow {
  readonly env: Variables;
  readonly jobs: Readonly<Record<string, { readonly env?: Variables; readonly steps: readonly Step[] }>>;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

type Variables = Readonly<Record<string, string>>;

/** What stands around a workflow. */
export interface Surroundings {
  /** The folder with this repository's `action.yml`. */
  readonly action: string;
  /** The checkout that the workflow is about; actions/checkout has nothing left to do. */
  readonly workspace: string;
  /** Where files of the runner's may be put. */
  readonly temp: string;
  readonly env: Variables;
  readonly vars: Variables;
  readonly secrets: Variables;
  /** Actions of others that were asked for, but for checkout. */
  readonly used: string[];
}

/**
 * Runs a job of a workflow's as a runner of GitHub's would, as far as this repository's files need it: its lines, and
 * this repository's own action.
 * @param text the workflow's file
 */
export async function runJob(text: string, name: string, around: Surroundings): Promise<Ran> {
  const workflow: Workflow = parse(text);
  const job = workflow.jobs[name];
  if (!job) throw new Error(`the workflow has no job ${name}`);
  const contexts = { vars: around.vars, secrets: around.secrets, github: { run_id: String(process.pid), run_attempt: '1' } };
  const env = expandAll({ ...workflow.env, ...job.env }, contexts);
  return runSteps(job.steps, { ...contexts, env }, around, newRunner(around));
}

/** What the steps of a job share. */
interface Runner {
  readonly files: Readonly<Record<'GITHUB_PATH' | 'GITHUB_OUTPUT' | 'RUNNER_TEMP', string>>;
}

function newRunner(around: Surroundings): Runner {
  const folder = mkdtempSync(join(around.temp, 'runner-'));
  const files = { GITHUB_PATH: join(folder, 'path'), GITHUB_OUTPUT: join(folder, 'output') };
  for (const file of Object.values(files)) writeFileSync(file, '');
  return { files: { ...files, RUNNER_TEMP: folder } };
}

async function runSteps(steps: readonly Step[], given: Contexts & { env: Variables }, around: Surroundings, runner: Runner): Promise<Ran> {
  let code: Ran['code'] = 0;
  let output = '';
  const outputs: Record<string, { outputs: Variables }> = {};
  for (const step of steps) {
    const contexts = { ...given, steps: outputs };
    if (!holds(step.if, contexts, code !== 0)) continue;
    const ran = await runStep(step, contexts, around, runner);
    output += ran.output;
    code ||= ran.code;
    if (step.id !== undefined) outputs[step.id] = { outputs: pairsIn(readFileSync(runner.files.GITHUB_OUTPUT, 'utf8')) };
  }
  return { code, output };
}

async function runStep(step: Step, contexts: Contexts & { env: Variables }, around: Surroundings, runner: Runner): Promise<Ran> {
  if (step.uses?.startsWith('owner/podman-api@')) {
    const action: Action = parse(readFileSync(join(around.action, 'action.yml'), 'utf8'));
    const given = expandAll(step.with ?? {}, contexts);
    const unknown = Object.keys(given).filter(name => !Object.hasOwn(action.inputs, name));
    if (unknown.length > 0) throw new Error(`the action has no input ${unknown}`);
    return runSteps(action.runs.steps, { env: contexts.env, inputs: given }, around, runner);
  }
  if (step.uses !== undefined) {
    if (!step.uses.startsWith('actions/checkout@')) around.used.push(step.uses);
    if (step.uses.startsWith('actions/setup-node@')) appendFileSync(runner.files.GITHUB_PATH, `${dirname(process.execPath)}\n`);
    return { code: 0, output: '' };
  }
  const added = readFileSync(runner.files.GITHUB_PATH, 'utf8').trim().split('\n').reverse().join(':');
  const own = { ...contexts.env, ...expandAll(step.env ?? {}, contexts), ...runner.files, GITHUB_ACTION_PATH: around.action };
  const path = `${added}:${around.env['PATH'] ?? process.env['PATH']}`;
  return runLines(step.shell ?? 'bash', expand(step.run ?? '', contexts), { ...around.env, ...own, PATH: path }, around.workspace);
}

function expandAll(texts: Variables, contexts: Contexts): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, expand(String(text), contexts)]));
}

function pairsIn(text: string): Variables {
  return Object.fromEntries(text.split('\n').map(line => line.split('=', 2)));
}
