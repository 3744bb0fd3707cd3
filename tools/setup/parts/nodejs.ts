import type { Part } from '../part.ts';

/** The Node.js that runs this file, which came as an npm package. */
export const nodejs: Part = {
  async check() {
    return { part: 'Node.js', ok: true, text: `${process.version} (the npm package "node")` };
  },
};
