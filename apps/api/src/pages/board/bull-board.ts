import { join } from 'node:path';
import { createBullBoard } from '@bull-board/api';
import type { AppControllerRoute, AppViewRoute, IServerAdapter, UIConfig } from '@bull-board/api/typings/app';

/** What bull-board shows and leaves out. */
const config = {
  boardTitle: 'podman-api: queues',
  favIcon: { default: 'static/images/logo.svg', alternative: 'static/favicon-32x32.png' },
  // Of the fleet and its Redis the API tells what callers may know.
  hideRedisDetails: true,
  showWorkers: false,
  showMetrics: false,
  hideDocsLink: true,
  sortQueues: true,
  pollingInterval: { showSetting: false, forceInterval: 10 },
} satisfies UIConfig;

/** What bull-board has to serve, for whatever serves it. */
export interface Served {
  /** What its page asks for; these alone are reads. */
  readonly reads: readonly AppControllerRoute[];
  /** Where its page is, below the base. */
  readonly pages: readonly string[];
  /** The file its page is made of, and what is put into it. */
  readonly template: string;
  readonly values: Readonly<Record<string, string>>;
  readonly config: UIConfig;
}

/** @param base where it is, with a slash at the end */
export function bullBoard(base: string): Served {
  let reads: readonly AppControllerRoute[] = [];
  let entry: AppViewRoute | undefined;
  let views = '';
  let shown: UIConfig = config;
  const adapter: IServerAdapter = {
    // It is told the queues with each request, as they come and go.
    setQueues: () => adapter,
    setStaticPath: () => adapter,
    setErrorHandler: () => adapter,
    setViewsPath(path) {
      views = path;
      return adapter;
    },
    setEntryRoute(route) {
      entry = route;
      return adapter;
    },
    setApiRoutes(routes) {
      reads = routes.filter(({ method }) => method === 'get');
      return adapter;
    },
    setUIConfig(whole) {
      shown = whole;
      return adapter;
    },
  };
  createBullBoard({ queues: [], serverAdapter: adapter, options: { uiConfig: config } });
  if (!entry) throw new Error('bull-board has no page');
  const { name, params } = entry.handler({ basePath: base, uiConfig: shown });
  return { reads, pages: [entry.route].flat(), template: join(views, name), values: params, config: shown };
}
