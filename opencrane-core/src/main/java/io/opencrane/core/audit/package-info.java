/**
 * Writing to the projection behind a change that has already taken effect elsewhere. What is written, and when, belongs to the services.
 */
@NullMarked
package io.opencrane.core.audit;

import org.jspecify.annotations.NullMarked;
