import { afterAll } from 'vitest';
import { killChildren } from './child.ts';
import { removeOwned } from './containers.ts';

// Vitest runs this for each test file; the modules above are shared by all files of a process.
afterAll(killChildren);
afterAll(removeOwned);
