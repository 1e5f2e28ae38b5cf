package io.opencrane.api.mcp;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How an MCP server is spoken to. */
public enum McpTransport {
    /** Server-sent events. */
    @JsonProperty("sse")
    SSE,
    /** A child process. */
    @JsonProperty("stdio")
    STDIO,
    /** Streamable HTTP. */
    @JsonProperty("streamable-http")
    STREAMABLE_HTTP
}
