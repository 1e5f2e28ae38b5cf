package io.opencrane.k8s.reconcile;

import org.jspecify.annotations.Nullable;

/**
 * What a tenant takes from where it lives: its customer, or the install itself.
 *
 * @param namespace where the children go
 * @param baseDomain the domain of its host; empty for none
 * @param nodePool the dedicated node pool, or null for shared nodes
 * @param hasLimitRange whether our LimitRange is in force in the namespace
 */
record Parent(String namespace, String baseDomain, @Nullable String nodePool, boolean hasLimitRange) {}
