import { asset, type Page } from '../page.ts';

const own = (name: string) => new URL(name, import.meta.url);
const swagger = (name: string) => new URL(import.meta.resolve(`swagger-ui-dist/${name}`));

/** `/docs`: the API's document, to read and to try out. */
export const docs: Page = {
  assets: [
    asset('/docs', own('page.html')),
    asset('/docs/page.js', own('page.js')),
    asset('/docs/page.css', own('page.css')),
    asset('/docs/swagger-ui.js', swagger('swagger-ui-bundle.js')),
    asset('/docs/swagger-ui.css', swagger('swagger-ui.css')),
    asset('/docs/favicon.png', swagger('favicon-32x32.png')),
  ],
  // Swagger UI writes style attributes.
  policy: ["style-src 'self' 'unsafe-inline'"],
};
