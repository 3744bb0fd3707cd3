import { ApiError, type ErrorDetail } from '@podman-api/errors';
import { boundedText, fieldsOf, type Operation, validateAgainst, validationError } from '@podman-api/operations';
import Joi from 'joi';
import type { CallbackHosts } from '../callbacks/hosts.ts';
import { pathParameters } from '../openapi/names.ts';
import type { Preferences } from './prefer.ts';

/** Name of the field, in the body of requests that have one, else in the query. */
export const callbackField = 'callback_url';

/** Returns the part of a request that holds its `callback_url`; `undefined` for operations whose job ends with the connection. */
export function callbackUrlLocation({
  input,
  path,
  query,
  headers = {},
  upload,
  download,
  isWebSocket,
}: Operation): 'body' | 'query' | undefined {
  if (download || isWebSocket) return undefined;
  if (upload) return 'query';
  const elsewhere = [...pathParameters(path), ...query, ...Object.keys(headers)];
  return fieldsOf(input).some(field => !elsewhere.includes(field)) ? 'body' : 'query';
}

const maxUrlLength = 2048;
/** Returns the schema of a `callback_url`, which `checkCallbackUrl` checks further. */
export const callbackSchema = () =>
  boundedText(maxUrlLength).description('A URL to which each job is sent when it has ended; its host must be in CALLBACK_HOSTS.');
const schema = Joi.object<{ callback_url: string }>({ callback_url: callbackSchema() });

/**
 * Checks the `callback_url` of a request.
 * @throws ApiError (400) if it is not a URL for callbacks, or the request waits for its job; (403) if CALLBACK_HOSTS does not list its host
 */
export function checkCallbackUrl(given: unknown, prefer: Pick<Preferences, 'respondAsync'>, hosts: CallbackHosts): string | undefined {
  if (given === undefined) return undefined;
  const { callback_url: text } = validateAgainst(schema, { callback_url: given });
  const url = URL.parse(text);
  const isUsable = url && ['http:', 'https:'].includes(url.protocol) && url.username === '' && url.password === '' && url.hash === '';
  if (!isUsable) throw validationError([fault('must be an http:// or https:// URL without user, password and fragment')]);
  if (!prefer.respondAsync)
    throw validationError([fault('needs the header "Prefer: respond-async": the response to other requests has the result')]);
  if (!hosts.isListed(url)) {
    const detail = fault(`: the host ${url.host} is not in CALLBACK_HOSTS`);
    throw new ApiError('ForbiddenError', `${detail.message}.`, { details: [detail] });
  }
  return text;
}

function fault(what: string): ErrorDetail {
  return { path: callbackField, message: `${callbackField}${what.startsWith(':') ? '' : ' '}${what}` };
}
