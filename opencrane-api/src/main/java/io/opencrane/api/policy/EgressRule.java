package io.opencrane.api.policy;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.opencrane.api.resource.Absent;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A network that tenants may reach.
 *
 * @param cidr an IPv4 network, for example {@code 10.20.0.0/16}
 * @param ports ports; never empty, {@code [443]} when absent, because a rule without ports would open all of them
 * @param protocol TCP when absent
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record EgressRule(String cidr, List<Integer> ports, Protocol protocol) {
    private static final List<Integer> DEFAULT_PORTS = List.of(443);

    /** Copies the ports; what is absent becomes the default. */
    public EgressRule {
        cidr = Absent.asEmpty(cidr);
        ports = ports == null || ports.isEmpty() ? DEFAULT_PORTS : List.copyOf(ports);
        protocol = Absent.or(protocol, Protocol.TCP);
    }

    /**
     * A network over TCP.
     *
     * @param cidr an IPv4 network
     * @param ports ports; none are 443
     * @return a rule
     */
    public static EgressRule tcp(String cidr, int... ports) {
        return new EgressRule(cidr, IntStream.of(ports).boxed().toList(), Protocol.TCP);
    }

    /**
     * A network over UDP.
     *
     * @param cidr an IPv4 network
     * @param ports ports; none are 443
     * @return a rule
     */
    public static EgressRule udp(String cidr, int... ports) {
        return new EgressRule(cidr, IntStream.of(ports).boxed().toList(), Protocol.UDP);
    }

    /** A transport protocol. */
    public enum Protocol {
        /** TCP. */
        TCP,
        /** UDP. */
        UDP
    }
}
