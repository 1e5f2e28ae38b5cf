/**
 * The contract test of provisioners, which vendors extend. Nothing here makes a cluster.
 */
@NullMarked
package io.opencrane.testkit.provisioner;

import org.jspecify.annotations.NullMarked;
