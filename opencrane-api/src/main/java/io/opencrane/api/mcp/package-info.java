/**
 * The MCPServer (contract §2): a tool server and the gateway before it. Values only.
 */
@NullMarked
package io.opencrane.api.mcp;

import org.jspecify.annotations.NullMarked;
