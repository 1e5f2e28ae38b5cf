/** Customers: their namespaces, their clusters, and who makes them. */
package io.opencrane.it.customer;
