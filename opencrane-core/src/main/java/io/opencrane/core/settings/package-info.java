/**
 * The settings of contract §5, read from the environment or set by the host, checked all at once. Nothing here opens, resolves or calls
 * anything.
 */
@NullMarked
package io.opencrane.core.settings;

import org.jspecify.annotations.NullMarked;
