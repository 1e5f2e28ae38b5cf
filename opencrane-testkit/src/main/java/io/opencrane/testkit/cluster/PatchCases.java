package io.opencrane.testkit.cluster;

/** Merge patches and JSON patches. */
interface PatchCases extends StoreUnderTest {}
