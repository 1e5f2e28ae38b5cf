/** The main job of OpenCrane in one program; copy from here. */
@NullMarked
package io.opencrane.samples.quickstart;

import org.jspecify.annotations.NullMarked;
