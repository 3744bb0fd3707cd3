/** The parts of an OpenAPI document that are read here. */
interface OpenApiDocument {
  readonly paths: Readonly<Record<string, unknown>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * Returns an OpenAPI document with one of its paths, and with those components that it needs. Swagger UI resolves the whole document
 * for each operation that is opened, which takes 20 s for all of this API.
 * @param text the whole document
 */
export function keepPath(text: string, path: string): string {
  const document: OpenApiDocument = JSON.parse(text);
  const item = document.paths[path];
  if (item === undefined) throw new Error(`the document has no path ${path}`);
  const { securitySchemes = {} } = document.components;
  const components: Record<string, Record<string, unknown>> = { securitySchemes };
  const addReferences = (part: unknown) => {
    for (const [, kind = '', name = ''] of JSON.stringify(part).matchAll(/"#\/components\/(\w+)\/([^"/]+)"/g)) {
      const component = document.components[kind]?.[name];
      if (components[kind]?.[name] === component) continue;
      components[kind] = { ...components[kind], [name]: component };
      addReferences(component);
    }
  };
  addReferences(item);
  return JSON.stringify({ ...document, paths: { [path]: item }, components });
}
