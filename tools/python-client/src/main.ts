import { mkdirSync, writeFileSync } from 'node:fs';
import { generatedFolder, generateModules, readDocument } from './generate.ts';

/** `npm run openapi`: writes the generated modules of the Python client. */
mkdirSync(generatedFolder, { recursive: true });
for (const [name, text] of Object.entries(generateModules(readDocument()))) writeFileSync(generatedFolder + name, text);
