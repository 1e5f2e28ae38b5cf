/**
 * What is decided about customers, and the service that changes them. No request but through the ports, and nothing about how a
 * namespace or a cluster is made.
 */
@NullMarked
package io.opencrane.core.clustertenant;

import org.jspecify.annotations.NullMarked;
