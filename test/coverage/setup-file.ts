import { takeCoverage } from 'node:v8';
import { afterAll } from 'vitest';

// Vitest kills the process of a test file, which would not write by itself then.
afterAll(() => takeCoverage());
