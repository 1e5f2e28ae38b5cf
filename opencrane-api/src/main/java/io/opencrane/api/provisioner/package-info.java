/**
 * The SPI behind isolation tiers that need more than the home cluster (contract §4, §6): what a vendor implements to make, watch and
 * remove a customer's own cluster. Interfaces and values only: no code of any vendor, no credential, no I/O.
 */
@NullMarked
package io.opencrane.api.provisioner;

import org.jspecify.annotations.NullMarked;
