/**
 * A cluster for tests. The contract of {@link io.opencrane.k8s.object.ObjectStore} as tests to extend, written against a real API server;
 * and a cluster in memory that passes them (DECISIONS 2), with server-side apply, field ownership, defaults, pruning, validation,
 * finalizers and status isolation for the kinds of contract §3, and a kubelet that a test steps by hand.
 *
 * <p>How the fake is cut: {@code Shape} says what a kind looks like (from fabric8's models or from our CRDs), {@code FieldSet} and
 * {@code ManagedFields} are the algebra of ownership, {@code Conversion} is what the server does to every body it reads, {@code KindRules}
 * what it does for one kind, {@code ObjectTable} keeps the objects.
 *
 * <p>Nothing about tenancy, no rule that a real API server was not seen to follow, and no thread may go in.
 */
@NullMarked
package io.opencrane.testkit.cluster;

import org.jspecify.annotations.NullMarked;
