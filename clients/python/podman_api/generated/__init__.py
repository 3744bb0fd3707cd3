"""Generated modules of the client.

Written by "npm run openapi" from docs/openapi.json; do not edit.
"""
