import { once } from 'node:events';
import { Readable } from 'node:stream';
import { constants, createGzip } from 'node:zlib';
import type { ArchiveHead, HelperAnswer, HelperInput, HelperRequest, ReadHead } from '../protocol.ts';
import { createAccounts } from './accounts.ts';
import { discardExtraction, extractArchive } from './archive/extract.ts';
import { openArchive } from './archive/pack.ts';
import { makeDirectory, movePath, removePath } from './change.ts';
import { discardWrite, openFile, writeFile } from './content.ts';
import { listFolder, statPath } from './entries.ts';
import { FileError, toFileError } from './failure.ts';
import { openTree, type Tree } from './tree.ts';

/** Works on the files of one container for one request; see protocol.ts for what it reads and writes. */
process.umask(0o022);
const stdin = process.stdin.iterator({ destroyOnReturn: false });
let buffered = Buffer.alloc(0);

/** Reads more of stdin. @returns false at its end */
async function readMore(): Promise<boolean> {
  const { value, done } = await stdin.next();
  if (done) return false;
  buffered = buffered.length === 0 ? value : Buffer.concat([buffered, value]);
  return true;
}

async function readInput(): Promise<HelperInput> {
  let end = buffered.indexOf(10);
  while (end < 0) {
    if (!(await readMore())) process.exit(1);
    end = buffered.indexOf(10);
  }
  const line = buffered.subarray(0, end).toString();
  buffered = buffered.subarray(end + 1);
  return JSON.parse(line);
}

/** Reads the chunks of a content. @throws FileError if stdin ends before it is complete */
async function* readChunks(): AsyncGenerator<Uint8Array> {
  for (;;) {
    while (buffered.length < 4) if (!(await readMore())) throw incomplete();
    let remaining = buffered.readUInt32BE(0);
    buffered = buffered.subarray(4);
    if (remaining === 0) return;
    while (remaining > 0) {
      if (buffered.length === 0 && !(await readMore())) throw incomplete();
      const piece = buffered.subarray(0, remaining);
      buffered = buffered.subarray(piece.length);
      remaining -= piece.length;
      yield piece;
    }
  }
}

function incomplete(): FileError {
  return new FileError('failed', 'only a part of the content arrived');
}

let hasAnswered = false;

function answer(value: HelperAnswer): void {
  hasAnswered = true;
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

async function send(head: ReadHead | ArchiveHead, pieces: Iterable<Buffer> | AsyncIterable<Buffer>): Promise<void> {
  answer({ head });
  for await (const piece of pieces) if (!process.stdout.write(piece)) await once(process.stdout, 'drain');
}

/** Compresses at the speed of a network rather than as far as possible. */
function compress(pieces: Iterable<Buffer>): AsyncIterable<Buffer> {
  return Readable.from(pieces, { objectMode: false }).compose(createGzip({ level: constants.Z_BEST_SPEED }));
}

async function perform(tree: Tree, { tree: place }: HelperInput, request: HelperRequest): Promise<void> {
  const accounts = createAccounts(tree, place);
  switch (request.verb) {
    case 'read': {
      const { head, pieces } = openFile(tree, accounts, request);
      return send(head, pieces);
    }
    case 'archive': {
      const { file, pieces } = openArchive(tree, accounts, request.path);
      return send({ file }, request.isCompressed ? compress(pieces) : pieces);
    }
    case 'extract':
      return answer({ extracted: await extractArchive(tree, accounts, request, readChunks()) });
    case 'discard-extraction':
      discardExtraction(tree, request);
      return answer({ done: true });
    case 'write':
      return answer({ file: await writeFile(tree, accounts, request, readChunks()) });
    case 'discard':
      discardWrite(tree, request);
      return answer({ done: true });
    case 'stat':
      return answer({ file: statPath(tree, accounts, request.path) });
    case 'list':
      return answer({ files: listFolder(tree, accounts, request.path, request.depth, request.limit) });
    case 'remove':
      return answer({ file: removePath(tree, accounts, request) });
    case 'move':
      return answer({ file: movePath(tree, accounts, request) });
    case 'make-directory':
      return answer({ file: makeDirectory(tree, accounts, request) });
  }
}

const input = await readInput();
const { request } = input;
let status = 0;
try {
  await perform(openTree(input.tree), input, request);
} catch (thrown) {
  const { failure, message } = toFileError(thrown, request.verb === 'move' ? request.from : request.path);
  // After the head of a read, the status and the missing bytes show the failure.
  status = 1;
  if (!hasAnswered) answer({ failure, detail: message });
}
// Not `process.exit`, which would drop output that is still to be written. Stdin may stay open.
process.exitCode = status;
process.stdin.destroy();
