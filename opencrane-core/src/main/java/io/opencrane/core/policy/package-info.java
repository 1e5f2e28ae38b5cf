/**
 * Which policy a tenant follows, what that policy means for what the tenant reaches, and the service that changes policies. Decisions are
 * pure; no request but through the ports, and nothing about how a network object is made.
 */
@NullMarked
package io.opencrane.core.policy;

import org.jspecify.annotations.NullMarked;
