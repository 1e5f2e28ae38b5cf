/**
 * A Kubernetes cluster behind the ports of core. {@link io.opencrane.k8s.KubernetesCluster} is what a host makes; the packages below
 * hold the objects, the custom resources and what reconcilers do with both. No reconciling, no HTTP but through the objects,
 * and no thread may go in.
 */
@NullMarked
package io.opencrane.k8s;

import org.jspecify.annotations.NullMarked;
