/**
 * The ClusterTenant (contract §2): one customer, its isolation tier, nodes, quota and what was observed of it. Values only, no decision logic.
 */
@NullMarked
package io.opencrane.api.clustertenant;

import org.jspecify.annotations.NullMarked;
