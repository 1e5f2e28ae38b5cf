/** The reconcilers of tenants, policies and customers in a process of its own, on java-operator-sdk; copy from here. */
@NullMarked
package io.opencrane.samples.operator;

import org.jspecify.annotations.NullMarked;
