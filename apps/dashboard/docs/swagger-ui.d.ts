/** Global that `swagger-ui-bundle.js` defines. Its package brings no types. */
declare function SwaggerUIBundle(options: object): void;
