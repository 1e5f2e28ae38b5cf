/**
 * The AccessPolicy (contract §2) and the words of policy resolution (contract §4): values only, resolution itself lives in core.
 */
@NullMarked
package io.opencrane.api.policy;

import org.jspecify.annotations.NullMarked;
