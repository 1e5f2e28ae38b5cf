/**
 * The entry point OpenCrane, and the scope it works in. No decision and no effect lives here.
 */
@NullMarked
package io.opencrane.core;

import org.jspecify.annotations.NullMarked;
