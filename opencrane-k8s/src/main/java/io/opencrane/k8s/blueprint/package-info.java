/**
 * What a tenant should look like in a cluster: a pure function from tenant, parent, policy and settings to desired objects (contract §3,
 * §4), equal for equal input. No client, no clock, no randomness may come in.
 */
@NullMarked
package io.opencrane.k8s.blueprint;

import org.jspecify.annotations.NullMarked;
