#!/usr/bin/env node
// Checks subjects of commits, see "Commits" in CONTRIBUTING.md. On any Node.js from 18 on, with nothing installed.
// Usage: check-commits.mjs <file with a message>      (the hook commit-msg)
//        check-commits.mjs --range <base>..<head>     (a pull request)
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { findFault } from './find-fault.mjs';

const [argument, range] = process.argv.slice(2);
const subjects =
  argument === '--range'
    ? execFileSync('git', ['log', '--no-merges', '--format=%s', range], { encoding: 'utf8' }).split('\n').filter(Boolean)
    : [
        readFileSync(argument, 'utf8')
          .split('\n')
          .find(line => line !== '' && !line.startsWith('#')) ?? '',
      ];
// Subjects that git itself writes. Fixups are squashed before they are merged.
const written = argument === '--range' ? /^Revert "/ : /^(Merge |Revert "|fixup! |squash! |amend! )/;

let failed = false;
for (const subject of subjects.filter(subject => !written.test(subject))) {
  const fault = findFault(subject);
  if (fault === undefined) continue;
  failed = true;
  console.error(`commit message: "${subject}" ${fault}.`);
}
if (failed) {
  console.error('See "Commits" in CONTRIBUTING.md.');
  process.exit(1);
}
