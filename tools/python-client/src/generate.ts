import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describeOperation, type Method } from './describe-operation.ts';
import type { OpenApiDocument, Schema } from './document.ts';
import { operationClasses } from './operations-module.ts';
import { docstring, literal } from './python-text.ts';
import { createTypeWriter } from './type-writer.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
/** Folder of the generated modules, with a slash at its end. */
export const generatedFolder = `${root}clients/python/podman_api/generated/`;

/** Reads `docs/openapi.json`. */
export function readDocument(): OpenApiDocument {
  return JSON.parse(readFileSync(`${root}docs/openapi.json`, 'utf8'));
}

/**
 * Returns the generated modules of the Python client by their file names. The same document gives the same text.
 * @throws Error for a part of the document that the generator does not know
 */
export function generateModules(document: OpenApiDocument): Readonly<Record<string, string>> {
  const methods = new Map<string, Method[]>();
  const types = createTypeWriter();
  const aliases = Object.entries(document.components.schemas).flatMap(([name, schema]) => {
    const type = types.typeOf(schema, name);
    // Quoted, because it may name classes that come later.
    return type === name ? [] : [`${name}: TypeAlias = ${literal(type)}`];
  });
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [httpMethod, operation] of Object.entries(operations)) {
      // A WebSocket: Python's standard library has no client for it.
      if (operation.responses['101']) continue;
      const tag = operation.tags[0] ?? 'service';
      methods.set(tag, [...(methods.get(tag) ?? []), ...describeOperation(document, httpMethod, path, operation, types)]);
    }
  }
  const classes = operationClasses(methods);
  return {
    '__init__.py': `${header('Generated modules of the client.')}\n`,
    'errors.py': errorsModule(document),
    'operations.py': moduleText('The calls of the API.', operationImports, classes),
    'schemas.py': moduleText('Objects of requests and responses.', schemaImports, [...types.classes(), ...aliases]),
    'version.py': `${header('Version of the API that this client was generated for.')}\n\nVERSION = ${literal(document.info.version)}\n`,
  };
}

const schemaImports = `from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, TypeAlias, TypedDict`;

const operationImports = `from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from .._bound import BoundCalls, bind
from .._jobs import PendingJob
from .._request import Content, Request
from .._request import path as _path
from .._streams import ByteStream, ServerEvent
from .._transport import Transport
from . import schemas`;

function header(purpose: string): string {
  return docstring(`${purpose}\n\nWritten by "npm run openapi" from docs/openapi.json; do not edit.\n`, '').replace('\n\n"""', '\n"""');
}

function moduleText(purpose: string, imports: string, parts: readonly string[]): string {
  return `${header(purpose)}\n\nfrom __future__ import annotations\n\n${imports}\n\n\n${parts.join('\n\n\n')}\n`;
}

/** Returns the module with an exception for each type of error. */
function errorsModule({ components }: OpenApiDocument): string {
  const types = components.schemas['JobError']?.properties?.['type']?.enum ?? [];
  const codes = new Map(Object.values(components.schemas).flatMap(describeFailure));
  const classes = types.map(type => `class ${type}(ApiError):\n    """${codes.get(String(type)) ?? 'An error of the API'}."""`);
  const table = types.map(type => `    ${literal(type)}: ${type},`).join('\n');
  const mapping = `ERROR_CLASSES: Mapping[str, type[ApiError]] = {\n${table}\n}\n"""The exceptions by the \`type\` of an error."""`;
  return moduleText('An exception for each type of error.', 'from collections.abc import Mapping\n\nfrom .._errors import ApiError', [
    ...classes,
    mapping,
  ]);
}

/** Returns the error types of a failed response, each with a description that has its status. */
function describeFailure({ properties = {} }: Schema): readonly (readonly [string, string])[] {
  const { type, code } = properties['error']?.properties ?? {};
  const [status] = code?.enum ?? [];
  return (type?.enum ?? []).map(name => [String(name), `An error with HTTP status ${status}`] as const);
}
