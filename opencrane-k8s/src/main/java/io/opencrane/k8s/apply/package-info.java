/**
 * Bringing one object to what is desired: read, check whose it is, compare what we own, apply only a difference (DECISIONS 15–18).
 * Knows Kubernetes' field ownership; nothing about tenants beyond the annotations that say whose a child is.
 */
@NullMarked
package io.opencrane.k8s.apply;

import org.jspecify.annotations.NullMarked;
