package io.opencrane.k8s.reconcile;

import io.opencrane.core.port.ResourceStore;
import io.opencrane.core.provisioner.Provisioners;
import io.opencrane.k8s.apply.Applier;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.remote.CustomerClusters;
import java.time.InstantSource;

/**
 * What a run for a customer works with.
 *
 * @param objects reads may be as old as a cache
 * @param fresh reads are never cached
 * @param clusters how customers' own clusters are reached
 */
record CustomerContext(
        ResourceStore resources,
        ObjectStore objects,
        ObjectStore fresh,
        Applier applier,
        CustomerClusters clusters,
        Provisioners provisioners,
        Pacing pacing,
        CustomerRules rules,
        InstantSource clock) {}
