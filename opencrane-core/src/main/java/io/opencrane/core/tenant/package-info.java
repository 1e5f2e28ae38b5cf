/**
 * What a tenant may be and how it is changed: names, validation, the row it maps to, and the service that orders the writes. Decisions
 * here are pure; only the service and the scan touch the ports.
 */
@NullMarked
package io.opencrane.core.tenant;

import org.jspecify.annotations.NullMarked;
