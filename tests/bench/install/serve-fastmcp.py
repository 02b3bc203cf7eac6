"""fastmcp of PyPI, from a document: `python serve-fastmcp.py <file> <port> <tuned or default>`."""

import json
import sys

import httpx2
from fastmcp import FastMCP

file, port, how = sys.argv[1:4]
with open(file, encoding="utf-8") as text:
    spec = json.load(text)
tuned = how == "tuned"
# What its documentation offers for load: no sessions, plain JSON, and a client that keeps its connections.
limits = httpx2.Limits(max_connections=64, max_keepalive_connections=64) if tuned else httpx2.Limits()
client = httpx2.AsyncClient(base_url=spec["servers"][0]["url"], limits=limits)
server = FastMCP.from_openapi(openapi_spec=spec, client=client)
options = {"stateless_http": True, "json_response": True} if tuned else {}
server.run(transport="http", host="127.0.0.1", port=int(port), log_level="warning", show_banner=False, **options)
