/**
 * Drift between the custom resources and their PostgreSQL projection, and its repair (contract §6). Reports and the service interface; the comparison lives in core.
 */
@NullMarked
package io.opencrane.api.projection;

import org.jspecify.annotations.NullMarked;
