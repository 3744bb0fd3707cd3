"""Version of the API that this client was generated for.

Written by "npm run openapi" from docs/openapi.json; do not edit.
"""

VERSION = "0.1.0"
