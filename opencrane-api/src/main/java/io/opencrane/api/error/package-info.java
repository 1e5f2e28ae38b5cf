/**
 * The one exception of the library, its stable codes and the problems of a refused input. Nothing here knows an outside system.
 */
@NullMarked
package io.opencrane.api.error;

import org.jspecify.annotations.NullMarked;
