import { constants, createGzip } from 'node:zlib';
import type { ArchiveHead, HelperAnswer, HelperInput, ReadHead } from '../protocol.ts';
import { createAccounts } from './accounts.ts';
import { discardExtraction, extractArchive } from './archive/extract.ts';
import { openArchive } from './archive/pack.ts';
import { makeDirectory, movePath, removePath } from './change.ts';
import { discardWrite, openFile, writeFile } from './content.ts';
import { listFolder, statPath } from './entries.ts';
import { FileError } from './failure.ts';
import { openTree } from './tree.ts';

/** The bytes beside a request and its answer. */
export interface Transfer {
  /** Reads the content of the request; a piece is valid until the next one is read. */
  content(incomplete: () => Error): Iterable<Buffer>;
  sendHead(head: ReadHead | ArchiveHead): void;
  /** Sends bytes, which can be changed afterwards. */
  sendBytes(bytes: Buffer): void;
}

/**
 * Performs one request.
 * @returns the answer; `undefined` if it has been sent, with its bytes
 * @throws FileError, or an error of the system
 */
export async function perform(input: HelperInput, transfer: Transfer): Promise<HelperAnswer | undefined> {
  const { request } = input;
  const tree = openTree(input.tree);
  const accounts = createAccounts(tree, input.tree);
  const sendAll = (pieces: Iterable<Buffer>) => {
    for (const piece of pieces) if (piece.length > 0) transfer.sendBytes(piece);
  };
  switch (request.verb) {
    case 'read': {
      const { head, pieces } = openFile(tree, accounts, request);
      transfer.sendHead(head);
      return void sendAll(pieces);
    }
    case 'archive': {
      const { file, pieces } = openArchive(tree, accounts, request.path);
      transfer.sendHead({ file });
      return void (request.isCompressed ? await sendCompressed(pieces, transfer) : sendAll(pieces));
    }
    case 'extract':
      return { extracted: await extractArchive(tree, accounts, request, transfer.content(incompleteError)) };
    case 'discard-extraction':
      discardExtraction(tree, request);
      return { done: true };
    case 'write':
      return { file: writeFile(tree, accounts, request, transfer.content(incompleteError)) };
    case 'discard':
      discardWrite(tree, request);
      return { done: true };
    case 'stat':
      return { file: statPath(tree, accounts, request.path) };
    case 'list':
      return { files: listFolder(tree, accounts, request.path, request.depth, request.limit) };
    case 'remove':
      return { file: removePath(tree, accounts, request) };
    case 'move':
      return { file: movePath(tree, accounts, request) };
    case 'make-directory':
      return { file: makeDirectory(tree, accounts, request) };
  }
}

function incompleteError(): FileError {
  return new FileError('failed', 'only a part of the content arrived');
}

/** Compresses with gzip's fastest level, so that the network remains the bottleneck. */
async function sendCompressed(pieces: Iterable<Buffer>, { sendBytes }: Transfer): Promise<void> {
  const gzip = createGzip({ level: constants.Z_BEST_SPEED });
  const ended = Promise.withResolvers<void>();
  gzip.on('data', sendBytes).once('end', ended.resolve).once('error', ended.reject);
  // A piece is valid until the next one is read, so each is compressed before that.
  for (const piece of pieces) await new Promise(resolve => gzip.write(piece, resolve));
  gzip.end();
  await ended.promise;
}
