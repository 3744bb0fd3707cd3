import { join } from 'node:path';
import { findProgram } from '../programs.ts';
import { testFolder } from '../storage.ts';

/** Folder into which the set-up unpacks Debian's package if Prometheus is not installed. */
export const prometheusFolder = join(testFolder, 'prometheus');

/** Returns the path of Prometheus or of its tool that checks metrics and rules; `undefined` if it is missing. */
export function findPrometheus(program: 'prometheus' | 'promtool'): string | undefined {
  return findProgram([program], [join(prometheusFolder, 'usr/bin')]);
}
