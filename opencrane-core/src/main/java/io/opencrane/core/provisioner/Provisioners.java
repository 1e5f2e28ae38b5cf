package io.opencrane.core.provisioner;

import io.opencrane.api.clustertenant.IsolationTier;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.provisioner.ClusterTenantProvisioner;
import io.opencrane.api.provisioner.ProvisionerCapabilities;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * The external provisioners of a host, and which of them serves a tier. The tiers {@code shared} and {@code dedicatedNodes} are built in
 * and need none; a tier that has none is refused (contract §4). Immutable, thread-safe.
 *
 * <pre>{@code
 * Provisioners provisioners = Provisioners.calledOn(executor).add(new AcmeClusters()).build();
 * }</pre>
 */
public final class Provisioners {
    /** The id under which the built-in tiers are recorded in {@code status.provisioner}. */
    public static final String BUILT_IN_ID = "opencrane";

    private static final Set<IsolationTier> BUILT_IN = Set.of(IsolationTier.SHARED, IsolationTier.DEDICATED_NODES);
    private static final Provisioners NONE = new Provisioners(Map.of(), Map.of());

    private final Map<String, GuardedProvisioner> byId;
    private final Map<IsolationTier, GuardedProvisioner> byTier;

    private Provisioners(Map<String, GuardedProvisioner> byId, Map<IsolationTier, GuardedProvisioner> byTier) {
        this.byId = Map.copyOf(byId);
        this.byTier = Map.copyOf(byTier);
    }

    /**
     * No external provisioner: only the built-in tiers are available.
     *
     * @return the empty set
     */
    public static Provisioners none() {
        return NONE;
    }

    /**
     * Starts a set of provisioners. Each of their calls runs on the host's executor, so that one that hangs costs the host a thread of
     * that executor and no reconcile: the library starts no thread itself.
     *
     * @param executor runs calls that may block, for example {@code Executors.newCachedThreadPool()}; it stays the host's. One that runs
     *     its tasks on the calling thread is allowed, in tests for example, and contains no hanging
     * @return a builder
     */
    public static Builder calledOn(Executor executor) {
        return new Builder(executor);
    }

    /**
     * Whether a tier needs no external provisioner.
     *
     * @param tier a tier
     * @return true for {@code shared} and {@code dedicatedNodes}
     */
    public static boolean isBuiltIn(IsolationTier tier) {
        return BUILT_IN.contains(tier);
    }

    /**
     * Refuses a tier that nobody provides.
     *
     * @param tier a tier
     * @throws OpenCraneException {@code TIER_UNAVAILABLE}
     */
    public void requireAvailable(IsolationTier tier) {
        if (!isBuiltIn(tier)) {
            forTier(tier);
        }
    }

    /**
     * Who makes new customers of a tier.
     *
     * @param tier a tier that is not built in
     * @return the provisioner
     * @throws OpenCraneException {@code TIER_UNAVAILABLE} if there is none
     */
    public GuardedProvisioner forTier(IsolationTier tier) {
        GuardedProvisioner provisioner = byTier.get(tier);
        if (provisioner == null) {
            throw new OpenCraneException(
                    ErrorCode.TIER_UNAVAILABLE,
                    "isolation tier " + tier.wireName(),
                    "No provisioner for it is registered; register one, or choose shared or dedicatedNodes.");
        }
        return provisioner;
    }

    /**
     * Who made a customer, by the id in its status.
     *
     * @param id the id
     * @return the provisioner, or empty if it is not registered any more
     */
    public Optional<GuardedProvisioner> byId(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** Collects provisioners. Not thread-safe. */
    public static final class Builder {
        private final Executor executor;
        private final Map<String, ClusterTenantProvisioner> added = new LinkedHashMap<>();
        private final Map<IsolationTier, String> chosen = new EnumMap<>(IsolationTier.class);
        private Duration callTimeout = Duration.ofSeconds(30);

        private Builder(Executor executor) {
            this.executor = Objects.requireNonNull(executor, "executor");
        }

        /**
         * Registers a provisioner.
         *
         * @param provisioner the provisioner
         * @return this builder
         * @throws OpenCraneException {@code VALIDATION_ERROR} if its id is malformed, or another one's
         */
        public Builder add(ClusterTenantProvisioner provisioner) {
            String id = provisioner.id();
            if (id == null || !id.matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?") || id.equals(BUILT_IN_ID)) {
                throw refused("The id of " + provisioner.getClass().getName()
                        + " must be 1 to 63 lower-case letters, digits" + " and dashes, and not " + BUILT_IN_ID + ".");
            }
            ClusterTenantProvisioner other = added.putIfAbsent(id, provisioner);
            if (other != null && other != provisioner) {
                throw refused("Two provisioners have the id " + id + ": "
                        + other.getClass().getName() + " and "
                        + provisioner.getClass().getName() + "; an id belongs to one.");
            }
            return this;
        }

        /**
         * Registers every provisioner that the class path offers as a {@link ServiceLoader} service.
         *
         * @param loader where to look
         * @return this builder
         * @throws OpenCraneException {@code VALIDATION_ERROR} as {@link #add}
         */
        public Builder discover(ClassLoader loader) {
            ServiceLoader.load(ClusterTenantProvisioner.class, loader).forEach(this::add);
            return this;
        }

        /**
         * Says who makes new customers of a tier, where several could. Customers made by another one stay with it.
         *
         * @param tier the tier
         * @param id the id of a registered provisioner
         * @return this builder
         */
        public Builder choose(IsolationTier tier, String id) {
            chosen.put(tier, id);
            return this;
        }

        /**
         * How long a call may take before it counts as hanging.
         *
         * @param value positive; 30 seconds unless set
         * @return this builder
         */
        public Builder callTimeout(Duration value) {
            if (value.isZero() || value.isNegative()) {
                throw new IllegalArgumentException("The time-out of a call must be positive.");
            }
            callTimeout = value;
            return this;
        }

        /**
         * The set. Asks each provisioner for its capabilities.
         *
         * @return the provisioners
         * @throws OpenCraneException {@code VALIDATION_ERROR} if several provide a tier and none is chosen, one that is chosen is not
         *     registered or does not provide the tier, or one provides a tier that is built in
         */
        public Provisioners build() {
            Map<String, GuardedProvisioner> byId = new LinkedHashMap<>();
            Map<IsolationTier, GuardedProvisioner> byTier = new EnumMap<>(IsolationTier.class);
            added.forEach((id, provisioner) -> {
                ProvisionerCapabilities capabilities =
                        Objects.requireNonNull(provisioner.capabilities(), () -> "capabilities of " + id);
                byId.put(id, new GuardedProvisioner(id, provisioner, capabilities, executor, callTimeout));
            });
            for (IsolationTier tier : IsolationTier.values()) {
                pick(tier, byId.values()).ifPresent(one -> byTier.put(tier, one));
            }
            return new Provisioners(byId, byTier);
        }

        private Optional<GuardedProvisioner> pick(IsolationTier tier, Collection<GuardedProvisioner> registered) {
            List<GuardedProvisioner> able = registered.stream()
                    .filter(one -> one.capabilities().tiers().contains(tier))
                    .toList();
            String choice = chosen.get(tier);
            if (isBuiltIn(tier) && (!able.isEmpty() || choice != null)) {
                throw refused("Tier " + tier.wireName() + " is built in; no provisioner can provide it.");
            }
            if (choice != null) {
                return Optional.of(able.stream()
                        .filter(one -> one.id().equals(choice))
                        .findFirst()
                        .orElseThrow(() -> refused("Provisioner " + choice + ", chosen for tier " + tier.wireName()
                                + ", is not registered or does not provide it.")));
            }
            if (able.size() > 1) {
                throw refused("Several provisioners provide tier " + tier.wireName() + ": "
                        + String.join(
                                ", ",
                                able.stream()
                                        .map(GuardedProvisioner::id)
                                        .sorted()
                                        .toList())
                        + "; choose one of them with choose(...).");
            }
            return able.stream().findFirst();
        }

        private static OpenCraneException refused(String sentence) {
            return new OpenCraneException(ErrorCode.VALIDATION_ERROR, "Provisioners", sentence);
        }
    }
}
