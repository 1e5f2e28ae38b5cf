package io.opencrane.k8s.reconcile;

/** What a host puts in force in every customer's namespace. */
record CustomerRules(NetworkBaseline baseline, NamespaceAccess access) {}
