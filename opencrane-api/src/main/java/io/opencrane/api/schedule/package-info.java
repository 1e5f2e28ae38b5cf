/**
 * The Schedule (contract §2): a recurring job of a tenant. Values only; no cron is read here.
 */
@NullMarked
package io.opencrane.api.schedule;

import org.jspecify.annotations.NullMarked;
