import type { Method, MethodParameter } from './describe-operation.ts';
import { docstring, literal, pascalCase, snakeCase, wrap } from './python-text.ts';

/** Calls of containers that the class `ContainerCalls` binds to one container. */
const boundPath = '/api/v1/containers/{name}';
const indent = '        ';

/** Methods by the tag of their operations. */
export type MethodsByTag = ReadonlyMap<string, readonly Method[]>;

/** Returns the classes of the module `operations.py`: one for each tag, one for a container, and one that has them all. */
export function operationClasses(methodsByTag: MethodsByTag): readonly string[] {
  const tags = [...methodsByTag].map(([tag, methods]) => tagClass(tag, methods));
  const bound = [...methodsByTag.values()].flat().filter(({ path }) => path === boundPath || path.startsWith(`${boundPath}/`));
  const attributes = [...methodsByTag.keys()].map(tag => `        self.${snakeCase(tag)} = ${pascalCase(tag)}(transport)`);
  return [
    ...tags,
    `class ContainerCalls(BoundCalls[Containers]):\n    """The calls of one container."""\n\n${bound
      .flatMap(method => namesOf(method))
      .map(name => `    ${name} = bind(Containers.${name})`)
      .join('\n')}`,
    `class Operations:\n    """All calls of the API."""\n\n    def __init__(self, transport: Transport) -> None:\n${attributes.join('\n')}`,
  ];
}

/** Returns the names of the Python methods for a method. */
function namesOf(method: Method): readonly string[] {
  return isSubmittable(method) ? [method.name, `submit_${method.name}`] : [method.name];
}

/** Returns whether the call can return its job without waiting. Results with several fields may come from several jobs. */
function isSubmittable({ httpMethod, isJob, result, parameters }: Method): boolean {
  return isJob && httpMethod !== 'GET' && result.kind === 'field' && !parameters.some(parameter => parameter.in === 'content');
}

function tagClass(tag: string, methods: readonly Method[]): string {
  const names = methods.flatMap(namesOf);
  const duplicate = names.find((name, index) => names.indexOf(name) !== index);
  if (duplicate !== undefined) throw new Error(`Two operations with the tag ${tag} are called ${duplicate} in Python.`);
  const sources = methods.flatMap(method => (isSubmittable(method) ? [callSource(method), submitSource(method)] : [callSource(method)]));
  const init = '    def __init__(self, transport: Transport) -> None:\n        self._transport = transport';
  return [`class ${pascalCase(tag)}:\n    """Calls of ${tag}."""`, init, ...sources].join('\n\n');
}

/** Returns the method that returns the result. Its local names begin with `_`, because a parameter may have any other name. */
function callSource(method: Method): string {
  const { name, result } = method;
  if (result.kind === 'events') return methodSource(method, name, 'Iterator[ServerEvent]', 'return self._transport.stream(_request)');
  if (result.kind === 'bytes') return methodSource(method, name, 'ByteStream', 'return self._transport.open_bytes(_request)');
  if (result.kind === 'text') return methodSource(method, name, 'str', 'return self._transport.read_text(_request)');
  if (result.kind === 'none') return methodSource(method, name, 'None', 'self._transport.read(_request, None)');
  const field = result.kind === 'field' ? literal(result.field) : 'None';
  const call = isSubmittable(method) ? 'run(_request, wait_seconds)' : `read(_request, ${field})`;
  return methodSource(method, name, result.type, `_result: ${result.type} = self._transport.${call}\n${indent}return _result`);
}

/** Returns the method that returns the job without waiting for it. */
function submitSource(method: Method): string {
  const type = `PendingJob[${method.result.kind === 'field' ? method.result.type : 'None'}]`;
  const body = `_job: ${type} = self._transport.submit(_request)\n${indent}return _job`;
  return methodSource({ ...method, isJob: false }, `submit_${method.name}`, type, body);
}

function methodSource(method: Method, name: string, type: string, body: string): string {
  const positional = method.parameters.filter(parameter => parameter.in === 'path');
  const others = method.parameters.filter(parameter => parameter.in !== 'path');
  const named = [...others.filter(({ isRequired }) => isRequired), ...others.filter(({ isRequired }) => !isRequired)];
  const own = [
    ...(method.hasIdempotencyKey ? ['idempotency_key: str | None = None'] : []),
    ...(isSubmittable(method) ? ['wait_seconds: float | None = None'] : []),
  ];
  const keywords = [...named.map(declaration), ...own];
  const list = ['self', ...positional.map(declaration), ...(keywords.length > 0 ? ['*', ...keywords] : [])];
  const oneLine = `    def ${name}(${list.join(', ')}) -> ${type}:`;
  const signature =
    oneLine.length <= 100 ? oneLine : `    def ${name}(\n${list.map(item => `${indent}${item},`).join('\n')}\n    ) -> ${type}:`;
  const text = describe(method, [...positional, ...named], own, name.startsWith('submit_'));
  return `${signature}\n${docstring(text, indent)}\n${indent}_request = ${requestSource(method)}\n${indent}${body}`;
}

function declaration({ name, type, isRequired }: MethodParameter): string {
  if (isRequired) return `${name}: ${type}`;
  return `${name}: ${/(^|\| )None$/.test(type) ? type : `${type} | None`} = None`;
}

/** Returns the text of a method's docstring. */
function describe(
  { operation: { summary, description = '' }, httpMethod, path }: Method,
  parameters: readonly MethodParameter[],
  own: readonly string[],
  isSubmission: boolean,
): string {
  const texts = [
    isSubmission ? `${summary}; returns its job without waiting for it.` : `${summary}.`,
    ...description
      .split('\n\n')
      .filter(text => text !== '')
      .map(text => wrap(text.replaceAll('\n', ' '), 92, '')),
    `\`${httpMethod} ${path}\``,
  ];
  const rows = parameters.flatMap(({ name, description: text }) => (text === undefined ? [] : [`${name}: ${text}`]));
  if (own.some(text => text.startsWith('idempotency_key')))
    rows.push('idempotency_key: Calls with the same key are one call. Default: a new key.');
  if (own.some(text => text.startsWith('wait_seconds'))) {
    rows.push('wait_seconds: Time after which the job is cancelled and `WaitTimeoutError` is raised. Default: no limit.');
  }
  if (rows.length > 0) texts.push(['Args:', ...rows.map(row => `    ${wrap(row.replaceAll('\n', ' '), 88, '        ')}`)].join('\n'));
  return texts.join('\n\n');
}

/** Returns the expression that creates the request. */
function requestSource({ httpMethod, path, parameters, fixedQuery, hasIdempotencyKey }: Method): string {
  const parametersIn = (location: MethodParameter['in']) => parameters.filter(parameter => parameter.in === location);
  const paths = parametersIn('path').map(({ name, wireName }) => `${wireName}=${name}`);
  const query = [
    ...parametersIn('query').map(pair),
    ...Object.entries(fixedQuery).map(([name, value]) => `${literal(name)}: ${literal(value)}`),
  ];
  const body = parametersIn('body').map(pair);
  const headers = parametersIn('header').map(pair);
  const items = [
    literal(httpMethod),
    paths.length === 0 ? literal(path) : `_path(${literal(path)}, ${paths.join(', ')})`,
    ...(query.length > 0 ? [`query=${dict(query)}`] : []),
    ...(body.length > 0 ? [`body=${dict(body)}`] : []),
    ...(headers.length > 0 ? [`headers=${dict(headers)}`] : []),
    ...parametersIn('content').map(({ name }) => `content=${name}`),
    ...(hasIdempotencyKey ? ['idempotency_key=idempotency_key'] : []),
    ...(httpMethod === 'GET' || hasIdempotencyKey ? ['is_retryable=True'] : []),
  ];
  return `Request(\n${items.map(item => `${indent}    ${item},`).join('\n')}\n${indent})`;
}

/** Returns a dict in one line, or in one for each entry if that is too long. */
function dict(entries: readonly string[]): string {
  const oneLine = `{${entries.join(', ')}}`;
  if (oneLine.length <= 78) return oneLine;
  return `{\n${entries.map(entry => `${indent}        ${entry},`).join('\n')}\n${indent}    }`;
}

function pair({ name, wireName }: MethodParameter): string {
  return `${literal(wireName)}: ${name}`;
}
