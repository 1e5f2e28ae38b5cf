package io.opencrane.api.clustertenant;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** What a quota limits (contract §2, §3). */
public enum QuotaDimension {
    /** Cores requested. */
    @JsonProperty("cpu")
    CPU("cpu"),
    /** Bytes of memory requested. */
    @JsonProperty("memory")
    MEMORY("memory"),
    /** Bytes of volumes requested. */
    @JsonProperty("storage")
    STORAGE("storage"),
    /** Pods. */
    @JsonProperty("pods")
    PODS("pods"),
    /** NVIDIA GPUs requested. */
    @JsonProperty("gpu")
    GPU("gpu");

    private static final String[] BINARY = {"Ei", "Pi", "Ti", "Gi", "Mi", "Ki"};

    private final String wireName;

    QuotaDimension(String wireName) {
        this.wireName = wireName;
    }

    /**
     * The dimension as {@code spec.resources.quota} names it.
     *
     * @return for example {@code memory}
     */
    public String wireName() {
        return wireName;
    }

    /**
     * The limit of a quota in this dimension.
     *
     * @param quota the quota
     * @return cores, bytes or a count; null for no limit
     */
    public @Nullable BigDecimal limit(Quota quota) {
        return switch (this) {
            case CPU -> quota.cpu() == null ? null : quota.cpu().amount();
            case MEMORY -> quota.memory() == null ? null : quota.memory().amount();
            case STORAGE -> quota.storage() == null ? null : quota.storage().amount();
            case PODS -> quota.pods() == null ? null : BigDecimal.valueOf(quota.pods());
            case GPU -> quota.gpu() == null ? null : BigDecimal.valueOf(quota.gpu());
        };
    }

    /**
     * An amount as people write it.
     *
     * @param amount cores, bytes or a count
     * @return for example {@code 1500m}, {@code 3Gi} or {@code 12}; exact
     */
    public String format(BigDecimal amount) {
        if (this == MEMORY || this == STORAGE) {
            BigDecimal unit = BigDecimal.valueOf(1L << 60);
            for (String name : BINARY) {
                if (amount.signum() != 0 && amount.remainder(unit).signum() == 0) {
                    return amount.divideToIntegralValue(unit).toBigInteger() + name;
                }
                unit = unit.divide(BigDecimal.valueOf(1024));
            }
        }
        BigDecimal thousandths = amount.movePointRight(3);
        boolean isWhole = amount.remainder(BigDecimal.ONE).signum() == 0;
        if (this == CPU && !isWhole && thousandths.remainder(BigDecimal.ONE).signum() == 0) {
            return thousandths.toBigInteger() + "m";
        }
        return amount.signum() == 0 ? "0" : amount.stripTrailingZeros().toPlainString();
    }
}
