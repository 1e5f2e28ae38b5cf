/**
 * Where a tenant's model key is kept and recorded: its Secret (DECISIONS 32). Only here is a raw key read from or written to the cluster.
 * When a key is made, rotated or revoked does not belong here.
 */
@NullMarked
package io.opencrane.k8s.key;

import org.jspecify.annotations.NullMarked;
