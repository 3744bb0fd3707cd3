import { type HelperAnswer, type HelperInput, helperReady, idleTitle, type TitleRequest } from '../protocol.ts';
import { openConnection } from './connection.ts';
import { closeDescriptorsExcept, openDescriptors } from './descriptors.ts';
import { toFileError } from './failure.ts';
import { perform, type Transfer } from './perform.ts';

/** Reads and changes the files of containers, one request after the other; see protocol.ts for its input and output. */
process.umask(0o022);
process.title = idleTitle;
const connection = openConnection();
const openAtStart = openDescriptors();

/** Reads the title for the next request and takes it. @returns false if stdin has ended */
function takeTitle(): boolean {
  const line = connection.readLine();
  if (line === undefined) return false;
  const { title }: TitleRequest = JSON.parse(line);
  process.title = title;
  if (process.title !== title) throw new Error(`the title is cut off: ${process.title}`);
  connection.writeLine(helperReady);
  return true;
}

/** Performs a request. @returns whether the next one may follow */
async function serve(input: HelperInput): Promise<boolean> {
  const { request } = input;
  let hasHead = false;
  const transfer: Transfer = {
    content: incomplete => connection.readContent(incomplete),
    sendHead(head) {
      hasHead = true;
      send({ head });
    },
    sendBytes: bytes => connection.writeChunk(bytes),
  };
  try {
    const answer = await perform(input, transfer);
    const isClean = closeDescriptorsExcept(openAtStart) && connection.isContentRead;
    process.title = idleTitle;
    if (answer) send(answer);
    else connection.writeChunk(Buffer.alloc(0));
    return isClean;
  } catch (thrown) {
    const { failure, message } = toFileError(thrown, request.verb === 'move' ? request.from : request.path);
    // After the head of a read, the missing end of the chunks shows the failure.
    if (!hasHead) send({ failure, detail: message });
    // The process exits, so nothing that the failed request has left open remains.
    return false;
  }
}

function send(answer: HelperAnswer): void {
  connection.writeLine(JSON.stringify(answer));
}

for (let isClean = true; isClean && takeTitle(); ) {
  const line = connection.readLine();
  if (line === undefined) break;
  isClean = await serve(JSON.parse(line));
}
process.exit();
