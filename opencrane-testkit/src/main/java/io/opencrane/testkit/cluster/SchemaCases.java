package io.opencrane.testkit.cluster;

/** What the CRD bundle makes of custom resources, and what the server makes of its own kinds. */
interface SchemaCases extends StoreUnderTest {}
