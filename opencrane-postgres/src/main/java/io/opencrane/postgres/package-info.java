/**
 * The projection in PostgreSQL: rows, audit log, key history, budget ceilings and marks, their migrations, and data sources for hosts without one. Knows SQL and
 * no Kubernetes.
 */
@NullMarked
package io.opencrane.postgres;

import org.jspecify.annotations.NullMarked;
