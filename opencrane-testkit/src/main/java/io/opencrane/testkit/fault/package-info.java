/**
 * Failures on demand, between the library and its ports (DECISIONS 3): calls that fail before or after they took effect, outages of one
 * kind of call, and a harness that cuts a scenario at every call and runs it again.
 */
@NullMarked
package io.opencrane.testkit.fault;

import org.jspecify.annotations.NullMarked;
