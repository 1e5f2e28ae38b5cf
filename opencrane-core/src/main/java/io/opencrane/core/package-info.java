/**
 * The entry point OpenCrane, and the scope it works in. No decision lives here, and no effect but asking the parts how they are.
 */
@NullMarked
package io.opencrane.core;

import org.jspecify.annotations.NullMarked;
