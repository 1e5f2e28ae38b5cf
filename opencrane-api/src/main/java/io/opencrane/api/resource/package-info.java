/**
 * What every custom resource shares: kinds, keys, metadata, conditions, quantities, free-form JSON and pages. Nothing of a single kind may go in.
 */
@NullMarked
package io.opencrane.api.resource;

import org.jspecify.annotations.NullMarked;
