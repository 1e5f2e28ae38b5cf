/**
 * The contract test of provisioners, which vendors extend, and a provisioner in memory for tests of hosts. Nothing here makes a real
 * cluster.
 */
@NullMarked
package io.opencrane.testkit.provisioner;

import org.jspecify.annotations.NullMarked;
