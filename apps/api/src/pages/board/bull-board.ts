import { join } from 'node:path';
import { createBullBoard } from '@bull-board/api';
import type { AppControllerRoute, AppViewRoute, IServerAdapter, UIConfig } from '@bull-board/api/typings/app';

/** Settings of bull-board. */
const config = {
  boardTitle: 'podman-api: queues',
  favIcon: { default: 'static/images/logo.svg', alternative: 'static/favicon-32x32.png' },
  // The API itself has metrics of the fleet and of Redis.
  hideRedisDetails: true,
  showWorkers: false,
  showMetrics: false,
  hideDocsLink: true,
  sortQueues: true,
  pollingInterval: { showSetting: false, forceInterval: 10 },
} satisfies UIConfig;

/** Routes, page and settings that bull-board needs. */
export interface BoardContent {
  /** Routes with method GET that its page calls. */
  readonly reads: readonly AppControllerRoute[];
  /** Paths of its page, below the base. */
  readonly pages: readonly string[];
  /** Template file of its page, and the values for its placeholders. */
  readonly template: string;
  readonly values: Readonly<Record<string, string>>;
  readonly config: UIConfig;
}

/** Returns the content of bull-board. @param base path of the board, with a slash at the end */
export function readBullBoard(base: string): BoardContent {
  let reads: readonly AppControllerRoute[] = [];
  let entry: AppViewRoute | undefined;
  let views = '';
  let shown: UIConfig = config;
  const adapter: IServerAdapter = {
    // Each request has its own queues, since nodes come and go.
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
  if (!entry) throw new Error('bull-board has set no entry route; check its version');
  const { name, params } = entry.handler({ basePath: base, uiConfig: shown });
  return { reads, pages: [entry.route].flat(), template: join(views, name), values: params, config: shown };
}
