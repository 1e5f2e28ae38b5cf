/**
 * Customers' own clusters: how their objects are reached through the kubeconfig that a provisioner left in a Secret (DECISIONS 2, 28).
 * Nothing about tenants, and no decision about what is written there.
 */
@NullMarked
package io.opencrane.k8s.remote;

import org.jspecify.annotations.NullMarked;
