import { createPattern, shortLength } from './placeholders.ts';
import type { Conversation, RecordedBody, RecordedHeaders, Step } from './steps.ts';

/** Responses about the host: only the types of their values count, except those of these fields. */
const hostPaths = /\/(?:info|version|stats|top)(?:\?|$)/;
const fixedHostFields: ReadonlySet<string> = new Set(['ApiVersion', 'MinAPIVersion', 'Os', 'OSType']);

/** Numbers that vary. */
const varyingNumbers: ReadonlySet<string> = new Set([
  ...['Created', 'Size', 'VirtualSize', 'SharedSize', 'SizeRootFs', 'SizeRw', 'PublicPort', 'Pid', 'time', 'timeNano'],
]);
/** Texts that vary, as `HostPort` of a request without a port does not. */
const varyingTexts: Readonly<Record<string, { readonly pattern: RegExp; readonly text: string }>> = {
  HostPort: { pattern: /^[1-9]\d*$/, text: '<port>' },
  Status: { pattern: /^(?<start>Up|Exited \(\d+\)) .*$/, text: '$<start> <text>' },
  Architecture: { pattern: /^.*$/, text: '<text>' },
  'podman-api.job': { pattern: /^.+$/, text: '<text>' },
  MacAddress: { pattern: /^.+$/, text: '<text>' },
  Node: { pattern: /^.+$/, text: '<text>' },
};
const times = createPattern('time');
/** Docker's time for what has not happened. */
const noTime = /^0001-01-01T00:00:00(?:\.0+)?Z$/;
const addresses = /^(?!0\.0\.0\.0|127\.)\d+\.\d+\.\d+\.\d+(?:\/\d+)?$/;
const ids = createPattern('id', '\\b');
const uuids = createPattern('uuid', '\\b');
const networkCreation = /\/networks\/create(?:\?|$)/;
const testcontainersSession = 'org.testcontainers.session-id';

/** Data about a conversation besides its steps. */
export interface RecordedContext {
  /** Names that the script of the client has chosen. */
  readonly names: readonly string[];
  /** A folder of the script; `undefined` if it has none. */
  readonly folder?: string;
}

/** Replaces values that differ between conversations by placeholders, and removes list entries and events of other tests' containers. */
export function normalizeConversation({ client, steps }: Conversation, context: RecordedContext): Conversation {
  const replace = createReplacer(steps, context);
  const paths = new Map(steps.flatMap(step => (step.step === 'request' ? [[step.exchange, step.path] as const] : [])));
  const normalizeStep = (step: Step): Step => {
    switch (step.step) {
      case 'request':
        return { ...step, path: replace(step.path), body: normalizeBody(step.body, value => normalizeJson(value, replace)) };
      case 'response':
        return { ...step, headers: normalizeHeaders(step.headers) };
      case 'end': {
        const isOfHost = hostPaths.test(paths.get(step.exchange) ?? '');
        const normalize = (value: unknown) => (isOfHost ? typesOf(value) : normalizeJson(value, replace));
        return { ...step, body: withoutOthers(normalizeBody(step.body, normalize)) };
      }
      default:
        return step;
    }
  };
  return { client, steps: steps.map(normalizeStep) };
}

/** Creates the function that puts numbered placeholders into a string. */
function createReplacer(steps: readonly Step[], { names, folder }: RecordedContext): (text: string) => string {
  const replacements = new Map<string, string>();
  const add = (kind: string, values: Iterable<string>) => {
    for (const [index, value] of [...new Set(values)].entries()) replacements.set(value, `<${kind}${index + 1}>`);
  };
  const all = JSON.stringify(steps);
  if (folder !== undefined) add('folder', [folder]);
  const isDerived = (found: string) => names.some(name => found.includes(name));
  add('name', [...names, ...steps.flatMap(namesIn).filter(found => !isDerived(found))]);
  add(
    'uuid',
    [...all.matchAll(uuids)].map(([uuid]) => uuid),
  );
  const found = [...all.matchAll(ids)].map(([id]) => id);
  add('id', found);
  for (const id of found) replacements.set(id.slice(0, shortLength), replacements.get(id)?.replace('>', '.short>') ?? '');
  // Longer texts first: an id before its beginning.
  const known = [...replacements].sort(([one], [other]) => other.length - one.length);
  return text =>
    known.reduce(
      (replaced, [value, placeholder]) => replaced.replaceAll(value, placeholder).replaceAll(encodeURIComponent(value), placeholder),
      text,
    );
}

/** Returns names that a step introduces: podman's for a container without one, the client's for a network, and Testcontainers' session. */
function namesIn(step: Step): readonly string[] {
  if (!('body' in step) || !('json' in step.body)) return [];
  const { Name, Labels }: { readonly Name?: unknown; readonly Labels?: unknown } = Object(step.body.json);
  const { [testcontainersSession]: session }: { readonly [testcontainersSession]?: unknown } = Object(Labels);
  const isContainer = step.step === 'end' && typeof Name === 'string' && Name.startsWith('/');
  const isNewNetwork = step.step === 'request' && networkCreation.test(step.path);
  const introduced = isContainer ? [Name.slice(1)] : isNewNetwork ? [Name] : [];
  return [...introduced, session].filter(name => typeof name === 'string');
}

function normalizeHeaders({ 'x-docker-container-path-stat': stat, ...headers }: RecordedHeaders): RecordedHeaders {
  return { ...headers, ...(stat !== undefined && { 'x-docker-container-path-stat': '<text>' }) };
}

function normalizeBody(body: RecordedBody, normalize: (value: unknown) => unknown): RecordedBody {
  const text = (value: string) => String(normalize(value));
  if ('json' in body) return { json: normalize(body.json) };
  if ('lines' in body) return { lines: body.lines.map(normalize) };
  if ('frames' in body) return { frames: { stdout: text(body.frames.stdout), stderr: text(body.frames.stderr) } };
  if ('tar' in body) return { tar: body.tar.map(entry => ({ ...entry, name: text(entry.name), text: text(entry.text) })) };
  return { text: text(body.text) };
}

function normalizeJson(value: unknown, replace: (text: string) => string, field = ''): unknown {
  if (typeof value === 'number') return varyingNumbers.has(field) ? '<number>' : value;
  if (typeof value === 'string') {
    const varying = varyingTexts[field];
    if (varying?.pattern.test(value)) return value.replace(varying.pattern, varying.text);
    if (addresses.test(value)) return '<address>';
    return replace(value).replace(times, time => (noTime.test(time) ? time : '<time>'));
  }
  if (Array.isArray(value)) return value.map(entry => normalizeJson(entry, replace, field));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [replace(name), normalizeJson(entry, replace, name)]));
}

/** Replaces the values of a response about the host by their types. */
function typesOf(value: unknown, field = ''): unknown {
  if (fixedHostFields.has(field) || value === null) return value;
  if (Array.isArray(value)) return '<list>';
  if (typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, typesOf(entry, name)]));
  return typeof value === 'string' ? '<text>' : `<${typeof value}>`;
}

/** Removes list entries and events that contain no name of this conversation. */
function withoutOthers(body: RecordedBody): RecordedBody {
  const isOwn = (entry: unknown) => /<(?:name|uuid)\d/.test(JSON.stringify(entry));
  if ('json' in body && Array.isArray(body.json)) return { json: body.json.filter(isOwn) };
  return 'lines' in body ? { lines: body.lines.filter(isOwn) } : body;
}
