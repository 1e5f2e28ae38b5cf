/**
 * The custom resource definitions of contract §2 as a bundle in the jar: reading and installing it. Nothing about single resources may go in.
 */
@NullMarked
package io.opencrane.k8s.crd;

import org.jspecify.annotations.NullMarked;
