// Shows the API's document with Swagger UI, in the browser's colours. The token of "Authorize" is kept in this page alone.
const dark = matchMedia('(prefers-color-scheme: dark)');
const colour = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', colour);
colour();

SwaggerUIBundle({
  url: '/api/v1/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  tryItOutEnabled: true,
  // The one that is light enough on its ground.
  syntaxHighlight: { theme: 'obsidian' },
  // Without this it asks another host whether the document is valid.
  validatorUrl: null,
});
