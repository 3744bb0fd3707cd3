import { writeFileSync } from 'node:fs';
import { renderDocument } from './render-document.ts';
import { documentFile } from './serve.ts';

writeFileSync(documentFile, renderDocument());
