import { join } from 'node:path';
import { findProgram } from '../programs.ts';
import { testFolder } from '../storage.ts';

/** Where the set-up unpacks Debian's package, where Prometheus is not installed. */
export const prometheusFolder = join(testFolder, 'prometheus');

/** Where Prometheus, or its tool that checks metrics and rules, is, if it is there. */
export function findPrometheus(program: 'prometheus' | 'promtool'): string | undefined {
  return findProgram([program], [join(prometheusFolder, 'usr/bin')]);
}
