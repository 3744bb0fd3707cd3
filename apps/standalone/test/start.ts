import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { standaloneVariables, startApp, type TestChild } from '@podman-api/testing';
import { expect, type TestContext } from 'vitest';

/** A variable, an invalid value, and the description of valid values. */
export type WrongVariable = readonly [name: string, value: string, allowed: string];

/** Creates a state folder for one test. @returns the folder, and a function that starts podman-api with it */
export function prepare({ onTestFinished }: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-standalone-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const start = (extra: Record<string, string> = {}): TestChild => startApp('standalone', { ...standaloneVariables(folder), ...extra });
  return { folder, start };
}

/** Expects that a start with a wrong variable exits with one line about it. */
export async function expectOneLine([name, value, allowed]: WrongVariable, context: TestContext): Promise<void> {
  const child = prepare(context).start({ [name]: value });
  expect(await child.ended).toBe(1);
  expect(child.output()).toContain(`${name}="${value}" is not allowed: it must be ${allowed}`);
  expect(child.output().trimEnd()).not.toContain('\n');
}
