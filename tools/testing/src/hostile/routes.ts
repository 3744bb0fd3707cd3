import fc, { type Arbitrary } from 'fast-check';
import { containerOptional, createOptional } from './container-fields.ts';
import { createInput } from './create-input.ts';
import * as fields from './fields.ts';
import { hostileInputs } from './inputs.ts';
import { hostileText } from './values.ts';

/** A route that is not an operation, with a generator of inputs: the parameter of its path, its query and its body in one object. */
export interface HostileRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Complete path; a parameter has a colon. */
  readonly path: string;
  /** The fields that are in the query. */
  readonly query: readonly string[];
  readonly inputs: Arbitrary<object>;
  /** Whether a successful response only ends with the connection. */
  readonly isEndless?: true;
}

const nothing = createInput({});
const job = fc.oneof(fc.constantFrom('local_1', 'hostile_0', 'constructor', '{job}'), hostileText);

const { node: _node, node_selector: _nodeSelector, ttl: _ttl, ...idleOptional } = containerOptional;
const specification = createInput({ image: fields.image }, { ...idleOptional, restart_policy: createOptional.restart_policy });
/** Node selectors that no node matches, because an accepted pool has hundreds of containers. */
const unmatchedSelector = fc.constantFrom({ zone: 'none' }, { constructor: '', '--x': '=' });
const run = hostileInputs['run.create'] ?? nothing;

const terminalPath = fc.oneof(
  fields.name.map(name => `/api/v1/containers/${name}/terminal`),
  fc.constantFrom('/api/v1/containers/web/exec', '/api/v1/containers/a/b/terminal', '/metrics', '//x/api/v1/containers/web/terminal'),
);

/** The routes that create no job of an operation, see docs/openapi.json. */
export const hostileRoutes: readonly HostileRoute[] = [
  {
    method: 'GET',
    path: '/api/v1/jobs',
    query: ['status', 'operation', 'container', 'node', 'limit', 'cursor'],
    inputs: createInput(
      {},
      {
        status: fc.constantFrom('queued', 'succeeded', 'unknown', 'constructor'),
        operation: fc.constantFrom('container.exec', 'constructor'),
        container: fields.name,
        node: fields.node,
        limit: fc.constantFrom<unknown>('1', 500, '0', '501', '1e2'),
        cursor: fc.constantFrom('{job}', '1767605400000-local_1', '-', '__proto__'),
      },
    ),
  },
  {
    method: 'GET',
    path: '/api/v1/jobs/:id',
    query: ['wait'],
    inputs: createInput({ id: job }, { wait: fc.constantFrom<unknown>('0', 0, '-1', '1e9') }),
  },
  { method: 'DELETE', path: '/api/v1/jobs/:id', query: [], inputs: createInput({ id: job }) },
  { method: 'GET', path: '/api/v1/jobs/:id/output', query: [], inputs: createInput({ id: job }) },
  { method: 'GET', path: '/api/v1/nodes', query: [], inputs: nothing },
  { method: 'GET', path: '/api/v1/nodes/:name', query: [], inputs: createInput({ name: fields.node }) },
  { method: 'DELETE', path: '/api/v1/nodes/:name', query: [], inputs: createInput({ name: fields.node }) },
  { method: 'POST', path: '/api/v1/nodes/:name/drain', query: [], inputs: createInput({ name: fields.node }) },
  { method: 'POST', path: '/api/v1/nodes/:name/resume', query: [], inputs: createInput({ name: fields.node }) },
  { method: 'GET', path: '/api/v1/pools', query: [], inputs: nothing },
  { method: 'GET', path: '/api/v1/pools/:name', query: [], inputs: createInput({ name: fields.pool }) },
  {
    method: 'PUT',
    path: '/api/v1/pools/:name',
    query: [],
    inputs: createInput(
      { name: fields.pool, size: fc.constantFrom(0, 1, 1000, 1001, -0), node_selector: unmatchedSelector, container: specification },
      { max_idle_seconds: fc.constantFrom(60, 31_536_000, 59) },
    ),
  },
  { method: 'DELETE', path: '/api/v1/pools/:name', query: [], inputs: createInput({ name: fields.pool }) },
  {
    method: 'POST',
    path: '/api/v1/runs/batch',
    query: [],
    inputs: createInput(
      { runs: fc.array(run, { minLength: 1, maxLength: 3 }) },
      { callback_url: fc.constantFrom('http://127.0.0.1/x', 'https://user:pass@example/x', 'file:///etc/passwd', '//x') },
    ),
  },
  {
    method: 'GET',
    path: '/api/v1/events',
    query: ['type', 'container', 'node', 'since'],
    isEndless: true,
    inputs: createInput(
      {},
      {
        type: fc.constantFrom('container', 'image', 'constructor'),
        container: fields.name,
        node: fields.node,
        since: fc.constantFrom('10m', '1700000000', '2026-01-01T00:00:00Z', '-1'),
      },
    ),
  },
  { method: 'GET', path: '/api/v1/tokens/self', query: [], inputs: nothing },
  { method: 'POST', path: '/api/v1/tickets', query: [], inputs: createInput({ path: terminalPath }) },
  { method: 'GET', path: '/api/v1/health', query: [], inputs: nothing },
  { method: 'GET', path: '/api/v1/metrics', query: [], inputs: nothing },
  { method: 'GET', path: '/metrics', query: [], inputs: nothing },
  { method: 'GET', path: '/api/v1/openapi.json', query: [], inputs: nothing },
];
