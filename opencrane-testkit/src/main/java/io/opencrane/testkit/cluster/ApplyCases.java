package io.opencrane.testkit.cluster;

/** Server-side apply and who owns what. */
interface ApplyCases extends StoreUnderTest {}
