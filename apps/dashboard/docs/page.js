// Shows the API's document with Swagger UI, in the browser's color scheme. The token of "Authorize" is stored in this page only.
const dark = matchMedia('(prefers-color-scheme: dark)');
const applyColorScheme = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', applyColorScheme);
applyColorScheme();

SwaggerUIBundle({
  url: '/api/v1/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  tryItOutEnabled: true,
  // The theme with enough contrast.
  syntaxHighlight: { theme: 'obsidian' },
  // Otherwise Swagger UI sends the document to another host for validation.
  validatorUrl: null,
});
