/**
 * Model keys, budgets and spend as a host sees them (contract §6). A raw key never appears in this package.
 */
@NullMarked
package io.opencrane.api.budget;

import org.jspecify.annotations.NullMarked;
