// The overview page: the state of the service, as the public API reports it.
import { runPage, updateNow } from '../shared/page.js';
import { createResource } from '../shared/resource.js';
import { closeContainer, containerResources, showContainer } from './container.js';
import { list, loadListIfNeeded, onListRequested, showContainers } from './containers.js';
import { showFigures } from './figures.js';
import { showDetailsWhenClicked } from './job.js';
import { forgetJobs, newest, older, showJobs } from './jobs.js';
import { showNodes } from './nodes.js';

/** @type {import('../shared/types.d.ts').PolledResource<{nodes: readonly import('../shared/types.d.ts').Node[]}>} */
const nodes = createResource('nodes', 0);
/** @type {import('../shared/types.d.ts').PolledResource<import('../shared/types.d.ts').FleetReport>} */
const figures = createResource('metrics', 5000);
const resources = [nodes, figures, newest, ...older];

onListRequested(updateNow);
showDetailsWhenClicked(updateNow);

await runPage({
  title: 'podman-api',
  async load() {
    await Promise.all([...resources, ...containerResources()].filter(({ isDue }) => isDue).map(resource => resource.load()));
    await loadListIfNeeded(nodes.body?.nodes);
  },
  show(now) {
    showNodes(nodes.body?.nodes, nodes.problem, now);
    showJobs(now);
    showContainers(nodes.body?.nodes, now);
    showContainer();
    showFigures(figures.body, figures.problem);
  },
  reset() {
    for (const resource of [...resources, list]) resource.reset();
    closeContainer();
    forgetJobs();
  },
});
