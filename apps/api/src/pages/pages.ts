import type { Router } from '@koa/router';
import type { State } from '../context.ts';
import { docs } from './docs/docs.ts';
import { overview } from './overview/overview.ts';
import { serve } from './serve.ts';

const pages = [overview, docs];

/** The paths of all pages and of what they are made of. */
export const pagePaths: readonly string[] = pages.flatMap(({ assets }) => assets.map(({ path }) => path));

/** Adds the routes of all pages. */
export function addPages(router: Router<State, object>): void {
  for (const { assets, policy } of pages) {
    for (const asset of assets) router.get(asset.path, serve(asset, policy));
  }
}
