/**
 * The custom resources as models: {@link io.opencrane.core.port.ResourceStore} over any
 * {@link io.opencrane.k8s.object.ObjectStore}, so the real cluster and the in-memory one share every line of the mapping. No HTTP and
 * no rule about what a tenant may be may go in.
 */
@NullMarked
package io.opencrane.k8s.resource;

import org.jspecify.annotations.NullMarked;
