/**
 * Which provisioner serves which tier, and how one is called without trusting it. What a customer's answer leads to is decided by the
 * reconciler; no vendor's code and no request of our own belong here.
 */
@NullMarked
package io.opencrane.core.provisioner;

import org.jspecify.annotations.NullMarked;
