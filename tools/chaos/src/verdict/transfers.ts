import type { Intent } from '../journal.ts';
import { contentHash } from '../load/work.ts';
import type { ObservedFile } from '../observed/observed-state.ts';
import { combineReports } from './container.ts';
import { readReportedOutcomes } from './reported-outcomes.ts';
import type { Violation } from './violation.ts';

/** Compares the responses about uploads with the files that exist. @param files by name, which is the id of the intent */
export function checkUploads(intents: readonly Intent[], files: readonly ObservedFile[]): Violation[] {
  const uploads = new Map(intents.flatMap(intent => (intent.work.kind === 'upload' ? [[intent.id, intent]] : [])));
  const names = new Set(files.map(({ name }) => name));
  return [
    ...files.flatMap(file => checkFile(file, uploads.get(file.name))),
    ...uploads
      .values()
      .filter(intent => !names.has(intent.id) && combineReports(intent) === 'done')
      .map((intent): Violation => ({ kind: 'false_success', intent, text: 'reported as uploaded, but the file does not exist' })),
  ];
}

function checkFile({ name, sha256 }: ObservedFile, intent: Intent | undefined): Violation[] {
  if (intent?.work.kind !== 'upload') return [{ kind: 'files_left', text: name }];
  if (sha256 !== contentHash(intent.id, intent.work)) return [{ kind: 'file_in_part', intent, text: `${name} has other content` }];
  if (combineReports(intent) !== 'not done' || readReportedOutcomes(intent).some(({ effect }) => effect === 'ended')) return [];
  return [{ kind: 'false_failure', intent, text: 'reported as not uploaded, but the file exists' }];
}

/** Checks the responses to a wait for a container that runs all the time. */
export function checkWait(intent: Intent): Violation[] {
  const { work } = intent;
  if (work.kind !== 'wait' || work.condition === 'running' || combineReports(intent) !== 'done') return [];
  return [{ kind: 'false_success', intent, text: `${work.container} was reported as stopped, but it runs` }];
}

/** Compares the responses about pulls with the images that exist. */
export function checkPulls(intents: readonly Intent[], images: ReadonlySet<string>): Violation[] {
  return intents.flatMap((intent): Violation[] => {
    const { work } = intent;
    if (work.kind !== 'pull' || images.has(work.reference) || combineReports(intent) !== 'done') return [];
    return [{ kind: 'false_success', intent, text: `reported as pulled, but there is no image ${work.reference}` }];
  });
}
