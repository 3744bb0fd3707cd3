import { spawnSync } from 'node:child_process';

/**
 * @typedef {object} ProcessResult
 * @property {boolean} ok whether it exited with code 0
 * @property {string} output stdout and stderr without blank ends, or why it could not be started
 */

/**
 * Runs a program to its end. A program that does not exist is a failed one.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options] `env` is added to this process's environment
 * @returns {ProcessResult}
 */
export function run(program, args, { cwd, env } = {}) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, ...env },
    maxBuffer: 64 * 1024 ** 2,
    ...(cwd !== undefined && { cwd }),
  });
  return { ok: status === 0, output: error ? error.message : `${stdout}${stderr}`.trim() };
}

/** A step that failed, with what to do about it. */
export class SetupError extends Error {
  /**
   * @param {string} message what happened
   * @param {string} remedy what to do
   */
  constructor(message, remedy) {
    super(message);
    this.remedy = remedy;
  }
}

/**
 * Prints a line of the set-up's own.
 * @param {string} text
 */
export function log(text) {
  process.stdout.write(`set-up: ${text}\n`);
}
