/** A vendor's provisioner of dedicated clusters, to copy from: {@code AcmeClusters}, and {@code Backend}, which serves it over HTTPS. */
@NullMarked
package io.opencrane.samples.dedicatedcluster;

import org.jspecify.annotations.NullMarked;
