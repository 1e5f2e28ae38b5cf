/**
 * What services do alike with every kind of custom resource: create it once, change it under its version, list it, and wait for it. What
 * it means is decided elsewhere.
 */
@NullMarked
package io.opencrane.core.resource;

import org.jspecify.annotations.NullMarked;
