/**
 * What the projection can hold, how far it is from the cluster, and how it is mended. Comparison, plan and screen are pure functions;
 * only the service touches the ports. No SQL.
 */
@NullMarked
package io.opencrane.core.projection;

import org.jspecify.annotations.NullMarked;
