/**
 * Caches of a cluster's objects, filled by fabric8 informers, for reconcilers that must cost nothing while nothing changes (invariant 5).
 * The only package that starts threads, and only when told to. What is reconciled, and when, does not belong here.
 */
@NullMarked
package io.opencrane.k8s.informer;

import org.jspecify.annotations.NullMarked;
