// What the sections of images, volumes and networks show and change.
import { formatAge, formatBytes, formatCount, shorten } from '../shared/format.js';

/** Names of removed resources that are listed. */
const maxListed = 20;

/** @param {readonly string[]} names */
function listNames(names) {
  const hiddenCount = names.length - maxListed;
  return `${names.slice(0, maxListed).join(', ')}${hiddenCount > 0 ? ` and ${formatCount(hiddenCount, 'more', 'more')}` : ''}`;
}

/** @param {boolean} isInUse @returns {import('../shared/types.d.ts').Cell} */
function usageCell(isInUse) {
  return isInUse ? { text: 'yes', tone: 'good' } : { text: 'no', tone: 'quiet' };
}

/** @param {string} noun @param {string} name @param {string} node @param {string} consequence */
function createRemoval(noun, name, node, consequence) {
  return { path: `${noun}s/${encodeURIComponent(name)}?${new URLSearchParams({ node })}`, name: `${noun} ${name}`, node, consequence };
}

/** Ids are shown and sent for images without a name. @type {import('./types.d.ts').ResourceKind<import('../shared/types.d.ts').Image>} */
export const images = {
  noun: 'image',
  title: 'Images',
  caption: 'Names of images on all nodes; several names can refer to the same image',
  columns: ['Name', 'Id', 'Size', 'Age', 'In use', 'Node', 'Change'],
  writeScope: 'images:write',
  toEntries: image => {
    const { id, references, size: bytes, created, in_use, node } = image;
    const names = references.length === 0 ? [undefined] : references;
    return names.map(name => ({
      key: `${node} ${name ?? id}`,
      name: name ?? id,
      node,
      cells: now => [
        { text: name ?? 'no name', ...(name === undefined && { tone: 'quiet' }) },
        { text: id },
        { text: formatBytes(bytes) },
        { text: formatAge(created, now), tone: 'quiet' },
        usageCell(in_use),
        { text: node },
      ],
      removal: createRemoval(
        'image',
        name ?? id,
        node,
        references.length > 1 ? 'The image keeps its other names.' : 'The image itself is removed with its last name.',
      ),
    }));
  },
  prune: {
    question: 'Remove all images without a name that no container uses, on all nodes?',
    option: 'Also images with a name that no container uses',
    bodyOf: isOptionChosen => ({ all: isOptionChosen }),
    describe: removed => {
      const bytes = removed.reduce((sum, image) => sum + (image.size ?? 0), 0);
      const names = removed.map(({ id = '', references = [] }) => references[0] ?? id);
      return `Removed ${formatCount(removed.length, 'image')} (${formatBytes(bytes)}); layers that other images share were kept: ${listNames(names)}.`;
    },
  },
};

/** @type {import('./types.d.ts').ResourceKind<import('../shared/types.d.ts').Volume>} */
export const volumes = {
  noun: 'volume',
  title: 'Volumes',
  caption: 'Volumes on all nodes',
  columns: ['Name', 'Driver', 'Age', 'In use', 'Node', 'Change'],
  writeScope: 'containers:write',
  toEntries: ({ name, driver, created, in_use, node }) => [
    {
      key: `${node} ${name}`,
      name,
      node,
      cells: now => [{ text: name }, { text: driver }, { text: formatAge(created, now), tone: 'quiet' }, usageCell(in_use), { text: node }],
      removal: createRemoval('volume', name, node, 'Its contents are removed too.'),
    },
  ],
  prune: {
    question: 'Remove all volumes that no container uses, with their contents, on all nodes?',
    bodyOf: () => ({}),
    describe: removed => `Removed ${formatCount(removed.length, 'volume')}: ${listNames(removed.map(({ name = '' }) => name))}.`,
  },
};

/** @type {import('./types.d.ts').ResourceKind<import('../shared/types.d.ts').Network>} */
export const networks = {
  noun: 'network',
  title: 'Networks',
  caption: 'Networks on all nodes',
  columns: ['Name', 'Subnets', 'Driver', 'Age', 'In use', 'Node', 'Change'],
  writeScope: 'containers:write',
  toEntries: ({ name, driver, subnets, created, in_use, node }) => [
    {
      key: `${node} ${name}`,
      name,
      node,
      cells: now => [
        { text: name },
        { text: shorten(subnets.map(({ subnet }) => subnet).join(', ') || 'none', 100) },
        { text: driver },
        { text: formatAge(created, now), tone: 'quiet' },
        usageCell(in_use),
        { text: node },
      ],
      removal: createRemoval('network', name, node, 'Containers can no longer be connected to it.'),
    },
  ],
  prune: {
    question: 'Remove all networks that no container is connected to, on all nodes?',
    bodyOf: () => ({}),
    describe: removed => `Removed ${formatCount(removed.length, 'network')}: ${listNames(removed.map(({ name = '' }) => name))}.`,
  },
};
