/**
 * The one port through which reconcilers touch a cluster: {@link io.opencrane.k8s.object.ObjectStore} over any object, and its
 * implementation over a fabric8 client. Nothing about tenancy may go in.
 */
@NullMarked
package io.opencrane.k8s.object;

import org.jspecify.annotations.NullMarked;
