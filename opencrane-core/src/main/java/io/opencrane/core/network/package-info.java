/**
 * Networks as values. Pure: no resolver is asked, no address is connected to.
 */
@NullMarked
package io.opencrane.core.network;

import org.jspecify.annotations.NullMarked;
