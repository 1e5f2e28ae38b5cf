/**
 * A real Kubernetes control plane for tests, from the binaries that {@code KUBEBUILDER_ASSETS} names, and the JUnit extension that shares
 * one. No Kubernetes client is needed or chosen here.
 */
@NullMarked
package io.opencrane.testkit.controlplane;

import org.jspecify.annotations.NullMarked;
