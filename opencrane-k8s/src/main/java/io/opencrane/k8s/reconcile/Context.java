package io.opencrane.k8s.reconcile;

import io.opencrane.core.InstanceScope;
import io.opencrane.core.budget.ModelKeyLifecycle;
import io.opencrane.core.port.ResourceStore;
import io.opencrane.core.port.RuntimeEntitlements;
import io.opencrane.core.settings.Settings;
import io.opencrane.k8s.apply.Applier;
import io.opencrane.k8s.object.ObjectStore;
import java.security.SecureRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a run works with.
 *
 * @param objects reads may be as old as a cache
 * @param fresh reads are never cached
 * @param instanceId what tells this instance from others on one LiteLLM
 * @param mover moves state between namespaces; null where the host has none
 * @param keys the key lifecycle; null while LiteLLM is not enabled, and then neither keys nor Secrets are touched (DECISIONS 34)
 */
record Context(
        InstanceScope scope,
        ResourceStore resources,
        ObjectStore objects,
        ObjectStore fresh,
        Applier applier,
        Settings settings,
        Supplier<String> instanceId,
        @Nullable ModelKeyLifecycle keys,
        ParentLookup parents,
        RuntimeEntitlements entitlements,
        @Nullable StateMover mover,
        SecureRandom random) {}
