import { fileURLToPath } from 'node:url';
import { secretMark } from '@podman-api/testing/hostile';
import type { HostileRequest } from './requests/request.ts';
import type { Reply } from './send.ts';

const checkout = fileURLToPath(new URL('../../../../', import.meta.url));

/** A JavaScript stack trace, or a path of the source code. */
const internals = new RegExp(`\\n\\s+at |node:internal|node_modules|${checkout}`);

/** Returns what is wrong with a reply; `undefined` if it is correct. */
export function findFault({ statuses, text, isStuck }: Reply, { isIncomplete }: HostileRequest): string | undefined {
  if (isStuck) return 'no response';
  if (statuses.length === 0 && !isIncomplete) return 'closed without a response';
  const wrong = statuses.find(status => status >= 500 && status !== 503);
  if (wrong !== undefined) return `answered ${wrong}`;
  if (internals.test(text)) return 'the response reveals internals';
  if (text.includes(secretMark)) return 'the response contains a secret';
  return text.includes('"success":') ? findBodyFault(text) : undefined;
}

/** Checks that the code in an error body matches the status. Of two responses, only the last has a body. */
function findBodyFault(text: string): string | undefined {
  const last = text.slice(text.lastIndexOf('HTTP/1.1 '));
  const [, status, body] = /^HTTP\/1\.1 ([45]\d\d) [\s\S]*?\r\n\r\n(\{[\s\S]*)$/.exec(last) ?? [];
  if (status === undefined || body === undefined || body.includes('"status":"unhealthy"')) return undefined;
  return /^\{"success":false,"error":\{"message":"/.test(body) && body.includes(`"code":${status}`)
    ? undefined
    : 'an error in another format';
}
