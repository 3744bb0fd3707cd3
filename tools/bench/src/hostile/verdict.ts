import { fileURLToPath } from 'node:url';
import { secretMark } from '@podman-api/testing/hostile';
import type { HostileRequest } from './requests/request.ts';
import type { Reply } from './send.ts';

const checkout = fileURLToPath(new URL('../../../../', import.meta.url));

/** A stack of JavaScript's, or where the code is. */
const inside = new RegExp(`\\n\\s+at |node:internal|node_modules|${checkout}`);

/** What is wrong with a reply; nothing where all is well. */
export function faultOf({ statuses, text, stuck }: Reply, { cut }: HostileRequest): string | undefined {
  if (stuck) return 'no answer';
  if (statuses.length === 0 && !cut) return 'closed without an answer';
  const wrong = statuses.find(status => status >= 500 && status !== 503);
  if (wrong !== undefined) return `answered ${wrong}`;
  if (inside.test(text)) return 'the answer tells of the inside';
  if (text.includes(secretMark)) return 'the answer holds a secret';
  return text.includes('"success":') ? faultOfBody(text) : undefined;
}

/** An error's body says what its status says; where there are two answers, the last is the one with a body. */
function faultOfBody(text: string): string | undefined {
  const last = text.slice(text.lastIndexOf('HTTP/1.1 '));
  const [, status, body] = /^HTTP\/1\.1 ([45]\d\d) [\s\S]*?\r\n\r\n(\{[\s\S]*)$/.exec(last) ?? [];
  if (status === undefined || body === undefined || body.includes('"status":"unhealthy"')) return undefined;
  return /^\{"success":false,"error":\{"message":"/.test(body) && body.includes(`"code":${status}`)
    ? undefined
    : 'an error of another form';
}
