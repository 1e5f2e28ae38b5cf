package io.opencrane.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class QuantitiesTest {
    @Test
    void aQuantityIsStoredInItsShortestFormAsOnARealServer() {
        // Read off a kube-apiserver 1.20.2.
        Map.ofEntries(
                        Map.entry("1000m", "1"),
                        Map.entry("1024Mi", "1Gi"),
                        Map.entry("1.5", "1500m"),
                        Map.entry("0.5Gi", "512Mi"),
                        Map.entry("1500Mi", "1500Mi"),
                        Map.entry("1024", "1024"),
                        Map.entry("1000", "1k"),
                        Map.entry("100m", "100m"),
                        Map.entry("0", "0"),
                        Map.entry("1e3", "1e3"),
                        Map.entry("12e6", "12e6"),
                        Map.entry("1.5Gi", "1536Mi"),
                        Map.entry("0.1", "100m"))
                .forEach((given, stored) ->
                        assertThat(Quantities.canonical(given)).as(given).isEqualTo(stored));
    }
}
